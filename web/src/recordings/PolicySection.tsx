// SPDX-License-Identifier: Apache-2.0
import { Alert, Checkbox, FormGroup, NumberInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { recordingPolicyQuery } from '../api/recordings';
import type { RecordingPolicy } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { bytes } from '../shared/format';
import { Loaded } from '../shared/Loaded';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';

const MOST_DAYS = 3_650;

/** Whether terminals are recorded from now on. */
export function PolicySection({ tenant }: { tenant: string }) {
  const query = useQuery(recordingPolicyQuery(tenant));
  return (
    <section>
      <h2 className="berth-subhead">{t('recordings.policy')}</h2>
      <Loaded query={query}>
        {(policy) => (
          <>
            {policy.required && <Alert isInline variant="info" title={t('recordings.required')} />}
            <p>{t('recordings.used', { used: bytes(policy.usedBytes), most: bytes(policy.mostBytes) })}</p>
            <Wish key={`${policy.record} ${policy.input} ${policy.keepDays}`} tenant={tenant} policy={policy} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Wish({ tenant, policy }: { tenant: string; policy: RecordingPolicy }) {
  const [record, setRecord] = useState(policy.record);
  const [input, setInput] = useState(policy.input);
  const [keepDays, setKeepDays] = useState(policy.keepDays);
  const queries = useQueryClient();
  const toasts = useToasts();
  const setDays = (value: number) => setKeepDays(Math.min(Math.max(Math.round(value) || 1, 1), MOST_DAYS));
  const put = async () => {
    await ask(
      api.PUT('/api/v1/tenants/{tenant}/recording-policy', { params: { path: { tenant } }, body: { record, input, keepDays } }),
    );
    await queries.invalidateQueries({ queryKey: ['recording-policy', tenant] });
    toasts.done(t(record ? 'recordings.on' : 'recordings.off'));
  };
  return (
    <ActionForm action={t('recordings.set')} variant="secondary" onSubmit={put}>
      <Checkbox
        id="recording-record"
        label={t('recordings.record')}
        description={t('recordings.record.what')}
        isChecked={record}
        onChange={(_event, checked) => setRecord(checked)}
      />
      <Checkbox
        id="recording-input"
        label={t('recordings.input')}
        description={t('recordings.input.what')}
        isChecked={input}
        onChange={(_event, checked) => setInput(checked)}
      />
      <FormGroup label={t('recordings.days')} fieldId="recording-days">
        <NumberInput
          value={keepDays}
          min={1}
          max={MOST_DAYS}
          onMinus={() => setDays(keepDays - 1)}
          onPlus={() => setDays(keepDays + 1)}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
          inputProps={{ id: 'recording-days' }}
          inputAriaLabel={t('recordings.days')}
          minusBtnAriaLabel={t('size.less', { what: t('recordings.days') })}
          plusBtnAriaLabel={t('size.more', { what: t('recordings.days') })}
        />
      </FormGroup>
    </ActionForm>
  );
}
