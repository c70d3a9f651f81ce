// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { ApiError } from './problem';
import { everything, PAGE } from './queries';
import type { Budget, BudgetNote, Coupon, NewBudget, Redemption } from './types';

const THE_PLATFORM_LOOKS_MILLIS = 60_000;

/** Null where none is set. */
export const budgetQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['budget', tenant],
    queryFn: async ({ signal }) => {
      try {
        return (await ask(api.GET('/api/v1/tenants/{tenant}/budget', { params: { path: { tenant } }, signal }))) as Budget;
      } catch (error) {
        if (error instanceof ApiError && error.isNotFound) {
          return null;
        }
        throw error;
      }
    },
    refetchInterval: THE_PLATFORM_LOOKS_MILLIS,
  });

/** The newest page only. */
export const budgetNotesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['budget-notes', tenant],
    queryFn: async ({ signal }) => {
      const page = await ask(
        api.GET('/api/v1/tenants/{tenant}/budget/notes', { params: { path: { tenant }, query: { limit: 100 } }, signal }),
      );
      return (page.items ?? []) as BudgetNote[];
    },
    refetchInterval: THE_PLATFORM_LOOKS_MILLIS,
  });

export async function setBudget(tenant: string, body: NewBudget): Promise<void> {
  await ask(api.PUT('/api/v1/tenants/{tenant}/budget', { params: { path: { tenant } }, body }));
}

export async function removeBudget(tenant: string): Promise<void> {
  await ask(api.DELETE('/api/v1/tenants/{tenant}/budget', { params: { path: { tenant } } }));
}

export const redemptionsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['coupon-redemptions', tenant],
    queryFn: ({ signal }) =>
      everything<Redemption>(() => ask(api.GET('/api/v1/tenants/{tenant}/coupon-redemptions', { params: { path: { tenant } }, signal }))),
  });

export const couponsQuery = queryOptions({
  queryKey: ['coupons'],
  queryFn: ({ signal }) =>
    everything<Coupon>((cursor) => ask(api.GET('/api/v1/coupons', { params: { query: { cursor, limit: PAGE } }, signal }))),
});
