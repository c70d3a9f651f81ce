// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Checkbox, Form, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { tenantsQuery } from '../api/queries';
import type { Token } from '../api/types';
import { ProblemAlert } from '../shared/ProblemAlert';
import { useMe } from '../shell/here';
import { t } from '../text';

const DAY_MILLIS = 86_400_000;
const DAYS = [1, 7, 30, 90, 365];
type Scope = Token['scopes'][number];

/** A token with no more than it needs: by default it reads, for thirty days. */
export function NewToken({ onMade }: { onMade: (token: Token) => void }) {
  const me = useMe();
  const tenants = useQuery(tenantsQuery).data ?? [];
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['READ']);
  const [tenant, setTenant] = useState('');
  const [days, setDays] = useState(30);
  const [error, setError] = useState<unknown>(null);
  const all: Scope[] = me.operator ? ['READ', 'WRITE', 'ADMIN'] : ['READ', 'WRITE'];

  async function make() {
    setError(null);
    try {
      const token = await ask(
        api.POST('/api/v1/tokens', {
          body: {
            name,
            scopes,
            ...(tenant === '' ? {} : { tenant }),
            expiresAt: new Date(Date.now() + days * DAY_MILLIS).toISOString(),
          },
        }),
      );
      setName('');
      onMade(token as Token);
    } catch (failure) {
      setError(failure);
    }
  }

  return (
    <Form
      className="berth-form berth-form-row"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      {error !== null && <ProblemAlert error={error} />}
      <FormGroup label={t('tokens.name')} fieldId="token-name" isRequired>
        <TextInput id="token-name" value={name} onChange={(_event, value) => setName(value)} maxLength={64} autoComplete="off" isRequired />
      </FormGroup>
      <FormGroup label={t('tenant.one')} fieldId="token-tenant">
        <FormSelect id="token-tenant" value={tenant} onChange={(_event, value) => setTenant(value)}>
          <FormSelectOption value="" label={t('tokens.allTenants')} />
          {tenants.map((each) => (
            <FormSelectOption key={each.name} value={each.name} label={each.name} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={t('tokens.for')} fieldId="token-days">
        <FormSelect id="token-days" value={days} onChange={(_event, value) => setDays(Number(value))}>
          {DAYS.map((each) => (
            <FormSelectOption key={each} value={each} label={t('tokens.days', { count: each })} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup role="group" label={t('tokens.scopes')} fieldId="token-scopes" isInline>
        {all.map((scope) => (
          <Checkbox
            key={scope}
            id={`token-${scope}`}
            label={t(`scope.${scope}`)}
            isChecked={scopes.includes(scope)}
            onChange={(_event, on) => setScopes(on ? [...scopes, scope] : scopes.filter((each) => each !== scope))}
          />
        ))}
      </FormGroup>
      <ActionGroup>
        <Button type="submit" variant="secondary" isDisabled={name === '' || scopes.length === 0}>
          {t('tokens.action')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
