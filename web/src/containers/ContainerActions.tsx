// SPDX-License-Identifier: Apache-2.0
import { Button, Dropdown, DropdownItem, DropdownList, Flex, FlexItem, MenuToggle } from '@patternfly/react-core';
import { EllipsisVIcon } from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Container } from '../api/types';
import { useFollow } from '../operations/follow';
import { ConfirmByName } from '../shared/ConfirmByName';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { act } from './actions';
import { verbs, type Verb } from './state';

/** What can be done with it now: the first as a button, the rest in a menu. */
export function ContainerActions({ container }: { container: Container }) {
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [busy, setBusy] = useState(false);
  const follow = useFollow();
  const toasts = useToasts();
  const navigate = useNavigate();
  const { tenant, name } = container;
  const [first, ...rest] = verbs(container);

  const run = (verb: Verb) => {
    if (verb === 'delete') {
      setDeleting(true);
      return;
    }
    setBusy(true);
    act(tenant, name, verb)
      .then(follow, toasts.failed)
      .finally(() => setBusy(false));
  };

  if (first === undefined) {
    return null;
  }
  return (
    <Flex gap={{ default: 'gapSm' }}>
      <FlexItem>
        <Button
          variant={first === 'delete' ? 'danger' : 'secondary'}
          isLoading={busy}
          isDisabled={busy}
          onClick={() => run(first)}
        >
          {t(`verb.${first}`)}
        </Button>
      </FlexItem>
      {rest.length > 0 && (
        <FlexItem>
          <Dropdown
            isOpen={open}
            onOpenChange={setOpen}
            onSelect={(_event, value) => {
              setOpen(false);
              run(value as Verb);
            }}
            popperProps={{ position: 'right' }}
            toggle={(toggle) => (
              <MenuToggle
                ref={toggle}
                variant="plain"
                onClick={() => setOpen(!open)}
                isExpanded={open}
                aria-label={t('container.actions', { name })}
                icon={<EllipsisVIcon />}
              />
            )}
          >
            <DropdownList>
              {rest.map((verb) => (
                <DropdownItem key={verb} value={verb} isDanger={verb === 'delete'} description={t(`verb.${verb}.what`)}>
                  {t(`verb.${verb}`)}
                </DropdownItem>
              ))}
            </DropdownList>
          </Dropdown>
        </FlexItem>
      )}
      {deleting && (
        <ConfirmByName
          title={t('container.delete.title', { name })}
          name={name}
          action={t('verb.delete')}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            follow(await act(tenant, name, 'delete'));
            await navigate({ to: '/t/$tenant/containers', params: { tenant } });
          }}
        >
          <p>{t('container.delete.body')}</p>
        </ConfirmByName>
      )}
    </Flex>
  );
}
