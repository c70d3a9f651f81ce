// SPDX-License-Identifier: Apache-2.0
import { Divider, Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { UserIcon } from '@patternfly/react-icons/dist/esm/icons/user-icon';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { useMe } from './here';

export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const me = useMe();
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const toasts = useToasts();
  const signOut = async () => {
    try {
      await ask(api.DELETE('/api/v1/session'));
      await navigate({ to: '/sign-in', search: { next: undefined } });
      queries.clear();
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'right' }}
      toggle={(toggle) => (
        <MenuToggle
          ref={toggle}
          icon={<UserIcon />}
          onClick={() => setOpen(!open)}
          isExpanded={open}
          aria-label={t('user.menu', { name: me.name })}
        >
          <span className="berth-wide-only">{me.name}</span>
        </MenuToggle>
      )}
    >
      <DropdownList>
        <DropdownItem onClick={() => void navigate({ to: '/account' })}>{t('account.title')}</DropdownItem>
        <DropdownItem onClick={onShortcuts}>{t('shortcuts.title')}</DropdownItem>
        <DropdownItem to="/api/docs" target="_blank">
          {t('user.docs')}
        </DropdownItem>
        <Divider component="li" />
        <DropdownItem onClick={() => void signOut()}>{t('user.signOut')}</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
