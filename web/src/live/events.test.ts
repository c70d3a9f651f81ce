// SPDX-License-Identifier: Apache-2.0
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { containersQuery } from '../api/queries';
import type { Container } from '../api/types';
import { applyContainer, merged } from './events';

const named = (name: string, more: object = {}) => ({ id: name, name, tenant: 'demo', ...more }) as unknown as Container;

test('a new container stands where the platform would list it', () => {
  expect(merged([named('a'), named('c')], named('b'), false).map((each) => each.name)).toEqual(['a', 'b', 'c']);
  expect(merged([named('a')], named('z'), false).map((each) => each.name)).toEqual(['a', 'z']);
});

test('one that changed takes its own place', () => {
  expect(merged([named('a'), named('b')], named('b', { state: 'RUNNING' }), false)[1]?.state).toBe('RUNNING');
});

test('one that is gone leaves the list, once', () => {
  expect(merged([named('a')], named('a'), true)).toEqual([]);
  expect(merged([named('a')], named('b'), true)).toEqual([named('a')]);
});

test('an event changes the list that was fetched, and makes none where there is none', () => {
  const queries = new QueryClient();
  const key = containersQuery('demo').queryKey;
  applyContainer(queries, { tenant: 'demo', change: 'CREATED', resource: named('a') });
  expect(queries.getQueryData(key)).toBeUndefined();
  queries.setQueryData(key, [named('a')]);
  applyContainer(queries, { tenant: 'demo', change: 'DELETED', resource: named('a') });
  expect(queries.getQueryData(key)).toEqual([]);
});
