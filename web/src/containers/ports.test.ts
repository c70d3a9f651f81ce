// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isPort, keyOf } from './ports';

test('ports are whole numbers from 1 to 65535', () => {
  expect(['1', '80', '65535', ' 80 '].every(isPort)).toBe(true);
  expect(['', '0', '65536', '-1', '8e1', '80/tcp', '1.5'].some(isPort)).toBe(false);
});

test('a port is named by protocol and number', () => {
  expect(keyOf({ protocol: 'UDP', hostPort: 20053, containerPort: 53, state: 'OPEN', createdAt: '' })).toBe('udp-20053');
});
