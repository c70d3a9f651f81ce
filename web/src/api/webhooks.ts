// SPDX-License-Identifier: Apache-2.0
// Webhooks: a tenant's, or where no tenant is named the operators'. The paths differ by that alone.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything } from './queries';
import type { Attempt, Delivery, WebhookEndpoint, EndpointWish } from './types';

export type DeliveryState = Delivery['state'];
const DELIVERIES_A_PAGE = 50;
const WHILE_UNDER_WAY_MILLIS = 4_000;

export const endpointsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: ['webhook-endpoints', tenant ?? ''],
    queryFn: ({ signal }) =>
      everything<WebhookEndpoint>(() =>
        tenant === undefined
          ? ask(api.GET('/api/v1/webhook-endpoints', { signal }))
          : ask(api.GET('/api/v1/tenants/{tenant}/webhook-endpoints', { params: { path: { tenant } }, signal })),
      ),
  });

interface DeliveryPage {
  items: Delivery[];
  next: string | null;
}

/** The newest first; looked at again while some of them are under way. */
export const deliveriesQuery = (tenant: string | undefined, endpoint: string, state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['webhook-deliveries', tenant ?? '', endpoint, state ?? ''],
    queryFn: ({ pageParam, signal }) => {
      const query = { state, cursor: pageParam === '' ? undefined : Number(pageParam), limit: DELIVERIES_A_PAGE };
      return (
        tenant === undefined
          ? ask(api.GET('/api/v1/webhook-endpoints/{endpoint}/deliveries', { params: { path: { endpoint }, query }, signal }))
          : ask(
              api.GET('/api/v1/tenants/{tenant}/webhook-endpoints/{endpoint}/deliveries', {
                params: { path: { tenant, endpoint }, query },
                signal,
              }),
            )
      ) as Promise<DeliveryPage>;
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some((each) => each.state === 'PENDING')) === true ? WHILE_UNDER_WAY_MILLIS : false,
  });

export const attemptsQuery = (tenant: string | undefined, endpoint: string, message: string) =>
  queryOptions({
    queryKey: ['webhook-attempts', tenant ?? '', endpoint, message],
    queryFn: ({ signal }) =>
      everything<Attempt>(() =>
        tenant === undefined
          ? ask(
              api.GET('/api/v1/webhook-endpoints/{endpoint}/deliveries/{message}/attempts', {
                params: { path: { endpoint, message } },
                signal,
              }),
            )
          : ask(
              api.GET('/api/v1/tenants/{tenant}/webhook-endpoints/{endpoint}/deliveries/{message}/attempts', {
                params: { path: { tenant, endpoint, message } },
                signal,
              }),
            ),
      ),
  });

/** The answer has the secret. */
export async function addEndpoint(tenant: string | undefined, body: EndpointWish): Promise<WebhookEndpoint> {
  return (await (tenant === undefined
    ? ask(api.POST('/api/v1/webhook-endpoints', { body }))
    : ask(api.POST('/api/v1/tenants/{tenant}/webhook-endpoints', { params: { path: { tenant } }, body })))) as WebhookEndpoint;
}

export async function changeEndpoint(tenant: string | undefined, { id: endpoint, ...present }: WebhookEndpoint, enabled: boolean): Promise<void> {
  const body: EndpointWish = { url: present.url, types: present.types, enabled, ...(present.label === null ? {} : { label: present.label }) };
  await (tenant === undefined
    ? ask(api.PUT('/api/v1/webhook-endpoints/{endpoint}', { params: { path: { endpoint } }, body }))
    : ask(api.PUT('/api/v1/tenants/{tenant}/webhook-endpoints/{endpoint}', { params: { path: { tenant, endpoint } }, body })));
}

export async function removeEndpoint(tenant: string | undefined, endpoint: string): Promise<void> {
  await (tenant === undefined
    ? ask(api.DELETE('/api/v1/webhook-endpoints/{endpoint}', { params: { path: { endpoint } } }))
    : ask(api.DELETE('/api/v1/tenants/{tenant}/webhook-endpoints/{endpoint}', { params: { path: { tenant, endpoint } } })));
}

/** The answer has the new secret. */
export async function rotateSecret(tenant: string | undefined, endpoint: string): Promise<WebhookEndpoint> {
  return (await (tenant === undefined
    ? ask(api.POST('/api/v1/webhook-endpoints/{endpoint}/rotation', { params: { path: { endpoint } } }))
    : ask(
        api.POST('/api/v1/tenants/{tenant}/webhook-endpoints/{endpoint}/rotation', { params: { path: { tenant, endpoint } } }),
      ))) as WebhookEndpoint;
}

export async function tryEndpoint(tenant: string | undefined, endpoint: string): Promise<void> {
  await (tenant === undefined
    ? ask(api.POST('/api/v1/webhook-endpoints/{endpoint}/test', { params: { path: { endpoint } } }))
    : ask(api.POST('/api/v1/tenants/{tenant}/webhook-endpoints/{endpoint}/test', { params: { path: { tenant, endpoint } } })));
}

export async function replay(tenant: string | undefined, endpoint: string, message: string): Promise<void> {
  await (tenant === undefined
    ? ask(api.POST('/api/v1/webhook-endpoints/{endpoint}/deliveries/{message}/replay', { params: { path: { endpoint, message } } }))
    : ask(
        api.POST('/api/v1/tenants/{tenant}/webhook-endpoints/{endpoint}/deliveries/{message}/replay', {
          params: { path: { tenant, endpoint, message } },
        }),
      ));
}
