// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ask, cookie } from './client';
import { ApiError } from './problem';
import { everything } from './queries';
import { randomUuid } from './random';

test('a cookie is found by its whole name', () => {
  expect(cookie('XSRF-TOKEN', 'A-XSRF-TOKEN=no; XSRF-TOKEN=a%2Fb')).toBe('a/b');
  expect(cookie('XSRF-TOKEN', '')).toBeUndefined();
});

test('a refusal is thrown with the words of the platform', async () => {
  const problem = { type: 'urn:berth:problem:name-taken', title: 'The name is taken', status: 409, detail: 'choose another' };
  const answer = ask(Promise.resolve({ error: problem, response: new Response(null, { status: 409 }) }));
  await expect(answer).rejects.toMatchObject({ problem });
});

test('an answer that is no problem+json has words, too', async () => {
  const answer = ask(Promise.resolve({ error: '<html>', response: new Response(null, { status: 502 }) }));
  await expect(answer).rejects.toThrow(ApiError);
  await expect(answer).rejects.toMatchObject({ problem: { status: 502 } });
});

test('a platform out of reach says what to do', async () => {
  await expect(ask(Promise.reject(new TypeError('fetch failed')))).rejects.toMatchObject({ problem: { status: 0 } });
});

test('a list is all of its pages', async () => {
  const pages: Record<string, object> = { '': { items: [1, 2], next: 'x' }, x: { items: [3], next: null } };
  expect(await everything((cursor) => Promise.resolve(pages[cursor ?? '']))).toEqual([1, 2, 3]);
});

test('keys for idempotency are UUIDs of version 4', () => {
  expect(randomUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
