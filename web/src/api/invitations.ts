// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything, PAGE } from './queries';
import type { Invitation } from './types';

export const invitationsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['invitations', tenant],
    queryFn: ({ signal }) =>
      everything<Invitation>((cursor) =>
        ask(api.GET('/api/v1/tenants/{tenant}/invitations', { params: { path: { tenant }, query: { cursor, limit: PAGE } }, signal })),
      ),
  });
