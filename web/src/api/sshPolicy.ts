// SPDX-License-Identifier: Apache-2.0
// Who gets in by SSH beyond keys: CAs, the demand of a second factor, and who is kept out.
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything, PAGE } from './queries';
import type { SecondFactorDemand, SshAuthority, SshBan } from './types';

export const authoritiesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['ssh-authorities', tenant],
    queryFn: ({ signal }) =>
      everything<SshAuthority>(() => ask(api.GET('/api/v1/tenants/{tenant}/ssh-authorities', { params: { path: { tenant } }, signal }))),
  });

export const sshFactorQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['ssh-second-factor', tenant],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/tenants/{tenant}/ssh-second-factor', { params: { path: { tenant } }, signal })) as Promise<SecondFactorDemand>,
  });

const BANS_RUN_OUT_MILLIS = 30_000;

export const bansQuery = queryOptions({
  queryKey: ['ssh-bans'],
  queryFn: ({ signal }) =>
    everything<SshBan>((cursor) => ask(api.GET('/api/v1/ssh-bans', { params: { query: { cursor, limit: PAGE } }, signal }))),
  refetchInterval: BANS_RUN_OUT_MILLIS,
});
