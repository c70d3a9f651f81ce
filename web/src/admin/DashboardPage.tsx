// SPDX-License-Identifier: Apache-2.0
import { Alert, Card, CardBody, CardTitle, Gallery, PageSection } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { driftsQuery, nodesQuery, nodeUsageQuery, operationsQuery, tenantsQuery } from '../api/queries';
import { bytes, span } from '../shared/format';
import { Facts } from '../shared/Facts';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { useNow } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

const HOUR_MILLIS = 3_600_000;

/** What an operator has to know first: what is wrong, then who uses how much. */
export default function DashboardPage() {
  const nodes = useQuery(nodesQuery);
  const tenants = useQuery(tenantsQuery);
  return (
    <>
      <PageHead title={t('dashboard.title')} intro={t('dashboard.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Alerts />
        <Gallery hasGutter minWidths={{ default: '100%', md: '22rem' }}>
          <Facts
            title={t('dashboard.counts')}
            facts={[
              [t('nodes.title'), t('dashboard.nodesUp', { up: nodes.data?.filter((node) => node.state === 'UP').length ?? 0, all: nodes.data?.length ?? 0 })],
              [t('tenants.title'), tenants.data?.length ?? 0],
              [t('tenant.suspended'), tenants.data?.filter((tenant) => tenant.state === 'SUSPENDED').length ?? 0],
            ]}
          />
          <TopConsumers />
        </Gallery>
        <SameAs
          lines={[
            [t('dashboard.top'), curl('GET', '/usage?by=MEMORY&limit=10')],
            [t('nodes.title'), curl('GET', '/nodes')],
            [t('dashboard.doctor'), './berth doctor'],
          ]}
        />
      </PageSection>
    </>
  );
}

function Alerts() {
  const nodes = useQuery(nodesQuery).data ?? [];
  const drifts = useQuery(driftsQuery(true)).data ?? [];
  const operations = useQuery(operationsQuery(undefined)).data ?? [];
  const now = useNow();
  const failed = operations.filter(
    (operation) => operation.state === 'FAILED' && now.getTime() - new Date(operation.createdAt).getTime() < HOUR_MILLIS,
  );
  const down = nodes.filter((node) => node.state !== 'UP');
  const strays = nodes.flatMap((node) => node.strays);
  return (
    <div className="berth-alerts" role="status">
      {down.map((node) => (
        <Alert key={node.name} isInline variant="danger" title={t('dashboard.nodeDown', { node: node.name })}>
          <p>{t('dashboard.nodeDown.cure')}</p>
        </Alert>
      ))}
      {drifts.length > 0 && (
        <Alert isInline variant="danger" title={t('dashboard.drifts', { count: drifts.length })}>
          <Link to="/admin/security" search={{ tab: 'drifts' }}>
            {t('security.drifts')}
          </Link>
        </Alert>
      )}
      {strays.length > 0 && (
        <Alert isInline variant="warning" title={t('dashboard.strays', { count: strays.length })}>
          <Link to="/admin/nodes">{t('nodes.title')}</Link>
        </Alert>
      )}
      {failed.length > 0 && (
        <Alert isInline variant="warning" title={t('dashboard.failed', { count: failed.length })}>
          <Link to="/admin/operations">{t('allOperations.title')}</Link>
        </Alert>
      )}
      {down.length + drifts.length + strays.length + failed.length === 0 && (
        <Alert isInline variant="success" title={t('dashboard.allWell')} />
      )}
    </div>
  );
}

function TopConsumers() {
  const query = useQuery(nodeUsageQuery);
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{t('dashboard.top')}</CardTitle>
      <CardBody>
        <Loaded query={query}>
          {(usages) =>
            usages.length === 0 ? (
              <p>{t('dashboard.nothingRuns')}</p>
            ) : (
              <List
                label={t('dashboard.top')}
                items={usages}
                keyOf={(usage) => usage.container}
                columns={[
                  {
                    title: t('container.one'),
                    show: (usage) => (
                      <Link
                        to="/t/$tenant/containers/$container"
                        params={{ tenant: usage.tenant, container: usage.name }}
                        search={{ tab: undefined }}
                      >
                        {usage.tenant}/{usage.name}
                      </Link>
                    ),
                  },
                  { title: t('size.memory'), show: (usage) => bytes(usage.memoryBytes) },
                  { title: t('dashboard.cpuTime'), show: (usage) => span(usage.cpuMicros / 1_000_000) },
                  { title: t('size.pids'), show: (usage) => usage.pids },
                ]}
              />
            )
          }
        </Loaded>
      </CardBody>
    </Card>
  );
}
