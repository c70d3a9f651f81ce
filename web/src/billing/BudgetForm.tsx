// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { setBudget } from '../api/budget';
import type { Budget } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { t } from '../text';
import { STEPS, typed, wished } from './budget';

const FIELDS = ['monthly', 'currency', 'alerts', ...STEPS] as const;

/** All of a budget anew. */
export function BudgetForm({ tenant, budget, onSet }: { tenant: string; budget: Budget | null; onSet: () => Promise<unknown> }) {
  const [fields, setFields] = useState(() => typed(budget));
  const body = wished(fields);
  return (
    <ActionForm
      action={t('budget.set')}
      variant="secondary"
      isReady={body !== null}
      onSubmit={async () => {
        if (body !== null) {
          await setBudget(tenant, body);
          await onSet();
        }
      }}
    >
      {FIELDS.map((field) => (
        <FormGroup
          key={field}
          label={t(`budget.field.${field}`)}
          fieldId={`budget-${field}`}
          isRequired={field === 'monthly' || field === 'currency'}
        >
          <TextInput
            id={`budget-${field}`}
            value={fields[field]}
            onChange={(_event, value) => setFields({ ...fields, [field]: value })}
            inputMode={field === 'currency' ? 'text' : 'decimal'}
            autoComplete="off"
          />
        </FormGroup>
      ))}
    </ActionForm>
  );
}
