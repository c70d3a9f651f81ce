// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything, PAGE } from './queries';
import type { Recording, RecordingPolicy } from './types';

const GROWS_MILLIS = 10_000; // of sessions that begin or end, no event tells

export const recordingsQuery = (tenant: string, container: string | undefined) =>
  queryOptions({
    queryKey: ['recordings', tenant, container],
    queryFn: ({ signal }) =>
      everything<Recording>((cursor) =>
        ask(api.GET('/api/v1/tenants/{tenant}/recordings', { params: { path: { tenant }, query: { container, cursor, limit: PAGE } }, signal })),
      ),
    refetchInterval: GROWS_MILLIS,
  });

export const recordingQuery = (tenant: string, recording: string) =>
  queryOptions({
    queryKey: ['recordings', tenant, 'one', recording],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/tenants/{tenant}/recordings/{recording}', { params: { path: { tenant, recording } }, signal })) as Promise<Recording>,
  });

export const recordingPolicyQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['recording-policy', tenant],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/tenants/{tenant}/recording-policy', { params: { path: { tenant } }, signal })) as Promise<RecordingPolicy>,
    refetchInterval: GROWS_MILLIS, // how much is in use
  });

/** Where the recording itself is; asciinema plays what is saved from there. */
export function castOf(tenant: string, recording: string): string {
  return `/api/v1/tenants/${encodeURIComponent(tenant)}/recordings/${encodeURIComponent(recording)}/cast`;
}

export const castQuery = (tenant: string, recording: string) =>
  queryOptions({
    queryKey: ['recordings', tenant, 'cast', recording],
    queryFn: ({ signal }) =>
      ask<string>(
        api.GET('/api/v1/tenants/{tenant}/recordings/{recording}/cast', {
          params: { path: { tenant, recording } },
          parseAs: 'text',
          signal,
        }),
      ),
    staleTime: 'static',
    gcTime: 0,
  });
