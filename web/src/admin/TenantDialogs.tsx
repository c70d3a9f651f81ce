// SPDX-License-Identifier: Apache-2.0
import { FormGroup, FormSelect, FormSelectOption, NumberInput, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import type { Tenant, TenantChange } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { t } from '../text';

type Hold = NonNullable<TenantChange['containers']>;
const HOLDS: Hold[] = ['FREEZE', 'STOP'];
const USUAL_DAYS = 30;
const MOST_DAYS = 365;
const MOST_REASON = 200;

interface Properties {
  tenant: Tenant;
  onDone: () => Promise<unknown>;
  onClose: () => void;
}

/** Nobody gets in, and nothing runs, until it is resumed. */
export function SuspendTenant({ tenant, onDone, onClose }: Properties) {
  const [reason, setReason] = useState('');
  const [containers, setContainers] = useState<Hold>('FREEZE');
  return (
    <ConfirmByName
      title={t('tenants.suspend.of', { tenant: tenant.name })}
      name={tenant.name}
      action={t('tenants.suspend')}
      onClose={onClose}
      onConfirm={async () => {
        const body = { state: 'SUSPENDED' as const, containers, ...given(reason) };
        await ask(api.PATCH('/api/v1/tenants/{tenant}', { params: { path: { tenant: tenant.name } }, body }));
        await onDone();
      }}
    >
      <p>{t('tenants.suspend.body')}</p>
      <Reason reason={reason} onReason={setReason} />
      <FormGroup label={t('tenants.containers')} fieldId="tenant-hold">
        <FormSelect id="tenant-hold" value={containers} onChange={(_event, value) => setContainers(value as Hold)}>
          {HOLDS.map((each) => (
            <FormSelectOption key={each} value={each} label={t(`tenants.hold.${each}`)} />
          ))}
        </FormSelect>
      </FormGroup>
    </ConfirmByName>
  );
}

/** With all that it has, after a time in which that can be undone. */
export function DeleteTenant({ tenant, onDone, onClose }: Properties) {
  const [reason, setReason] = useState('');
  const [days, setDays] = useState(USUAL_DAYS);
  const within = (value: number) => Math.min(MOST_DAYS, Math.max(0, Math.round(value)));
  const label = t('tenants.grace');
  return (
    <ConfirmByName
      title={t('tenants.delete.of', { tenant: tenant.name })}
      name={tenant.name}
      action={t('verb.delete')}
      onClose={onClose}
      onConfirm={async () => {
        const body = { graceDays: days, ...given(reason) };
        await ask(api.PUT('/api/v1/tenants/{tenant}/deletion', { params: { path: { tenant: tenant.name } }, body }));
        await onDone();
      }}
    >
      <p>{t('tenants.delete.body')}</p>
      <Reason reason={reason} onReason={setReason} />
      <FormGroup label={label} fieldId="tenant-grace">
        <NumberInput
          inputProps={{ id: 'tenant-grace' }}
          inputAriaLabel={label}
          minusBtnAriaLabel={t('size.less', { what: label })}
          plusBtnAriaLabel={t('size.more', { what: label })}
          value={days}
          min={0}
          max={MOST_DAYS}
          widthChars={4}
          onMinus={() => setDays(within(days - 1))}
          onPlus={() => setDays(within(days + 1))}
          onChange={(event) => setDays(within(Number(event.currentTarget.value)))}
        />
      </FormGroup>
    </ConfirmByName>
  );
}

function given(reason: string): { reason?: string } {
  return reason.trim() === '' ? {} : { reason: reason.trim() };
}

function Reason({ reason, onReason }: { reason: string; onReason: (reason: string) => void }) {
  return (
    <FormGroup label={t('tenants.reason')} fieldId="tenant-reason">
      <TextInput
        id="tenant-reason"
        value={reason}
        onChange={(_event, value) => onReason(value)}
        maxLength={MOST_REASON}
        autoComplete="off"
      />
    </FormGroup>
  );
}
