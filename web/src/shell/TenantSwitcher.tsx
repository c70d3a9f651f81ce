// SPDX-License-Identifier: Apache-2.0
import { MenuToggle, Select, SelectList, SelectOption } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { tenantsQuery } from '../api/queries';
import { t } from '../text';
import { useTenantName } from './here';

const MOST_SHOWN = 200; // beyond, the palette finds it quicker

export function TenantSwitcher() {
  const tenants = useQuery(tenantsQuery).data ?? [];
  const tenant = useTenantName();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  if (tenant === undefined) {
    return null;
  }
  return (
    <Select
      isOpen={open}
      selected={tenant}
      onOpenChange={setOpen}
      isScrollable
      onSelect={(_event, value) => {
        setOpen(false);
        void navigate({ to: '/t/$tenant/containers', params: { tenant: String(value) } });
      }}
      toggle={(toggle) => (
        <MenuToggle
          ref={toggle}
          onClick={() => setOpen(!open)}
          isExpanded={open}
          aria-label={t('tenant.switch', { tenant })}
        >
          {tenant}
        </MenuToggle>
      )}
    >
      <SelectList aria-label={t('tenants.title')}>
        {tenants.slice(0, MOST_SHOWN).map((each) => (
          <SelectOption key={each.name} value={each.name} description={each.state === 'ACTIVE' ? undefined : t('tenant.suspended')}>
            {each.name}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}
