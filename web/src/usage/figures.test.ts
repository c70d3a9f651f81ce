// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { UsagePeriod } from '../api/types';
import { average, byContainer } from './figures';

const day = { from: '2026-11-25T00:00:00Z', to: '2026-11-26T00:00:00Z' };
const period = (container: string, cpuMicros: number) =>
  ({ ...day, container, name: container, cpuMicros, seconds: 1, runningSeconds: 1, gapSeconds: 0, receivedBytes: 2, sentBytes: 3 }) as UsagePeriod;

test('a GiB for half a day is half a GiB on average', () => {
  expect(average(1024 * 43_200, day)).toBe(512);
});

test('each container has one sum, the busiest first', () => {
  const sums = byContainer([period('web', 1), period('db', 10), period('web', 2)]);
  expect(sums.map((each) => [each.name, each.cpuMicros, each.sentBytes])).toEqual([
    ['db', 10, 3],
    ['web', 3, 6],
  ]);
});
