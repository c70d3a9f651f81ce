// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import type { QuotaReport } from './types';

export const quotaQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['quota', tenant],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/tenants/{tenant}/quota', { params: { path: { tenant } }, signal })) as Promise<QuotaReport>,
  });
