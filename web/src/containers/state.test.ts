// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Container } from '../api/types';
import { filtered, shownState, verbs } from './state';

const web = {
  name: 'web',
  imageAlias: 'debian/bookworm',
  node: 'local',
  addresses: ['10.0.0.2'],
  state: 'RUNNING',
  desiredState: 'RUNNING',
  quarantine: null,
} as unknown as Container;

test('a state on its way is called by where it goes', () => {
  expect(shownState(web)).toBe('running');
  expect(shownState({ ...web, desiredState: 'STOPPED' })).toBe('stopping');
  expect(shownState({ ...web, state: 'STOPPED' })).toBe('starting');
  expect(shownState({ ...web, state: null })).toBe('creating');
  expect(shownState({ ...web, desiredState: 'DELETED' })).toBe('deleting');
});

test('what is in quarantine can not be touched', () => {
  expect(verbs({ ...web, quarantine: { reason: 'drift' } as never })).toEqual([]);
});

test('what runs can be stopped and not started', () => {
  expect(verbs(web)).toContain('stop');
  expect(verbs(web)).not.toContain('start');
});

test('search finds names, images and addresses, each word for itself', () => {
  const db = { ...web, name: 'db', addresses: ['10.0.0.3'] };
  expect(filtered([web, db], '10.0.0.3', undefined)).toEqual([db]);
  expect(filtered([web, db], 'bookworm WEB', undefined)).toEqual([web]);
  expect(filtered([web, db], undefined, ['stopped'])).toEqual([]);
});
