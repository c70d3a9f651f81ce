// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isCurrency, minorOf, money, monthBefore, monthOf, typedOf } from './money';

test('minor units have as many digits as the currency', () => {
  expect(money(123_456, 'EUR')).toBe('€1,234.56');
  expect(money(1_234, 'JPY')).toBe('¥1,234');
});

test('what is typed is an amount of the currency to the last digit, or none', () => {
  expect(minorOf('12.5', 'EUR')).toBe(1250);
  expect(minorOf('0.29', 'EUR')).toBe(29);
  expect(minorOf('12', 'JPY')).toBe(12);
  expect(minorOf('12.5', 'JPY')).toBeNull();
  expect(minorOf('1.005', 'EUR')).toBeNull();
  expect(minorOf('-1', 'EUR')).toBeNull();
  expect(minorOf('1e3', 'EUR')).toBeNull();
  expect(minorOf(typedOf(123_456, 'EUR'), 'EUR')).toBe(123_456);
  expect([isCurrency('EUR'), isCurrency('eur')]).toEqual([true, false]);
});

test('the month before January is December', () => {
  expect(monthOf(new Date('2026-11-30T23:59:59Z'))).toBe('2026-11');
  expect(monthBefore(new Date('2026-01-31T00:00:00Z'))).toBe('2025-12');
});
