// SPDX-License-Identifier: Apache-2.0
import { Alert, Breadcrumb, BreadcrumbItem, PageSection, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, type ComponentType } from 'react';
import { containerQuery } from '../api/queries';
import type { Container } from '../api/types';
import { Loaded } from '../shared/Loaded';
import { PageHead } from '../shared/PageHead';
import { t } from '../text';
import { ContainerActions } from './ContainerActions';
import { OverviewTab } from './OverviewTab';
import { StateLabel } from './StateLabel';

const route = getRouteApi('/shell/t/$tenant/containers/$container');

interface TabOf {
  key: string;
  title: string;
  Body: ComponentType<{ container: Container }>;
}

const TerminalTab = lazy(() => import('../terminal/TerminalTab'));
const SnapshotsTab = lazy(() => import('./SnapshotsTab'));
const VolumesTab = lazy(() => import('./VolumesTab'));
const PortsTab = lazy(() => import('./PortsTab'));
const SessionsTab = lazy(() => import('./SessionsTab'));
const ConsoleTab = lazy(() => import('./ConsoleTab'));
const DenialsTab = lazy(() => import('./DenialsTab'));
const PassportTab = lazy(() => import('./PassportTab'));
const OperationsTab = lazy(() => import('./OperationsTab'));
const SettingsTab = lazy(() => import('./SettingsTab'));

function tabs(): TabOf[] {
  return [
    { key: 'overview', title: t('container.overview'), Body: OverviewTab },
    { key: 'terminal', title: t('terminal.title'), Body: TerminalTab },
    { key: 'snapshots', title: t('snapshots.title'), Body: SnapshotsTab },
    { key: 'volumes', title: t('volumes.title'), Body: VolumesTab },
    { key: 'ports', title: t('ports.title'), Body: PortsTab },
    { key: 'sessions', title: t('sessions.title'), Body: SessionsTab },
    { key: 'console', title: t('container.console'), Body: ConsoleTab },
    { key: 'denials', title: t('container.denials'), Body: DenialsTab },
    { key: 'passport', title: t('container.passport'), Body: PassportTab },
    { key: 'operations', title: t('operations.title'), Body: OperationsTab },
    { key: 'settings', title: t('container.settings'), Body: SettingsTab },
  ];
}

export default function ContainerPage() {
  const { tenant, container: name } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(containerQuery(tenant, name));
  const all = tabs();
  const active = all.find((each) => each.key === tab) ?? all[0];
  const head = (
    <Breadcrumb>
      <BreadcrumbItem>
        <Link to="/t/$tenant/containers" params={{ tenant }}>
          {t('containers.title')}
        </Link>
      </BreadcrumbItem>
      <BreadcrumbItem isActive>{name}</BreadcrumbItem>
    </Breadcrumb>
  );
  return (
    <>
      <PageHead
        title={name}
        above={head}
        beside={query.data && <StateLabel container={query.data} />}
        actions={query.data && <ContainerActions container={query.data} />}
      />
      <PageSection hasBodyWrapper={false} type="tabs">
        <Tabs
          activeKey={active?.key}
          onSelect={(_event, key) =>
            void navigate({
              to: '/t/$tenant/containers/$container',
              params: { tenant, container: name },
              search: { tab: key === 'overview' ? undefined : String(key) },
            })
          }
          aria-label={t('container.tabs')}
          role="region"
        >
          {all.map((each) => (
            <Tab
              key={each.key}
              eventKey={each.key}
              title={<TabTitleText>{each.title}</TabTitleText>}
              tabContentId={`tab-${each.key}`}
            />
          ))}
        </Tabs>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        <section
          id={`tab-${active?.key ?? ''}`}
          role="tabpanel"
          aria-label={active?.title}
          tabIndex={0}
          className="berth-tab"
        >
          <Loaded query={query}>
            {(container) => (
              <>
                <Trouble container={container} />
                <Suspense fallback={<p role="status">{t('loading')}</p>}>
                  {active !== undefined && <active.Body container={container} />}
                </Suspense>
              </>
            )}
          </Loaded>
        </section>
      </PageSection>
    </>
  );
}

/** What somebody who looks at the container has to know first. */
function Trouble({ container }: { container: Container }) {
  if (container.quarantine !== null) {
    return (
      <Alert variant="warning" isInline title={t('quarantine.title')}>
        <p>{t('quarantine.body', { reason: container.quarantine.reason })}</p>
      </Alert>
    );
  }
  if (container.lastError !== null) {
    return (
      <Alert variant="danger" isInline title={t('container.lastError')}>
        <p>{container.lastError}</p>
      </Alert>
    );
  }
  return null;
}
