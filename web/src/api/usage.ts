// SPDX-License-Identifier: Apache-2.0
// What was used, as it is metered: by the minute, the hour and the day.
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything, PAGE } from './queries';
import type { UsagePeriod, UsageSample } from './types';

const HOUR_MILLIS = 3_600_000;
const MINUTE_MILLIS = 60_000;

/** The samples of the last hour, a minute each. */
export const networkQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['samples', tenant, container],
    queryFn: async ({ signal }) => {
      const from = new Date(Date.now() - HOUR_MILLIS).toISOString();
      const samples = await everything<UsageSample>((cursor) =>
        ask(
          api.GET('/api/v1/tenants/{tenant}/usage/samples', {
            params: { path: { tenant }, query: { container, from, cursor: cursor === undefined ? undefined : Number(cursor), limit: PAGE } },
            signal,
          }),
        ),
      );
      return samples.filter((sample) => sample.seconds > 0);
    },
    refetchInterval: MINUTE_MILLIS,
  });

export interface Question {
  tenant: string;
  resolution: 'HOUR' | 'DAY';
  by: 'TENANT' | 'CONTAINER';
  from: string;
}

export const usagePeriodsQuery = ({ tenant, ...query }: Question) =>
  queryOptions({
    queryKey: ['usage', tenant, query],
    queryFn: ({ signal }) =>
      everything<UsagePeriod>((cursor) =>
        ask(api.GET('/api/v1/tenants/{tenant}/usage', { params: { path: { tenant }, query: { ...query, cursor, limit: PAGE } }, signal })),
      ),
    refetchInterval: MINUTE_MILLIS,
  });
