// SPDX-License-Identifier: Apache-2.0
import { Button, PageSection } from '@patternfly/react-core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { auditQuery, type AuditFilter } from '../api/audit';
import { Empty } from '../shared/Empty';
import { Loaded } from '../shared/Loaded';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { AuditFilters } from './AuditFilters';
import { AuditList } from './AuditList';
import { Verification } from './Verification';

/** Who changed what: a tenant's part, or everything for operators. */
export default function AuditPage() {
  const { tenant } = useParams({ strict: false });
  const filter: AuditFilter = useSearch({ strict: false });
  const navigate = useNavigate();
  const query = useInfiniteQuery(auditQuery(tenant, filter));
  const path = tenant === undefined ? '/audit' : `/tenants/${tenant}/audit`;
  const set = (search: AuditFilter) =>
    void (tenant === undefined ? navigate({ to: '/admin/audit', search }) : navigate({ to: '/t/$tenant/audit', params: { tenant }, search }));
  const asked = new URLSearchParams(Object.entries(filter)).toString();
  return (
    <>
      <PageHead title={tenant === undefined ? t('audit.all') : t('audit.title')} intro={t('audit.intro')} />
      <PageSection hasBodyWrapper={false} isFilled className="berth-tab">
        <AuditFilters key={asked} filter={filter} onFilter={set} />
        <Loaded query={query}>
          {({ pages }) => {
            const entries = pages.flatMap((page) => page.items);
            return entries.length === 0 ? (
              <Empty title={t('audit.none')}>{t('audit.none.what')}</Empty>
            ) : (
              <AuditList entries={entries} withTenant={tenant === undefined} />
            );
          }}
        </Loaded>
        {query.hasNextPage && (
          <Button variant="secondary" isLoading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('audit.more')}
          </Button>
        )}
        {tenant === undefined && <Verification />}
        <SameAs
          lines={[
            [t('audit.title'), curl('GET', asked === '' ? path : `${path}?${asked}`)],
            [t('audit.export'), `${curl('GET', `${path}/export?format=CSV`)} -o audit.csv`],
          ]}
        />
      </PageSection>
    </>
  );
}
