// SPDX-License-Identifier: Apache-2.0
import {
  Badge,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
  SearchInput,
  Select,
  SelectList,
  SelectOption,
  Toolbar,
  ToolbarContent,
  ToolbarFilter,
  ToolbarItem,
} from '@patternfly/react-core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Container } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { t } from '../text';
import { ALL_SHOWN, shownState, verbs, type Shown, type Verb } from './state';

const route = getRouteApi('/shell/t/$tenant/containers');
const BULK: Verb[] = ['start', 'stop', 'restart', 'freeze', 'thaw', 'delete'];

interface Properties {
  all: Container[];
  shown: Container[];
  picked: Container[];
  onBulk: (verb: Verb) => void;
}

/** What is filtered stands in the address and as chips: nothing is hidden without saying so. */
export function ContainersToolbar({ all, shown, picked, onBulk }: Properties) {
  const { tenant } = route.useParams();
  const { q, state } = route.useSearch();
  const navigate = useNavigate();
  const search = (change: { q?: string; state?: string[] }) =>
    void navigate({
      to: '/t/$tenant/containers',
      params: { tenant },
      search: { q, state, ...change },
      replace: true,
    });
  const toggle = (value: string) => {
    const present = state ?? [];
    const next = present.includes(value) ? present.filter((each) => each !== value) : [...present, value];
    search({ state: next.length === 0 ? undefined : next });
  };
  return (
    <Toolbar clearAllFilters={() => search({ q: undefined, state: undefined })} clearFiltersButtonText={t('filter.clear')}>
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            aria-label={t('containers.search')}
            placeholder={t('containers.search')}
            value={q ?? ''}
            onChange={(_event, value) => search({ q: value === '' ? undefined : value })}
            onClear={() => search({ q: undefined })}
          />
        </ToolbarItem>
        <ToolbarFilter
          labels={(state ?? []).map((each) => ({ key: each, node: stateText(each) }))}
          deleteLabel={(_category, label) => toggle(typeof label === 'string' ? label : label.key)}
          deleteLabelGroup={() => search({ state: undefined })}
          categoryName={t('containers.state')}
        >
          <StateFilter all={all} chosen={state ?? []} onToggle={toggle} />
        </ToolbarFilter>
        <ToolbarItem>
          <BulkMenu tenant={tenant} picked={picked} onBulk={onBulk} />
        </ToolbarItem>
        <ToolbarItem align={{ default: 'alignEnd' }} alignSelf="center">
          <span role="status">
            {shown.length === all.length
              ? t('containers.count', { count: all.length })
              : t('containers.countOf', { shown: shown.length, all: all.length })}
          </span>
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

function stateText(value: string): string {
  return ALL_SHOWN.includes(value as Shown) ? t(`state.${value as Shown}`) : value;
}

interface FilterProperties {
  all: Container[];
  chosen: string[];
  onToggle: (value: string) => void;
}

function StateFilter({ all, chosen, onToggle }: FilterProperties) {
  const [open, setOpen] = useState(false);
  const counts = new Map<string, number>();
  for (const each of all) {
    const shown = shownState(each);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return (
    <Select
      isOpen={open}
      onOpenChange={setOpen}
      selected={chosen}
      onSelect={(_event, value) => onToggle(String(value))}
      toggle={(toggle) => (
        <MenuToggle ref={toggle} onClick={() => setOpen(!open)} isExpanded={open}>
          {t('containers.state')} {chosen.length > 0 && <Badge isRead>{chosen.length}</Badge>}
        </MenuToggle>
      )}
    >
      <SelectList aria-label={t('containers.state')}>
        {ALL_SHOWN.map((each) => (
          <SelectOption key={each} value={each} hasCheckbox isSelected={chosen.includes(each)}>
            {t(`state.${each}`)} ({counts.get(each) ?? 0})
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}

interface BulkProperties {
  tenant: string;
  picked: Container[];
  onBulk: (verb: Verb) => void;
}

function BulkMenu({ tenant, picked, onBulk }: BulkProperties) {
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const able = (verb: Verb) => picked.filter((each) => verbs(each).includes(verb)).length;
  return (
    <>
      <Dropdown
        isOpen={open}
        onOpenChange={setOpen}
        onSelect={(_event, value) => {
          setOpen(false);
          if (value === 'delete') {
            setDeleting(true);
          } else {
            onBulk(value as Verb);
          }
        }}
        toggle={(toggle) => (
          <MenuToggle ref={toggle} onClick={() => setOpen(!open)} isExpanded={open} isDisabled={picked.length === 0}>
            {t('bulk.title', { count: picked.length })}
          </MenuToggle>
        )}
      >
        <DropdownList>
          {BULK.map((verb) => (
            <DropdownItem key={verb} value={verb} isDisabled={able(verb) === 0} isDanger={verb === 'delete'}>
              {t('bulk.verb', { verb: t(`verb.${verb}`), count: able(verb) })}
            </DropdownItem>
          ))}
        </DropdownList>
      </Dropdown>
      {deleting && (
        <ConfirmByName
          title={t('bulk.delete.title', { count: able('delete') })}
          name={tenant}
          action={t('verb.delete')}
          onClose={() => setDeleting(false)}
          onConfirm={() => {
            onBulk('delete');
            return Promise.resolve();
          }}
        >
          <p>{t('bulk.delete.body')}</p>
          <ul className="berth-names">
            {picked.map((each) => (
              <li key={each.name}>{each.name}</li>
            ))}
          </ul>
        </ConfirmByName>
      )}
    </>
  );
}
