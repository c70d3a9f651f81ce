// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { problemOf } from '../api/problem';
import { everything, tenantsQuery } from '../api/queries';
import type { Invoice, Tenant } from '../api/types';
import { InvoiceLabel, invoiceName } from '../billing/InvoiceLabel';
import { inTurn } from '../containers/inTurn';
import { ActionForm } from '../shared/ActionForm';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { money, monthBefore } from '../shared/money';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

/** So many tenants at once: each is a month's rating. */
const AT_ONCE = 2;
const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/;

interface Result {
  tenant: string;
  invoice?: Invoice;
  problem?: string;
}

/** A month's invoices of all tenants: drafts first, as often as one likes, then final ones. */
export function InvoiceRun() {
  const [month, setMonth] = useState(() => monthBefore(new Date()));
  const [results, setResults] = useState<Result[]>();
  const tenants = useQuery(tenantsQuery).data ?? [];
  const queries = useQueryClient();
  const run = async (work: () => Promise<Result[]>) => {
    setResults(await work());
    await queries.invalidateQueries({ queryKey: ['invoices'] });
  };
  const drafts = (results ?? []).flatMap(({ invoice }) => (invoice?.state === 'DRAFT' ? [invoice] : []));
  return (
    <>
      <p>{t('run.what')}</p>
      <ActionForm action={t('run.draft')} isRow isReady={MONTH.test(month) && tenants.length > 0} onSubmit={() => run(() => draftAll(tenants, month))}>
        <FormGroup label={t('run.month')} fieldId="run-month" isRequired>
          <TextInput id="run-month" value={month} onChange={(_event, value) => setMonth(value)} placeholder="2026-11" validated={MONTH.test(month) ? 'default' : 'error'} />
        </FormGroup>
      </ActionForm>
      {results !== undefined && <Results results={results} />}
      {drafts.length > 0 && (
        <>
          <p>{t('run.close.what')}</p>
          <ActionForm action={t('run.close', { count: drafts.length })} variant="warning" onSubmit={() => run(() => closeAll(results ?? []))} />
        </>
      )}
      <SameAs
        lines={[
          [t('run.draft'), curl('POST', '/tenants/acme/invoices', { month })],
          [t('run.closeOne'), curl('POST', '/tenants/acme/invoices/INVOICE/close')],
        ]}
      />
    </>
  );
}

function Results({ results }: { results: Result[] }) {
  if (results.length === 0) {
    return <Empty title={t('run.none')}>{t('run.none.what')}</Empty>;
  }
  return (
    <List
      label={t('run.title')}
      items={results}
      keyOf={({ tenant, invoice }) => `${tenant} ${invoice?.id ?? ''}`}
      columns={[
        { title: t('tenant.one'), show: ({ tenant }) => tenant },
        {
          title: t('invoice.one'),
          show: ({ invoice }) =>
            invoice && (
              <Link to="/t/$tenant/invoices/$invoice" params={{ tenant: invoice.tenant, invoice: invoice.id }}>
                {invoiceName(invoice)}
              </Link>
            ),
        },
        { title: t('invoice.state'), show: ({ invoice, problem }) => (invoice ? <InvoiceLabel invoice={invoice} /> : problem) },
        { title: t('invoice.total'), show: ({ invoice }) => invoice && money(invoice.total, invoice.currency) },
        { title: t('run.trouble'), show: ({ invoice, problem }) => (invoice ? problem : '') },
      ]}
    />
  );
}

/** Tenants without a plan in that month have no invoice, and no line here. */
async function draftAll(tenants: Tenant[], month: string): Promise<Result[]> {
  const results: Result[] = [];
  await inTurn(tenants, AT_ONCE, async ({ name: tenant }) => {
    try {
      const made = await everything<Invoice>(() =>
        ask(api.POST('/api/v1/tenants/{tenant}/invoices', { params: { path: { tenant } }, body: { month } })),
      );
      results.push(...made.map((invoice) => ({ tenant, invoice })));
    } catch (error) {
      results.push({ tenant, problem: problemOf(error).detail });
    }
  });
  return results.sort((one, other) => one.tenant.localeCompare(other.tenant));
}

/** Makes the drafts final; one that can't be yet says why. */
async function closeAll(results: Result[]): Promise<Result[]> {
  const closed = [...results];
  await inTurn([...results.entries()], 1, async ([index, { tenant, invoice }]) => {
    if (invoice?.state === 'DRAFT') {
      closed[index] = await ask(
        api.POST('/api/v1/tenants/{tenant}/invoices/{invoice}/close', { params: { path: { tenant, invoice: invoice.id } } }),
      ).then(
        (answer) => ({ tenant, invoice: answer as Invoice }),
        (error: unknown) => ({ tenant, invoice, problem: problemOf(error).detail }),
      );
    }
  });
  return closed;
}
