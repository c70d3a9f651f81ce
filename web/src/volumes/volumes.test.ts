// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Volume } from '../api/types';
import { attachable } from './attachable';
import { bytesOf, gibOf, LEAST } from './size';

const volume = (name: string, more: object = {}) => ({ id: name, name, node: 'one', state: 'READY', ...more }) as unknown as Volume;

test('a size is whole bytes, and the least is 64 MiB', () => {
  expect(bytesOf(LEAST)).toBe(67_108_864);
  expect(bytesOf(0.1)).toBe(107_374_182);
  expect(gibOf(bytesOf(1.5))).toBe(1.5);
});

test('only what a container can have is offered', () => {
  const had = { id: 'had', name: 'had', path: '/srv', readOnly: false };
  const volumes = [volume('had'), volume('free'), volume('elsewhere', { node: 'two' }), volume('going', { state: 'DELETING' })];
  expect(attachable({ node: 'one', volumes: [had] }, volumes).map((each) => each.name)).toEqual(['free']);
});
