// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything, PAGE } from './queries';
import type { SshSession } from './types';

const LIVE_MILLIS = 3_000; // sessions have no events; the gateway tells about them every two seconds

export const sshSessionsQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['ssh-sessions', tenant, container],
    queryFn: ({ signal }) =>
      everything<SshSession>((cursor) =>
        ask(api.GET('/api/v1/tenants/{tenant}/ssh-sessions', { params: { path: { tenant }, query: { container, cursor, limit: PAGE } }, signal })),
      ),
    refetchInterval: LIVE_MILLIS,
  });
