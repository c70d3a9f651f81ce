// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isUrl, readable, TOLD, wire } from './types';

test('an event is called as messages call it', () => {
  expect(wire('CONTAINER_STATE_CHANGED')).toBe('container.state_changed');
  expect(TOLD.map(wire)).toContain('invoice.paid');
});

test('a url is one before it is sent', () => {
  expect(isUrl('https://berth.example/told')).toBe(true);
  expect(isUrl('berth.example/told')).toBe(false);
  expect(isUrl('https://berth.example/a b')).toBe(false);
  expect(isUrl(`https://berth.example/${'a'.repeat(500)}`)).toBe(false);
});

test('a message is shown in lines, and one that is no JSON as it is', () => {
  expect(readable('{"type":"endpoint.test"}')).toBe('{\n  "type": "endpoint.test"\n}');
  expect(readable('not JSON')).toBe('not JSON');
});
