// SPDX-License-Identifier: Apache-2.0
// What the portal asks for, a query per resource. Keys begin with the resource's name, so that an event can say what is stale.
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import type {
  Container,
  Denials,
  Drift,
  Factors,
  Grant,
  HostKey,
  IdRange,
  Image,
  Me,
  Member,
  Node,
  Operation,
  Passport,
  SignInPolicy,
  SshCertificate,
  SshKey,
  Tenant,
  Token,
  Usage,
  User,
  VirtualPatch,
} from './types';
import { whileNotLive } from '../live/liveness';

/** The most that a page of any list has. */
export const PAGE = 500;
const USUAL_MILLIS = 4_000;
const SLOW_MILLIS = 15_000;

interface Page {
  items?: unknown[];
  next?: string | null;
}

/** All pages of a list, one after the other. */
export async function everything<T>(page: (cursor: string | undefined) => Promise<unknown>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = (await page(cursor)) as Page;
    items.push(...((answer.items ?? []) as T[]));
    cursor = answer.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/session', { signal })) as Promise<Me>,
  staleTime: 60_000,
  retry: false,
});

export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) =>
    everything<Tenant>((cursor) => ask(api.GET('/api/v1/tenants', { params: { query: { cursor, limit: PAGE } }, signal }))),
  staleTime: 30_000,
});

export const containersQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['containers', tenant],
    queryFn: ({ signal }) =>
      everything<Container>((cursor) =>
        ask(
          api.GET('/api/v1/tenants/{tenant}/containers', {
            params: { path: { tenant }, query: { cursor, limit: PAGE } },
            signal,
          }),
        ),
      ),
    // a list of many pages is fetched less often
    refetchInterval: (query) =>
      whileNotLive((query.state.data?.length ?? 0) > PAGE ? SLOW_MILLIS : USUAL_MILLIS),
  });

const inContainer = (tenant: string, container: string) => ({ path: { tenant, container } });

export const containerQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['container', tenant, container],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/tenants/{tenant}/containers/{container}', { params: inContainer(tenant, container), signal }),
      ) as Promise<Container>,
    refetchInterval: () => whileNotLive(USUAL_MILLIS),
  });

export const consoleQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['console', tenant, container],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/tenants/{tenant}/containers/{container}/console', {
          params: inContainer(tenant, container),
          parseAs: 'text',
          signal,
        }),
      ),
    refetchInterval: SLOW_MILLIS,
  });

export const denialsQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['denials', tenant, container],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/tenants/{tenant}/containers/{container}/denials', {
          params: inContainer(tenant, container),
          signal,
        }),
      ) as Promise<Denials>,
    refetchInterval: SLOW_MILLIS,
  });

export const grantsQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['grants', tenant, container],
    queryFn: ({ signal }) =>
      everything<Grant>((cursor) =>
        ask(
          api.GET('/api/v1/tenants/{tenant}/containers/{container}/grants', {
            params: { ...inContainer(tenant, container), query: { cursor, limit: PAGE } },
            signal,
          }),
        ),
      ),
  });

export const keysQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['ssh-keys', tenant],
    queryFn: ({ signal }) =>
      everything<SshKey>((cursor) =>
        ask(
          api.GET('/api/v1/tenants/{tenant}/ssh-keys', {
            params: { path: { tenant }, query: { cursor, limit: PAGE } },
            signal,
          }),
        ),
      ),
  });

export const certificatesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['ssh-certificates', tenant],
    queryFn: ({ signal }) =>
      everything<SshCertificate>((cursor) =>
        ask(
          api.GET('/api/v1/tenants/{tenant}/ssh-certificates', {
            params: { path: { tenant }, query: { cursor, limit: PAGE } },
            signal,
          }),
        ),
      ),
  });

export const hostKeysQuery = queryOptions({
  queryKey: ['ssh-host-keys'],
  queryFn: ({ signal }) => everything<HostKey>(() =>
      ask(api.GET('/api/v1/ssh-host-keys', { params: { query: { host: window.location.hostname } }, signal })),
    ),
  staleTime: 300_000,
});

