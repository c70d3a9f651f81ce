// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useParams } from '@tanstack/react-router';
import { tenantsQuery } from '../api/queries';
import type { Me } from '../api/types';

const shell = getRouteApi('/shell');

export function useMe(): Me {
  return shell.useRouteContext().me;
}

/** The tenant of the address, else the one that was looked at last, else the first. */
export function useTenantName(): string | undefined {
  const { tenant } = useParams({ strict: false });
  const tenants = useQuery(tenantsQuery);
  if (tenant !== undefined) {
    sessionStorage.setItem(LAST, tenant);
    return tenant;
  }
  const last = sessionStorage.getItem(LAST);
  const names = tenants.data?.map((each) => each.name) ?? [];
  return last !== null && names.includes(last) ? last : names[0];
}

const LAST = 'berth-tenant';
