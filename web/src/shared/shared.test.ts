// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { matching } from '../shell/matching';
import { bytes, cpus, relative, span } from './format';
import { plain } from './plain';
import { curl, quoted } from './shell';

test('sizes have the digits that tell something', () => {
  expect(bytes(512)).toBe('512 B');
  expect(bytes(1_073_741_824)).toBe('1 GiB');
  expect(bytes(1_610_612_736)).toBe('1.5 GiB');
  expect(cpus(500)).toBe('0.5 CPUs');
  expect(cpus(1000)).toBe('1 CPU');
});

test('times are told as people do', () => {
  const now = new Date('2026-11-26T12:00:00Z');
  expect(relative(new Date('2026-11-26T11:58:00Z'), now)).toBe('2 minutes ago');
  expect(relative(new Date('2026-11-27T12:00:00Z'), now)).toBe('tomorrow');
  expect(relative(now, now)).toBe('just now');
  expect(span(11_520)).toBe('3 h 12 min');
});

test('a shell reads back what was quoted, whatever is in it', () => {
  expect(quoted('demo/web')).toBe('demo/web');
  expect(quoted("it's $(rm)")).toBe(`'it'\\''s $(rm)'`);
});

test('a curl line keeps the token out of the history', () => {
  expect(curl('POST', '/tenants', { name: 'acme' }, 'http://berth')).toBe(
    `curl --fail-with-body -sS -H "Authorization: Bearer $BERTH_TOKEN" -X POST -H 'Content-Type: application/json' -d '{"name":"acme"}' http://berth/api/v1/tenants`,
  );
});

test('a console log moves no cursor and rings no bell', () => {
  expect(plain('\u001b[1;31mred\u001b[0m\u0007\r\nnext\u001b]0;title\u0007')).toBe('red\nnext');
});

test('the palette finds each word, beginnings first', () => {
  const entries = ['Audit', 'web', 'my web'].map((title) => ({ title, where: 'demo', href: title }));
  expect(matching(entries, 'we').map((each) => each.title)).toEqual(['web', 'my web']);
  expect(matching(entries, 'demo aud').map((each) => each.title)).toEqual(['Audit']);
  expect(matching(entries, '')).toHaveLength(3);
});