export const membersQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['members', tenant],
    queryFn: ({ signal }) =>
      everything<Member>((cursor) =>
        ask(
          api.GET('/api/v1/tenants/{tenant}/members', {
            params: { path: { tenant }, query: { cursor, limit: PAGE } },
            signal,
          }),
        ),
      ),
  });

/** The newest page only: what happened long ago is asked for by its id. */
export const operationsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: ['operations', tenant ?? ''],
    queryFn: async ({ signal }) => {
      const page = await ask(api.GET('/api/v1/operations', { params: { query: { tenant, limit: 200 } }, signal }));
      return ((page as Page).items ?? []) as Operation[];
    },
    refetchInterval: () => whileNotLive(USUAL_MILLIS),
  });

export const operationQuery = (operation: string) =>
  queryOptions({
    queryKey: ['operation', operation],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/operations/{operation}', { params: { path: { operation } }, signal })) as Promise<Operation>,
    refetchInterval: (query) =>
      query.state.data === undefined || !isFinished(query.state.data) ? whileNotLive(1_000) : false,
  });

export function isFinished(operation: Operation): boolean {
  return !['PENDING', 'RUNNING'].includes(operation.state);
}

export const imagesQuery = queryOptions({
  queryKey: ['images'],
  queryFn: ({ signal }) => everything<Image>(() => ask(api.GET('/api/v1/images', { signal }))),
  staleTime: 30_000,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => everything<Token>(() => ask(api.GET('/api/v1/tokens', { signal }))),
});

export const secondFactorsQuery = queryOptions({
  queryKey: ['second-factors'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/account/second-factors', { signal })) as Promise<Factors>,
});

export const signInPolicyQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['sign-in-policy', tenant],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/tenants/{tenant}/sign-in-policy', { params: { path: { tenant } }, signal })) as Promise<SignInPolicy>,
  });

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) =>
    everything<User>((cursor) => ask(api.GET('/api/v1/users', { params: { query: { cursor, limit: PAGE } }, signal }))),
});

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: ({ signal }) => everything<Node>(() => ask(api.GET('/api/v1/nodes', { signal }))),
  refetchInterval: () => whileNotLive(SLOW_MILLIS),
});

export const idRangesQuery = (node: string) =>
  queryOptions({
    queryKey: ['id-ranges', node],
    queryFn: ({ signal }) =>
      everything<IdRange>((cursor) =>
        ask(
          api.GET('/api/v1/nodes/{node}/id-ranges', {
            params: { path: { node }, query: { cursor: cursor === undefined ? undefined : Number(cursor), limit: PAGE } },
            signal,
          }),
        ),
      ),
  });

export const nodeUsageQuery = queryOptions({
  queryKey: ['node-usage'],
  queryFn: ({ signal }) => everything<Usage>(() => ask(api.GET('/api/v1/usage', { params: { query: { limit: 10 } }, signal }))),
  refetchInterval: SLOW_MILLIS,
});

export const patchesQuery = queryOptions({
  queryKey: ['patches'],
  queryFn: ({ signal }) => everything<VirtualPatch>(() => ask(api.GET('/api/v1/patches', { signal }))),
});

export const driftsQuery = (onlyOpen: boolean) =>
  queryOptions({
    queryKey: ['drifts', onlyOpen],
    queryFn: ({ signal }) =>
      everything<Drift>((cursor) =>
        ask(api.GET('/api/v1/drifts', { params: { query: { open: onlyOpen, cursor, limit: PAGE } }, signal })),
      ),
    refetchInterval: () => whileNotLive(SLOW_MILLIS),
  });

export const passportQuery = (tenant: string, container: string) =>
  queryOptions({
    queryKey: ['passport', tenant, container],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/tenants/{tenant}/containers/{container}/passport', {
          params: inContainer(tenant, container),
          signal,
        }),
      ) as Promise<Passport>,
    staleTime: 30_000, // the node looks at the kernel for each
  });
