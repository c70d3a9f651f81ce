// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { endOf, TIMES } from './banTimes';
import { couponState } from './couponState';

test('a ban ends when it was said to, or when it is lifted', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');
  expect(endOf('hour', now)).toEqual({ expiresAt: '2026-11-26T13:00:00.000Z' });
  expect(endOf('month', now)).toEqual({ expiresAt: '2026-12-26T12:00:00.000Z' });
  expect(endOf('forever', now)).toEqual({});
  expect(TIMES.every((time) => time === 'forever' || endOf(time, now).expiresAt !== undefined)).toBe(true);
});

test('a coupon says why nobody can take it any more', () => {
  const now = new Date('2026-11-26T12:00:00Z');
  const open = { endedAt: null, expiresAt: null, most: null, used: 3 };
  expect(couponState(open, now)).toBe('open');
  expect(couponState({ ...open, most: 3 }, now)).toBe('taken');
  expect(couponState({ ...open, most: 3, expiresAt: '2026-11-26T12:00:00Z' }, now)).toBe('expired');
  expect(couponState({ ...open, endedAt: '2026-11-20T12:00:00Z' }, now)).toBe('ended');
});
