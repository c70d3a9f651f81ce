// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything, PAGE } from './queries';
import type { Operation, Volume, VolumeUsage } from './types';
import { whileNotLive } from '../live/liveness';

const USUAL_MILLIS = 4_000;

export const volumesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['volumes', tenant],
    queryFn: ({ signal }) =>
      everything<Volume>((cursor) =>
        ask(api.GET('/api/v1/tenants/{tenant}/volumes', { params: { path: { tenant }, query: { cursor, limit: PAGE } }, signal })),
      ),
    refetchInterval: () => whileNotLive(USUAL_MILLIS),
  });

/** What each one's files take, by the volume's id: the node is asked once for all of them. */
export const volumeUsageQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['volume-usage', tenant],
    queryFn: async ({ signal }) => {
      const usages = await everything<VolumeUsage>(() =>
        ask(api.GET('/api/v1/tenants/{tenant}/volume-usage', { params: { path: { tenant } }, signal })),
      );
      return new Map(usages.map((usage) => [usage.id, usage]));
    },
    staleTime: 15_000,
  });

export async function makeVolume(tenant: string, name: string, diskBytes: number): Promise<Operation> {
  return (await ask(api.POST('/api/v1/tenants/{tenant}/volumes', { params: { path: { tenant } }, body: { name, diskBytes } }))) as Operation;
}

export async function resizeVolume({ tenant, name }: Volume, diskBytes: number): Promise<Operation> {
  return (await ask(
    api.PATCH('/api/v1/tenants/{tenant}/volumes/{volume}', { params: { path: { tenant, volume: name } }, body: { diskBytes } }),
  )) as Operation;
}

export async function deleteVolume({ tenant, name }: Volume): Promise<Operation> {
  return (await ask(api.DELETE('/api/v1/tenants/{tenant}/volumes/{volume}', { params: { path: { tenant, volume: name } } }))) as Operation;
}

interface Where {
  tenant: string;
  container: string;
  volume: string;
}

export async function attachVolume(path: Where, place: { path: string; readOnly: boolean }): Promise<Operation> {
  return (await ask(
    api.PUT('/api/v1/tenants/{tenant}/containers/{container}/volumes/{volume}', { params: { path }, body: place }),
  )) as Operation;
}

export async function detachVolume(path: Where): Promise<Operation> {
  return (await ask(api.DELETE('/api/v1/tenants/{tenant}/containers/{container}/volumes/{volume}', { params: { path } }))) as Operation;
}
