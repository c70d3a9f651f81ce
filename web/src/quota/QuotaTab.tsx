// SPDX-License-Identifier: Apache-2.0
import { Gallery, Progress, type ProgressProps } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { quotaQuery } from '../api/quota';
import type { QuotaLine } from '../api/types';
import { Loaded } from '../shared/Loaded';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useMe } from '../shell/here';
import { t } from '../text';
import { QuotaEditor } from './QuotaEditor';
import { RESOURCES } from './resources';

const VARIANTS: Record<QuotaLine['state'], ProgressProps['variant']> = { WITHIN: undefined, WARNED: 'warning', FULL: 'danger' };

/** How much of what the tenant may have is spoken for. */
export function QuotaTab({ tenant }: { tenant: string }) {
  const query = useQuery(quotaQuery(tenant));
  const me = useMe();
  return (
    <>
      <p>{t('quota.what')}</p>
      <Loaded query={query}>
        {(report) => (
          <>
            <Gallery hasGutter minWidths={{ default: '100%', md: '20rem' }}>
              {report.resources.map((line) => (
                <Line key={line.resource} line={line} />
              ))}
            </Gallery>
            {me.operator ? <QuotaEditor key={report.version} report={report} /> : <p className="berth-quiet">{t('quota.ask')}</p>}
          </>
        )}
      </Loaded>
      <SameAs
        lines={[
          [t('quota.title'), curl('GET', `/tenants/${tenant}/quota`)],
          [t('quota.set'), curl('PUT', `/tenants/${tenant}/quota`, { hard: { containers: 20, memoryBytes: 34359738368 } })],
        ]}
      />
    </>
  );
}

function Line({ line }: { line: QuotaLine }) {
  const { show } = RESOURCES[line.resource];
  const told = line.hard === null ? t('quota.unlimited', { used: show(line.used) }) : t('usage.of', { used: show(line.used), all: show(line.hard) });
  return (
    <div>
      <Progress
        title={t(`quota.${line.resource}`)}
        value={line.hard === null || line.hard === 0 ? 0 : Math.min(100, (line.used / line.hard) * 100)}
        label={told}
        valueText={told}
        variant={VARIANTS[line.state]}
        measureLocation="top"
      />
      <span className="berth-quiet">{line.state === 'WITHIN' ? '' : t(`quota.state.${line.state}`)}</span>
    </div>
  );
}
