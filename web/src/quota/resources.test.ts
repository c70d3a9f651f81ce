// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isLimit, limitsOf, typedOf } from './resources';

const line = { resource: 'MEMORY_BYTES', used: 0, hard: 2_147_483_648, soft: null, isDefault: false, state: 'WITHIN' } as const;

test('limits are typed in GiB and CPUs', () => {
  expect(limitsOf({ MEMORY_BYTES: '1.5', MILLI_CPUS: '2', CONTAINERS: '' })).toEqual({ memoryBytes: 1_610_612_736, milliCpus: 2_000 });
});

test('what is the platform’s default is not made the tenant’s own', () => {
  expect(typedOf([line], 'hard')).toEqual({ MEMORY_BYTES: '2' });
  expect(typedOf([{ ...line, isDefault: true }], 'hard')).toEqual({});
});

test('a limit is a number, and 0 is one', () => {
  expect(isLimit('0')).toBe(true);
  expect(isLimit('-1')).toBe(false);
  expect(isLimit('many')).toBe(false);
});
