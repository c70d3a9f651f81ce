// SPDX-License-Identifier: Apache-2.0
import { Modal, ModalBody, TextInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type KeyboardEvent } from 'react';
import { containersQuery, tenantsQuery } from '../api/queries';
import { t } from '../text';
import { useMe, useTenantName } from './here';
import { matching, type Entry } from './matching';
import { places } from './places';

const MOST_SHOWN = 12;

/** Go anywhere by typing a part of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const navigate = useNavigate();
  const entries = matching(useEntries(), text).slice(0, MOST_SHOWN);
  const go = (entry: Entry | undefined) => {
    if (entry !== undefined) {
      onClose();
      void navigate({ to: entry.href });
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(entries[chosen]);
    }
  };
  return (
    <Modal isOpen variant="small" position="top" onClose={onClose} aria-label={t('palette.label')}>
      <ModalBody>
        <TextInput
          value={text}
          onChange={(_event, value) => {
            setText(value);
            setChosen(0);
          }}
          onKeyDown={onKey}
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={entries.length > 0 ? `palette-${chosen}` : undefined}
          aria-label={t('palette.label')}
          placeholder={t('palette.placeholder')}
        />
        <ul id="palette-list" role="listbox" aria-label={t('palette.label')} className="berth-palette">
          {entries.map((entry, index) => (
            <li
              key={entry.href}
              id={`palette-${index}`}
              role="option"
              aria-selected={index === chosen}
              onClick={() => go(entry)}
              onMouseEnter={() => setChosen(index)}
            >
              <span>{entry.title}</span>
              <span className="berth-quiet">{entry.where}</span>
            </li>
          ))}
        </ul>
        {entries.length === 0 && <p role="status">{t('palette.nothing')}</p>}
      </ModalBody>
    </Modal>
  );
}

function useEntries(): Entry[] {
  const me = useMe();
  const tenant = useTenantName();
  const tenants = useQuery(tenantsQuery).data ?? [];
  const queries = useQueryClient();
  // what is known already: opening the palette asks the platform nothing more
  const containers = tenant === undefined ? [] : (queries.getQueryData(containersQuery(tenant).queryKey) ?? []);
  return [
    ...places(tenant, me.operator).flatMap((group) =>
      group.places.map((place) => ({ title: place.title, where: group.title, href: place.href })),
    ),
    ...(tenant === undefined
      ? []
      : [{ title: t('newContainer.title'), where: t('nav.tenant', { tenant }), href: `/t/${tenant}/new-container` }]),
    ...containers.map((each) => ({
      title: each.name,
      where: t('palette.container'),
      href: `/t/${each.tenant}/containers/${each.name}`,
    })),
    ...tenants.map((each) => ({ title: each.name, where: t('palette.tenant'), href: `/t/${each.name}/containers` })),
  ];
}
