// SPDX-License-Identifier: Apache-2.0
import { Breadcrumb, BreadcrumbItem, Gallery, PageSection } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { invoiceLinesQuery, invoiceQuery } from '../api/billing';
import type { Invoice, InvoiceLine } from '../api/types';
import { Facts } from '../shared/Facts';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { money } from '../shared/money';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { maybe, t } from '../text';
import { InvoiceLabel, invoiceName, pdfOf } from './InvoiceLabel';

const route = getRouteApi('/shell/t/$tenant/invoices/$invoice');

export default function InvoicePage() {
  const { tenant, invoice: id } = route.useParams();
  const query = useQuery(invoiceQuery(tenant, id));
  const invoice = query.data;
  const path = `/tenants/${tenant}/invoices/${id}`;
  const above = (
    <Breadcrumb>
      <BreadcrumbItem>
        <Link to="/t/$tenant/invoices" params={{ tenant }}>
          {t('invoices.title')}
        </Link>
      </BreadcrumbItem>
      <BreadcrumbItem isActive>{invoice === undefined ? '' : invoiceName(invoice)}</BreadcrumbItem>
    </Breadcrumb>
  );
  return (
    <>
      <PageHead
        title={invoice === undefined ? t('invoice.one') : invoiceName(invoice)}
        above={above}
        beside={invoice && <InvoiceLabel invoice={invoice} />}
        actions={
          invoice && (
            <a className="pf-v6-c-button pf-m-primary" href={pdfOf(invoice)} download>
              {t('invoice.pdf.get')}
            </a>
          )
        }
      />
      <PageSection hasBodyWrapper={false} isFilled className="berth-tab">
        <Loaded query={query}>{(found) => <Whole invoice={found} />}</Loaded>
        <SameAs
          lines={[
            [t('invoice.one'), curl('GET', path)],
            [t('invoice.lines'), curl('GET', `${path}/lines`)],
            [t('invoice.days'), curl('GET', `${path}/lines/1/days`)],
          ]}
        />
      </PageSection>
    </>
  );
}

function Whole({ invoice }: { invoice: Invoice }) {
  const lines = useQuery(invoiceLinesQuery(invoice.tenant, invoice.id));
  const in_ = (minor: number) => money(minor, invoice.currency);
  return (
    <>
      <Gallery hasGutter minWidths={{ default: '100%', md: '20rem' }}>
        <Facts
          title={t('invoice.sums')}
          facts={[
            [t('invoice.month'), invoice.month],
            [t('invoice.net'), in_(invoice.net)],
            [invoice.taxName, in_(invoice.tax)],
            [t('invoice.total'), <strong key="total">{in_(invoice.total)}</strong>],
            [t('invoice.due'), in_(invoice.due)],
            [t('invoice.final'), invoice.finalAt === null ? t('invoice.notFinal') : <Moment key="final" at={invoice.finalAt} />],
            ...(invoice.reason === null ? [] : [[t('grants.reason'), invoice.reason] as [string, string]]),
          ]}
        />
        <PartyCard title={t('invoice.from')} party={invoice.issuer} />
        <PartyCard title={t('invoice.to')} party={invoice.customer} />
      </Gallery>
      <Loaded query={lines}>{(found) => <Lines lines={found} show={in_} />}</Loaded>
    </>
  );
}

function PartyCard({ title, party }: { title: string; party: Invoice['issuer'] }) {
  return (
    <Facts
      title={title}
      facts={[
        [t('party.name'), party.legalName],
        [t('party.address'), `${party.street}, ${party.postalCode} ${party.city}, ${party.country}`],
        ...(party.taxId === null ? [] : [[t('party.taxId'), party.taxId] as [string, string]]),
      ]}
    />
  );
}

function Lines({ lines, show }: { lines: InvoiceLine[]; show: (minor: number) => string }) {
  return (
    <List
      label={t('invoice.lines')}
      items={lines}
      keyOf={(line) => String(line.line)}
      columns={[
        { title: t('invoice.what'), show: whatOf },
        { title: t('forecast.plan'), show: (line) => line.plan ?? '' },
        { title: t('invoice.period'), show: (line) => t('invoice.fromTo', { from: line.from, to: line.to }) },
        { title: t('invoice.quantity'), show: (line) => `${line.units} ${line.unit}` },
        { title: t('invoice.amount'), show: (line) => show(line.amount) },
      ]}
    />
  );
}

function whatOf(line: InvoiceLine): string {
  return line.meter === null ? maybe(`charge.${line.kind}`, line.kind) : maybe(`meter.${line.meter}`, line.meter);
}
