// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { barsPath, linePath, topOf } from './chartPath';

test('the scale ends at the largest value, or at the limit where that is higher', () => {
  expect(topOf([{ values: [1, 4, null] }])).toBe(4);
  expect(topOf([{ values: [1, 4] }], 10)).toBe(10);
  expect(topOf([{ values: [] }])).toBe(1);
});

test('a line has a gap where nothing is known', () => {
  expect(linePath([0, 10, null, 10], 10)).toBe('M0.00 100.00L33.33 0.00M100.00 0.00');
});

test('bars of two series stand side by side', () => {
  expect(barsPath([1, 0], 1, 1, 2)).toBe('M18.75 100V0.00h18.75V100Z');
});
