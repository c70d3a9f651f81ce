// SPDX-License-Identifier: Apache-2.0
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import type { TrailEntry } from './types';

export const OUTCOMES = ['DONE', 'REFUSED', 'FAILED'] as const;

/** What is looked for, as it stands in the address. */
export interface AuditFilter {
  actor?: string;
  outcome?: (typeof OUTCOMES)[number];
  /** How the path begins. */
  path?: string;
}

const PAGE = 100;

interface Entries {
  items?: unknown[];
  next?: string | null;
}

/** A tenant's part of the trail, or all of it for operators; the newest first, page after page. */
export const auditQuery = (tenant: string | undefined, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', tenant ?? '', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filter, cursor: pageParam, limit: PAGE };
      const page = (await (tenant === undefined
        ? ask(api.GET('/api/v1/audit', { params: { query }, signal }))
        : ask(api.GET('/api/v1/tenants/{tenant}/audit', { params: { path: { tenant }, query }, signal })))) as Entries;
      return { items: (page.items ?? []) as TrailEntry[], next: page.next ?? undefined };
    },
    getNextPageParam: (last) => last.next,
  });
