// SPDX-License-Identifier: Apache-2.0
import { PageSection } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { balanceQuery, invoicesQuery, tenantPlansQuery } from '../api/billing';
import { Empty } from '../shared/Empty';
import { Facts } from '../shared/Facts';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { money } from '../shared/money';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { InvoiceLabel, invoiceName, pdfOf } from './InvoiceLabel';

const route = getRouteApi('/shell/t/$tenant/invoices');

export default function InvoicesPage() {
  const { tenant } = route.useParams();
  const query = useQuery(invoicesQuery(tenant));
  return (
    <>
      <PageHead title={t('invoices.title')} intro={t('invoices.intro')} />
      <PageSection hasBodyWrapper={false} isFilled className="berth-tab">
        <Loaded query={query}>
          {(invoices) => (
            <>
              <Account tenant={tenant} />
              {invoices.length === 0 ? (
                <Empty title={t('invoices.none')}>{t('invoices.none.what')}</Empty>
              ) : (
                <List
                  label={t('invoices.title')}
                  items={invoices}
                  keyOf={(invoice) => invoice.id}
                  columns={[
                    {
                      title: t('invoice.number'),
                      show: (invoice) => (
                        <Link to="/t/$tenant/invoices/$invoice" params={{ tenant, invoice: invoice.id }}>
                          {invoiceName(invoice)}
                        </Link>
                      ),
                    },
                    { title: t('invoice.month'), show: (invoice) => invoice.month },
                    { title: t('invoice.state'), show: (invoice) => <InvoiceLabel invoice={invoice} /> },
                    { title: t('invoice.total'), show: (invoice) => money(invoice.total, invoice.currency) },
                    { title: t('invoice.due'), show: (invoice) => money(invoice.due, invoice.currency) },
                    {
                      title: t('list.actions'),
                      show: (invoice) => (
                        <a href={pdfOf(invoice)} download aria-label={t('invoice.pdf.of', { name: invoiceName(invoice) })}>
                          {t('invoice.pdf')}
                        </a>
                      ),
                    },
                  ]}
                />
              )}
            </>
          )}
        </Loaded>
        <SameAs
          lines={[
            [t('invoices.title'), curl('GET', `/tenants/${tenant}/invoices`)],
            [t('invoice.pdf'), `${curl('GET', `/tenants/${tenant}/invoices/INVOICE/pdf`)} -o invoice.pdf`],
          ]}
        />
      </PageSection>
    </>
  );
}

/** What it is billed by, and how its account stands. */
function Account({ tenant }: { tenant: string }) {
  const plans = useQuery(tenantPlansQuery(tenant)).data;
  const balances = useQuery(balanceQuery(tenant)).data;
  if (plans === undefined || balances === undefined) {
    return null;
  }
  const none = money(0, 'EUR').replace(/[^0-9.,]/g, '');
  return (
    <Facts
      title={t('invoices.account')}
      facts={[
        [
          t('forecast.plan'),
          plans.length === 0
            ? t('invoices.noPlan')
            : plans.map((each) => (
                <div key={each.from}>{t('invoices.planFrom', { plan: each.plan ?? t('invoices.noPlan'), from: each.from })}</div>
              )),
        ],
        [t('invoices.credit'), balances.map((each) => money(each.credit, each.currency)).join(', ') || none],
        [t('invoice.due'), balances.map((each) => money(each.due, each.currency)).join(', ') || none],
      ]}
    />
  );
}
