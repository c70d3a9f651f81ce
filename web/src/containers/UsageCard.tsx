// SPDX-License-Identifier: Apache-2.0
import { Card, CardBody, CardTitle, Progress } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '../api/queries';
import type { Container, Usage } from '../api/types';
import { bytes, span } from '../shared/format';
import { Loaded } from '../shared/Loaded';
import { useNow } from '../shared/Moment';
import { t } from '../text';

export function UsageCard({ container }: { container: Container }) {
  const query = useQuery(usageQuery(container.tenant, container.name));
  return (
    <Card isFullHeight>
      <CardTitle component="h2">{t('usage.title')}</CardTitle>
      <CardBody>
        <Loaded query={query}>{(usage) => <Figures usage={usage} />}</Loaded>
      </CardBody>
    </Card>
  );
}

function Figures({ usage }: { usage: Usage }) {
  const now = useNow();
  const seconds = (now.getTime() - new Date(usage.since).getTime()) / 1000;
  return (
    <>
      <Progress
        title={t('size.memory')}
        value={(usage.memoryBytes / usage.limits.memoryBytes) * 100}
        label={t('usage.of', { used: bytes(usage.memoryBytes), all: bytes(usage.limits.memoryBytes) })}
        valueText={t('usage.of', { used: bytes(usage.memoryBytes), all: bytes(usage.limits.memoryBytes) })}
        measureLocation="top"
      />
      <Progress
        title={t('size.pids')}
        value={(usage.pids / usage.limits.pids) * 100}
        label={t('usage.of', { used: usage.pids, all: usage.limits.pids })}
        valueText={t('usage.of', { used: usage.pids, all: usage.limits.pids })}
        measureLocation="top"
      />
      <p>{t('usage.cpu', { time: span(usage.cpuMicros / 1_000_000), since: span(seconds) })}</p>
    </>
  );
}
