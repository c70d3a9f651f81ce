// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { cpuRates } from './usage';

const figure = (second: number, cpuMicros: number, since = '2026-11-26T11:00:00Z') => ({
  at: `2026-11-26T12:00:0${second}Z`,
  since,
  cpuMicros,
});

test('a second of processor time in two seconds is half a CPU', () => {
  expect(cpuRates([figure(0, 5_000_000), figure(2, 6_000_000)])).toEqual([null, 500]);
});

test('a restart is a gap and no negative rate', () => {
  expect(cpuRates([figure(0, 5_000_000), figure(2, 10_000, '2026-11-26T12:00:01Z')])).toEqual([null, null]);
});
