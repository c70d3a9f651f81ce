// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { OUTCOMES, type AuditFilter } from '../api/audit';
import { ActionForm } from '../shared/ActionForm';
import { t } from '../text';

/** What is looked for; it stands in the address once it is asked. */
export function AuditFilters({ filter, onFilter }: { filter: AuditFilter; onFilter: (filter: AuditFilter) => void }) {
  const [actor, setActor] = useState(filter.actor ?? '');
  const [path, setPath] = useState(filter.path ?? '');
  const [outcome, setOutcome] = useState<string>(filter.outcome ?? '');
  const ask = () => {
    onFilter({
      actor: actor === '' ? undefined : actor,
      outcome: OUTCOMES.find((each) => each === outcome),
      path: path === '' ? undefined : path,
    });
    return Promise.resolve();
  };
  return (
    <ActionForm action={t('audit.find')} variant="secondary" isRow onSubmit={ask}>
      <FormGroup label={t('audit.actor')} fieldId="audit-actor">
        <TextInput id="audit-actor" value={actor} onChange={(_event, value) => setActor(value)} autoComplete="off" />
      </FormGroup>
      <FormGroup label={t('audit.outcome')} fieldId="audit-outcome">
        <FormSelect id="audit-outcome" value={outcome} onChange={(_event, value) => setOutcome(value)}>
          <FormSelectOption value="" label={t('audit.any')} />
          {OUTCOMES.map((each) => (
            <FormSelectOption key={each} value={each} label={t(`audit.outcome.${each}`)} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={t('audit.path')} fieldId="audit-path">
        <TextInput id="audit-path" value={path} onChange={(_event, value) => setPath(value)} placeholder="/api/v1/tenants/demo/containers" autoComplete="off" />
      </FormGroup>
      {Object.values(filter).some((each) => each !== undefined) && (
        <Button variant="link" onClick={() => onFilter({})}>
          {t('filter.clear')}
        </Button>
      )}
    </ActionForm>
  );
}
