// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { everything, PAGE } from './queries';
import type { Balance, Forecast, Invoice, InvoiceLine, Plan, PlanAssignment, PriceBook, PriceBookVersion } from './types';

const RARELY_MILLIS = 60_000;

export const invoicesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['invoices', tenant],
    queryFn: ({ signal }) =>
      everything<Invoice>((cursor) =>
        ask(api.GET('/api/v1/tenants/{tenant}/invoices', { params: { path: { tenant }, query: { cursor, limit: PAGE } }, signal })),
      ),
  });

export const invoiceQuery = (tenant: string, invoice: string) =>
  queryOptions({
    queryKey: ['invoice', tenant, invoice],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/tenants/{tenant}/invoices/{invoice}', { params: { path: { tenant, invoice } }, signal })) as Promise<Invoice>,
  });

export const invoiceLinesQuery = (tenant: string, invoice: string) =>
  queryOptions({
    queryKey: ['invoice-lines', tenant, invoice],
    queryFn: ({ signal }) =>
      everything<InvoiceLine>(() =>
        ask(api.GET('/api/v1/tenants/{tenant}/invoices/{invoice}/lines', { params: { path: { tenant, invoice } }, signal })),
      ),
  });

export const forecastQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['forecast', tenant],
    queryFn: ({ signal }) => everything<Forecast>(() => ask(api.GET('/api/v1/tenants/{tenant}/forecast', { params: { path: { tenant } }, signal }))),
    staleTime: RARELY_MILLIS,
  });

export const balanceQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['balance', tenant],
    queryFn: ({ signal }) => everything<Balance>(() => ask(api.GET('/api/v1/tenants/{tenant}/balance', { params: { path: { tenant } }, signal }))),
  });

export const tenantPlansQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant-plans', tenant],
    queryFn: ({ signal }) => everything<PlanAssignment>(() => ask(api.GET('/api/v1/tenants/{tenant}/plan', { params: { path: { tenant } }, signal }))),
  });

export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: ({ signal }) => everything<Plan>((cursor) => ask(api.GET('/api/v1/plans', { params: { query: { cursor, limit: PAGE } }, signal }))),
});

export const priceBooksQuery = queryOptions({
  queryKey: ['price-books'],
  queryFn: ({ signal }) =>
    everything<PriceBook>((cursor) => ask(api.GET('/api/v1/price-books', { params: { query: { cursor, limit: PAGE } }, signal }))),
});

export const priceBookVersionsQuery = (book: string) =>
  queryOptions({
    queryKey: ['price-book-versions', book],
    queryFn: ({ signal }) =>
      everything<PriceBookVersion>((cursor) =>
        ask(
          api.GET('/api/v1/price-books/{book}/versions', {
            params: { path: { book }, query: { cursor: cursor === undefined ? undefined : Number(cursor), limit: PAGE } },
            signal,
          }),
        ),
      ),
  });
