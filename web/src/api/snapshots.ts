// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything } from './queries';
import type { Snapshot, SnapshotSchedule } from './types';

export const CADENCES = ['HOURLY', 'DAILY', 'WEEKLY'] as const;

const NODE_TAKES_SOME_MILLIS = 15_000; // the node's root and schedules take snapshots, of which no event tells

export const snapshotsQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['snapshots', tenant, container],
    queryFn: ({ signal }) =>
      everything<Snapshot>(() =>
        ask(api.GET('/api/v1/tenants/{tenant}/containers/{container}/snapshots', { params: { path: { tenant, container } }, signal })),
      ),
    refetchInterval: NODE_TAKES_SOME_MILLIS,
  });

export const schedulesQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['snapshot-schedules', tenant, container],
    queryFn: ({ signal }) =>
      everything<SnapshotSchedule>(() =>
        ask(api.GET('/api/v1/tenants/{tenant}/containers/{container}/snapshot-schedules', { params: { path: { tenant, container } }, signal })),
      ),
  });
