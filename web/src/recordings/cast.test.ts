// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { clock, lengthOf, parseCast, withoutPauses } from './cast';

const CAST = [
  '{"version": 2, "width": 80, "height": 24, "timestamp": 1795680000, "env": {"TERM": "xterm"}}',
  '[0.5, "o", "$ "]',
  '[1.0, "i", "x"]',
  '[61.0, "r", "100x30"]',
  '[61.5, "o", "\\u001b[31mred\\r\\n"]',
  '[62.0, "o", "ha',
].join('\n');

test('what is shown comes with its time, what was typed does not, and half a line is left out', () => {
  const cast = parseCast(CAST);
  expect([cast.columns, cast.rows]).toEqual([80, 24]);
  expect(cast.events).toEqual([
    { at: 0.5, kind: 'output', data: '$ ' },
    { at: 61, kind: 'resize', data: '100x30' },
    { at: 61.5, kind: 'output', data: '\u001b[31mred\r\n' },
  ]);
});

test('anything else is refused', () => {
  expect(() => parseCast('')).toThrow('asciicast');
  expect(() => parseCast('{"version": 1}')).toThrow('asciicast');
});

test('a long pause becomes a short one, and what follows keeps its pace', () => {
  const events = withoutPauses(parseCast(CAST).events, 2);
  expect(events.map((each) => each.at)).toEqual([0.5, 2.5, 3]);
  expect(lengthOf(events)).toBe(3);
  expect(lengthOf([])).toBe(0);
});

test('a time reads as on a clock', () => {
  expect([7.9, 760, 3723].map(clock)).toEqual(['0:07', '12:40', '1:02:03']);
});
