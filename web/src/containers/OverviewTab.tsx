// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { hostKeysQuery } from '../api/queries';
import type { Container } from '../api/types';
import { Copyable } from '../shared/Copyable';
import { cpus, bytes } from '../shared/format';
import { Facts } from '../shared/Facts';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { sshHost, sshLine } from '../keys/config';
import { t } from '../text';
import { request } from './actions';
import { verbs } from './state';

const LiveCharts = lazy(() => import('./LiveCharts'));

export function OverviewTab({ container }: { container: Container }) {
  const port = useQuery(hostKeysQuery).data?.[0]?.port;
  const path = `/tenants/${container.tenant}/containers/${container.name}`;
  return (
    <>
      <Copyable label={t('container.login')} text={sshLine(container, sshHost(), port)} />
      <p className="berth-quiet">{t('container.login.how')}</p>
      <Facts
          title={t('container.whatItIs')}
          facts={[
            [t('containers.image'), container.imageAlias ?? container.image],
            [t('containers.addresses'), container.addresses.length === 0 ? t('container.noAddress') : container.addresses.join(', ')],
            [t('container.node'), container.node],
            [t('container.network'), container.network],
            [
              t('container.size'),
              `${cpus(container.limits.milliCpus)}, ${bytes(container.limits.memoryBytes)}, ${t('container.disk', { size: bytes(container.limits.diskBytes) })}, ${t('container.processes', { count: container.limits.pids })}`,
            ],
            [t('containers.created'), <Moment key="created" at={container.createdAt} />],
            [t('container.started'), <Moment key="started" at={container.startedAt} />],
            [t('container.lastExit'), container.lastExit ?? t('container.noExit')],
          ]}
        />
      {container.state === 'RUNNING' && (
        <Suspense fallback={<p role="status">{t('loading')}</p>}>
          <LiveCharts container={container} />
        </Suspense>
      )}
      <SameAs
        lines={[
          [t('container.sameAs.show'), curl('GET', path)],
          ...verbs(container).map((verb): [string, string] => {
            const asked = request(container.tenant, container.name, verb);
            return [t(`verb.${verb}`), curl(asked.method, asked.path)];
          }),
          [t('container.sameAs.inspect'), `./berth inspect ${container.tenant}.${container.name}`],
        ]}
      />
    </>
  );
}
