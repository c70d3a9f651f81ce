// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Tenant } from '../api/types';
import { whyHeld } from './held';

const free = { state: 'ACTIVE', parent: null, suspension: null, deletion: null, overBudget: null } as const;
const held = { ...free, state: 'SUSPENDED' } as const;
const suspension = { reason: 'unpaid', by: 'admin', since: '2026-11-26T12:00:00Z', containers: 'FREEZE' } as Tenant['suspension'];

test('who is held reads why, and one who is not reads nothing', () => {
  expect(whyHeld(free)).toBeNull();
  expect(whyHeld({ ...held, suspension })).toContain('unpaid');
  expect(whyHeld({ ...held, overBudget: 'acme' })).toContain('acme');
  expect(whyHeld({ ...held, parent: 'above' })).toContain('above');
});

test('what is going to be deleted says when, whatever else holds it', () => {
  const deletion = { at: '2026-12-26T12:00:00Z', reason: null, by: 'admin', askedAt: '2026-11-26T12:00:00Z' } as Tenant['deletion'];
  expect(whyHeld({ ...held, suspension, deletion })).toMatch(/Dec 26, 2026.*no reason/);
});
