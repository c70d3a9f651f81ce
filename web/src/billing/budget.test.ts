// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Budget } from '../api/types';
import { typed, wished } from './budget';

const fields = { ...typed(null), monthly: '100' };

test('what is left empty is never done', () => {
  expect(wished(fields)).toEqual({ currency: 'EUR', monthly: 10_000, alerts: [50, 80, 100], caps: {} });
  expect(wished({ ...fields, stopAt: '120', alerts: '' })).toEqual({ currency: 'EUR', monthly: 10_000, alerts: [], caps: { stopAt: 120 } });
});

test('nothing is sent that is no budget', () => {
  for (const wrong of [{ monthly: '' }, { monthly: '0' }, { monthly: '1.005' }, { currency: 'euro' }, { alerts: '50, half' }, { freezeAt: '0' }]) {
    expect(wished({ ...fields, ...wrong })).toBeNull();
  }
});

test('a budget is typed as it was set', () => {
  const caps = { throttleAt: 90, freezeAt: null, stopAt: 150 };
  const budget = { currency: 'EUR', monthly: 12_345, alerts: [80], caps } as Budget;
  expect(wished(typed(budget))).toEqual({ currency: 'EUR', monthly: 12_345, alerts: [80], caps: { throttleAt: 90, stopAt: 150 } });
});
