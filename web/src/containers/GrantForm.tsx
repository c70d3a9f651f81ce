// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, ExpandableSection, Form, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import type { Container } from '../api/types';
import { ProblemAlert } from '../shared/ProblemAlert';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';

const HOUR_MILLIS = 3_600_000;
const HOURS = [1, 8, 24, 168];

/** An exception of this one container from one rule, for some hours; operators only. */
export function GrantForm({ container, rules }: { container: Container; rules: string[] }) {
  const [rule, setRule] = useState(rules[0] ?? '');
  const [hours, setHours] = useState(1);
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const queries = useQueryClient();
  const toasts = useToasts();
  const { tenant, name } = container;

  async function grant() {
    setError(null);
    try {
      await ask(
        api.PUT('/api/v1/tenants/{tenant}/containers/{container}/grants/{rule}', {
          params: { path: { tenant, container: name, rule } },
          body: { reason, until: new Date(Date.now() + hours * HOUR_MILLIS).toISOString() },
        }),
      );
      toasts.done(t('grants.done', { rule, name }));
      await queries.invalidateQueries({ queryKey: ['grants', tenant, name] });
    } catch (failure) {
      setError(failure);
    }
  }

  return (
    <ExpandableSection toggleText={t('grants.form')}>
      <p>{t('grants.form.what')}</p>
      <Form
        className="berth-form"
        onSubmit={(event) => {
          event.preventDefault();
          void grant();
        }}
      >
        {error !== null && <ProblemAlert error={error} />}
        <FormGroup label={t('grants.rule')} fieldId="grant-rule">
          <FormSelect id="grant-rule" value={rule} onChange={(_event, value) => setRule(value)}>
            {rules.map((each) => (
              <FormSelectOption key={each} value={each} label={each} />
            ))}
          </FormSelect>
        </FormGroup>
        <FormGroup label={t('grants.for')} fieldId="grant-hours">
          <FormSelect id="grant-hours" value={hours} onChange={(_event, value) => setHours(Number(value))}>
            {HOURS.map((each) => (
              <FormSelectOption key={each} value={each} label={t('grants.hours', { count: each })} />
            ))}
          </FormSelect>
        </FormGroup>
        <FormGroup label={t('grants.reason')} fieldId="grant-reason" isRequired>
          <TextInput id="grant-reason" value={reason} onChange={(_event, value) => setReason(value)} isRequired />
        </FormGroup>
        <ActionGroup>
          <Button type="submit" variant="warning" isDisabled={reason.trim() === '' || rule === ''}>
            {t('grants.action')}
          </Button>
        </ActionGroup>
      </Form>
    </ExpandableSection>
  );
}
