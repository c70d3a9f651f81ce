// SPDX-License-Identifier: Apache-2.0
import { Gallery, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { UsagePeriod } from '../api/types';
import { usagePeriodsQuery, type Question } from '../api/usage';
import { Chart } from '../shared/Chart';
import { Empty } from '../shared/Empty';
import { bytes, span } from '../shared/format';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { monthOf } from '../shared/money';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { ForecastCard } from './ForecastCard';
import { average, byContainer, cpuHours } from './figures';

const DAY_MILLIS = 86_400_000;
const HOUR_MILLIS = 3_600_000;

const RANGES = {
  day: { resolution: 'HOUR', from: (now: Date) => new Date(Math.floor((now.getTime() - DAY_MILLIS) / HOUR_MILLIS) * HOUR_MILLIS) },
  month: { resolution: 'DAY', from: (now: Date) => new Date(`${monthOf(now)}-01T00:00:00Z`) },
} as const;
type Range = keyof typeof RANGES;

/** What the tenant's containers used, by hour or day. */
export function UsageTab({ tenant }: { tenant: string }) {
  const [range, setRange] = useState<Range>('month');
  const asked = useMemo(() => {
    const { resolution, from } = RANGES[range];
    return { tenant, resolution, from: from(new Date()).toISOString() };
  }, [tenant, range]);
  return (
    <>
      <ForecastCard tenant={tenant} />
      <ToggleGroup aria-label={t('usagePage.range')}>
        {(Object.keys(RANGES) as Range[]).map((each) => (
          <ToggleGroupItem
            key={each}
            buttonId={`range-${each}`}
            text={t(`usagePage.range.${each}`)}
            isSelected={each === range}
            onChange={() => setRange(each)}
          />
        ))}
      </ToggleGroup>
      <Charts question={{ ...asked, by: 'TENANT' }} />
      <Containers question={{ ...asked, by: 'CONTAINER' }} />
      <SameAs
        lines={[
          [t('usagePage.title'), curl('GET', `/tenants/${tenant}/usage?resolution=${asked.resolution}&from=${asked.from}`)],
          [t('usagePage.samples'), curl('GET', `/tenants/${tenant}/usage/samples?container=CONTAINER-ID`)],
        ]}
      />
    </>
  );
}

function Charts({ question }: { question: Question }) {
  const query = useQuery(usagePeriodsQuery(question));
  return (
    <Loaded query={query}>
      {(periods) =>
        periods.length === 0 ? (
          <Empty title={t('usagePage.none')}>{t('usagePage.none.what')}</Empty>
        ) : (
          <Gallery hasGutter minWidths={{ default: '100%', md: '22rem' }}>
            <Bars title={t('usagePage.cpu')} periods={periods} series={[['', cpuHours]]} format={hours} />
            <Bars title={t('usagePage.memory')} periods={periods} series={[['', (each) => average(each.memoryByteSeconds, each)]]} format={bytes} />
            <Bars title={t('usagePage.disk')} periods={periods} series={[['', (each) => average(each.diskByteSeconds, each)]]} format={bytes} />
            <Bars
              title={t('usagePage.network')}
              periods={periods}
              series={[
                [t('charts.in'), (each) => each.receivedBytes],
                [t('charts.out'), (each) => each.sentBytes],
              ]}
              format={bytes}
            />
          </Gallery>
        )
      }
    </Loaded>
  );
}

interface BarsProperties {
  title: string;
  periods: UsagePeriod[];
  series: [string, (period: UsagePeriod) => number][];
  format: (value: number) => string;
}

function Bars({ title, periods, series, format }: BarsProperties) {
  return (
    <Chart
      title={title}
      times={periods.map((period) => new Date(period.from).getTime())}
      series={series.map(([label, of]) => ({ label, values: periods.map(of) }))}
      format={format}
      shape="bars"
    />
  );
}

function hours(value: number): string {
  return t('usagePage.hours', { hours: value.toFixed(value < 10 ? 2 : 0) });
}

function Containers({ question }: { question: Question }) {
  const sums = byContainer(useQuery(usagePeriodsQuery(question)).data ?? []);
  return (
    sums.length > 0 && (
      <>
        <h2 className="berth-subhead">{t('usagePage.byContainer')}</h2>
        <List
          label={t('usagePage.byContainer')}
          items={sums}
          keyOf={(sum) => sum.container}
          columns={[
            { title: t('containers.name'), show: (sum) => sum.name },
            { title: t('usagePage.cpu'), show: (sum) => hours(cpuHours(sum)) },
            { title: t('usagePage.ran'), show: (sum) => span(sum.runningSeconds) },
            { title: t('usagePage.received'), show: (sum) => bytes(sum.receivedBytes) },
            { title: t('usagePage.sent'), show: (sum) => bytes(sum.sentBytes) },
            { title: t('usagePage.unknown'), show: (sum) => (sum.gapSeconds === 0 ? t('usagePage.unknown.none') : span(sum.gapSeconds)) },
          ]}
        />
      </>
    )
  );
}
