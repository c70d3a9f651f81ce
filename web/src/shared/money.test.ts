// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { money, monthBefore, monthOf } from './money';

test('minor units have as many digits as the currency', () => {
  expect(money(123_456, 'EUR')).toBe('€1,234.56');
  expect(money(1_234, 'JPY')).toBe('¥1,234');
});

test('the month before January is December', () => {
  expect(monthOf(new Date('2026-11-30T23:59:59Z'))).toBe('2026-11');
  expect(monthBefore(new Date('2026-01-31T00:00:00Z'))).toBe('2025-12');
});
