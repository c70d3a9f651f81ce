// SPDX-License-Identifier: Apache-2.0
import type { UsagePeriod } from '../api/types';

const MICROS_PER_HOUR = 3_600_000_000;

/** Hours of processor time. */
export function cpuHours(period: Pick<UsagePeriod, 'cpuMicros'>): number {
  return period.cpuMicros / MICROS_PER_HOUR;
}

/** What was had on average over the whole period, all containers together; it may have run for a part of it only. */
export function average(byteSeconds: number, { from, to }: Pick<UsagePeriod, 'from' | 'to'>): number {
  return byteSeconds / ((new Date(to).getTime() - new Date(from).getTime()) / 1000);
}

type Counted = 'seconds' | 'runningSeconds' | 'gapSeconds' | 'cpuMicros' | 'receivedBytes' | 'sentBytes';
const COUNTED: Counted[] = ['seconds', 'runningSeconds', 'gapSeconds', 'cpuMicros', 'receivedBytes', 'sentBytes'];

export interface Sum extends Record<Counted, number> {
  container: string;
  name: string;
}

/** What each container used in all of the periods, the busiest first. */
export function byContainer(periods: UsagePeriod[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const period of periods) {
    const container = period.container ?? '';
    const sum = sums.get(container) ?? { container, name: period.name ?? container, ...zeros() };
    COUNTED.forEach((key) => (sum[key] += period[key]));
    sums.set(container, sum);
  }
  return [...sums.values()].sort((one, other) => other.cpuMicros - one.cpuMicros);
}

function zeros(): Record<Counted, number> {
  return { seconds: 0, runningSeconds: 0, gapSeconds: 0, cpuMicros: 0, receivedBytes: 0, sentBytes: 0 };
}
