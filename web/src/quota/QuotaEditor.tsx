// SPDX-License-Identifier: Apache-2.0
import { TextInput } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { quotaQuery } from '../api/quota';
import type { QuotaLine, QuotaReport } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { List } from '../shared/List';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { isLimit, limitsOf, RESOURCES, typedOf, type Typed } from './resources';

/** All limits anew. What somebody else has changed meanwhile is not overwritten. */
export function QuotaEditor({ report }: { report: QuotaReport }) {
  const [hard, setHard] = useState<Typed>(() => typedOf(report.resources, 'hard'));
  const [soft, setSoft] = useState<Typed>(() => typedOf(report.resources, 'soft'));
  const queries = useQueryClient();
  const toasts = useToasts();
  const { tenant } = report;
  const save = async () => {
    const changed = await ask(
      api.PUT('/api/v1/tenants/{tenant}/quota', {
        params: { path: { tenant }, header: { 'If-Match': `"${report.version}"` } },
        body: { hard: limitsOf(hard), soft: limitsOf(soft) },
      }),
    );
    toasts.done(t('quota.saved', { tenant }));
    queries.setQueryData(quotaQuery(tenant).queryKey, changed as QuotaReport);
  };
  const field = (line: QuotaLine, which: 'hard' | 'soft', typed: Typed, set: (typed: Typed) => void) => (
    <TextInput
      value={typed[line.resource] ?? ''}
      onChange={(_event, value) => set({ ...typed, [line.resource]: value })}
      validated={isLimit(typed[line.resource]) ? 'default' : 'error'}
      placeholder={which === 'hard' && line.isDefault ? defaultOf(line) : t('quota.none')}
      aria-label={t(`quota.${which}.of`, { what: t(`quota.${line.resource}`) })}
      inputMode="decimal"
      autoComplete="off"
    />
  );
  return (
    <>
      <h2 className="berth-subhead">{t('quota.set')}</h2>
      <p>{t('quota.set.what')}</p>
      <ActionForm action={t('quota.save')} isReady={[...Object.values(hard), ...Object.values(soft)].every(isLimit)} onSubmit={save}>
        <List
          label={t('quota.set')}
          items={report.resources}
          keyOf={(line) => line.resource}
          columns={[
            { title: t('quota.resource'), show: (line) => t(`quota.${line.resource}`) + unit(line) },
            { title: t('quota.hard'), show: (line) => field(line, 'hard', hard, setHard) },
            { title: t('quota.soft'), show: (line) => field(line, 'soft', soft, setSoft) },
          ]}
        />
      </ActionForm>
    </>
  );
}

function unit(line: QuotaLine): string {
  return line.resource.endsWith('_BYTES') ? ' (GiB)' : '';
}

function defaultOf(line: QuotaLine): string {
  return line.hard === null ? t('quota.none') : t('quota.default', { value: String(line.hard / RESOURCES[line.resource].factor) });
}
