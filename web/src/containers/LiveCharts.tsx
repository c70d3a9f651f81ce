// SPDX-License-Identifier: Apache-2.0
import { Card, CardBody, CardTitle, Gallery } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import type { Container } from '../api/types';
import { networkQuery } from '../api/usage';
import { Chart } from '../shared/Chart';
import { bytes, cpus, perSecond } from '../shared/format';
import { t } from '../text';
import { cpuRates, useLiveUsage } from './usage';

/** What a running container uses, as it happens; what went over the network each minute. */
export default function LiveCharts({ container }: { container: Container }) {
  const figures = useLiveUsage(container);
  const samples = useQuery(networkQuery(container.tenant, container.id)).data ?? [];
  const newest = figures.at(-1);
  if (newest === undefined) {
    return <p role="status">{t('charts.waiting')}</p>;
  }
  const { limits } = newest;
  const times = figures.map((figure) => new Date(figure.at).getTime());
  return (
    <Card>
      <CardTitle component="h2">{t('charts.title')}</CardTitle>
      <CardBody>
        <Gallery hasGutter minWidths={{ default: '100%', md: '20rem' }}>
          <Chart title={t('size.cpus')} times={times} series={[{ label: '', values: cpuRates(figures) }]} format={milliCpus} most={limits.milliCpus} />
          <Chart
            title={t('size.memory')}
            times={times}
            series={[{ label: '', values: figures.map((figure) => figure.memoryBytes) }]}
            format={bytes}
            most={limits.memoryBytes}
          />
          <Chart
            title={t('size.disk')}
            times={times}
            series={[{ label: '', values: figures.map((figure) => figure.diskBytes) }]}
            format={bytes}
            most={newest.diskLimited ? limits.diskBytes : 0}
          />
          <Chart title={t('size.pids')} times={times} series={[{ label: '', values: figures.map((figure) => figure.pids) }]} format={String} />
          <Chart
            title={t('charts.network')}
            times={samples.map((sample) => new Date(sample.at).getTime())}
            series={[
              { label: t('charts.in'), values: samples.map((sample) => sample.receivedBytesUsed / sample.seconds) },
              { label: t('charts.out'), values: samples.map((sample) => sample.sentBytesUsed / sample.seconds) },
            ]}
            format={perSecond}
          />
        </Gallery>
      </CardBody>
    </Card>
  );
}

function milliCpus(value: number): string {
  return cpus(Math.round(value));
}
