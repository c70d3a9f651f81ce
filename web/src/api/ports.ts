// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything } from './queries';
import type { PublishedPort } from './types';

export const portsQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['ports', tenant, container],
    queryFn: ({ signal }) =>
      everything<PublishedPort>(() =>
        ask(api.GET('/api/v1/tenants/{tenant}/containers/{container}/ports', { params: { path: { tenant, container } }, signal })),
      ),
  });
