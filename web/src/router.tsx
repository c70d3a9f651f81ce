// SPDX-License-Identifier: Apache-2.0
// Every page has an address of its own, with what is filtered in it. io.berth.platform.PortalPages answers at the same ones.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { OUTCOMES, type AuditFilter } from './api/audit';
import { ApiError } from './api/problem';
import { sessionQuery, tenantsQuery } from './api/queries';
import type { Me } from './api/types';
import { NotFound } from './shell/NotFound';
import { PageError } from './shell/PageError';
import { Shell } from './shell/Shell';
import { SignIn } from './shell/SignIn';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: ownAddress(search.next) }),
});

/** An address of the portal; anything else would make the sign-in page send people elsewhere. */
export function ownAddress(next: unknown): string | undefined {
  return typeof next === 'string' && /^\/(t|admin|account)(\/|$)/.test(next) ? next : undefined;
}

async function session(queries: QueryClient, next: string): Promise<Me> {
  try {
    return await queries.query({ ...sessionQuery, staleTime: 'static' });
  } catch (error) {
    if (error instanceof ApiError && error.isNotSignedIn) {
      throw redirect({ to: '/sign-in', search: { next: ownAddress(next) } });
    }
    throw error;
  }
}

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: PageError,
  beforeLoad: async ({ context, location }) => ({ me: await session(context.queries, location.href) }),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context }) => {
    const tenants = await context.queries.query({ ...tenantsQuery, staleTime: 'static' });
    const first = tenants[0];
    if (context.me.operator || first === undefined) {
      throw redirect({ to: context.me.operator ? '/admin' : '/account' });
    }
    throw redirect({ to: '/t/$tenant/containers', params: { tenant: first.name } });
  },
});

function texts(value: unknown): string[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');
  return list.length === 0 ? undefined : list;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function tabOf(search: Record<string, unknown>): { tab?: string } {
  return { tab: text(search.tab) };
}

function endpointOf(search: Record<string, unknown>): { endpoint?: string } {
  return { endpoint: text(search.endpoint) };
}

function auditFilter(search: Record<string, unknown>): AuditFilter {
  return { actor: text(search.actor), outcome: OUTCOMES.find((each) => each === search.outcome), path: text(search.path) };
}

const tenant = createRoute({ getParentRoute: () => shell, path: '/t/$tenant' });
const tenantHome = createRoute({
  getParentRoute: () => tenant,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/t/$tenant/containers', params });
  },
});
const containers = createRoute({
  getParentRoute: () => tenant,
  path: '/containers',
  component: lazyRouteComponent(() => import('./containers/ContainersPage')),
  validateSearch: (search: Record<string, unknown>): { q?: string; state?: string[] } => ({ q: text(search.q), state: texts(search.state) }),
});
const newContainer = createRoute({
  getParentRoute: () => tenant,
  path: '/new-container',
  component: lazyRouteComponent(() => import('./containers/NewContainerPage')),
});
const container = createRoute({
  getParentRoute: () => tenant,
  path: '/containers/$container',
  component: lazyRouteComponent(() => import('./containers/ContainerPage')),
  validateSearch: tabOf,
});
const keys = createRoute({
  getParentRoute: () => tenant,
  path: '/ssh',
  component: lazyRouteComponent(() => import('./keys/SshPage')),
  validateSearch: tabOf,
});
const members = createRoute({
  getParentRoute: () => tenant,
  path: '/members',
  component: lazyRouteComponent(() => import('./members/MembersPage')),
});
const usage = createRoute({
  getParentRoute: () => tenant,
  path: '/usage',
  component: lazyRouteComponent(() => import('./usage/UsagePage')),
  validateSearch: tabOf,
});
const invoices = createRoute({
  getParentRoute: () => tenant,
  path: '/invoices',
  component: lazyRouteComponent(() => import('./billing/InvoicesPage')),
});
const invoice = createRoute({
  getParentRoute: () => tenant,
  path: '/invoices/$invoice',
  component: lazyRouteComponent(() => import('./billing/InvoicePage')),
});
const budget = createRoute({
  getParentRoute: () => tenant,
  path: '/budget',
  component: lazyRouteComponent(() => import('./billing/BudgetPage')),
  validateSearch: tabOf,
});
const webhooks = createRoute({
  getParentRoute: () => tenant,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./webhooks/WebhooksPage')),
  validateSearch: endpointOf,
});
const volumes = createRoute({
  getParentRoute: () => tenant,
  path: '/volumes',
  component: lazyRouteComponent(() => import('./volumes/VolumesPage')),
});
const recordings = createRoute({
  getParentRoute: () => tenant,
  path: '/recordings',
  component: lazyRouteComponent(() => import('./recordings/RecordingsPage')),
  validateSearch: (search: Record<string, unknown>): { container?: string } => ({ container: text(search.container) }),
});
const recording = createRoute({
  getParentRoute: () => tenant,
  path: '/recordings/$recording',
  component: lazyRouteComponent(() => import('./recordings/RecordingPage')),
});
const audit = createRoute({
  getParentRoute: () => tenant,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit/AuditPage')),
  validateSearch: auditFilter,
});
const operations = createRoute({
  getParentRoute: () => tenant,
  path: '/operations',
  component: lazyRouteComponent(() => import('./operations/OperationsPage')),
});
const operation = createRoute({
  getParentRoute: () => tenant,
  path: '/operations/$operation',
  component: lazyRouteComponent(() => import('./operations/OperationPage')),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/AccountPage')),
});

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: ({ context }) => {
    if (!context.me.operator) {
      throw redirect({ to: '/' });
    }
  },
});
const dashboard = createRoute({
  getParentRoute: () => admin,
  path: '/',
  component: lazyRouteComponent(() => import('./admin/DashboardPage')),
});
const tenants = createRoute({
  getParentRoute: () => admin,
  path: '/tenants',
  component: lazyRouteComponent(() => import('./admin/TenantsPage')),
});
const users = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  component: lazyRouteComponent(() => import('./admin/UsersPage')),
});
const nodes = createRoute({
  getParentRoute: () => admin,
  path: '/nodes',
  component: lazyRouteComponent(() => import('./admin/NodesPage')),
});
const images = createRoute({
  getParentRoute: () => admin,
  path: '/images',
  component: lazyRouteComponent(() => import('./admin/ImagesPage')),
});
const security = createRoute({
  getParentRoute: () => admin,
  path: '/security',
  component: lazyRouteComponent(() => import('./admin/SecurityPage')),
  validateSearch: tabOf,
});
const billing = createRoute({
  getParentRoute: () => admin,
  path: '/billing',
  component: lazyRouteComponent(() => import('./admin/BillingPage')),
  validateSearch: tabOf,
});
const allWebhooks = createRoute({
  getParentRoute: () => admin,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./webhooks/WebhooksPage')),
  validateSearch: endpointOf,
});
const allAudit = createRoute({
  getParentRoute: () => admin,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit/AuditPage')),
  validateSearch: auditFilter,
});
const allOperations = createRoute({
  getParentRoute: () => admin,
  path: '/operations',
  component: lazyRouteComponent(() => import('./operations/OperationsPage')),
});
const anyOperation = createRoute({
  getParentRoute: () => admin,
  path: '/operations/$operation',
  component: lazyRouteComponent(() => import('./operations/OperationPage')),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      home,
      account,
      tenant.addChildren([
        tenantHome,
        containers,
        newContainer,
        container,
        keys,
        members,
        usage,
        invoices,
        invoice,
        budget,
        volumes,
        webhooks,
        recordings,
        recording,
        audit,
        operations,
        operation,
      ]),
      admin.addChildren([dashboard, tenants, users, nodes, images, security, billing, allWebhooks, allAudit, allOperations, anyOperation]),
    ]),
  ]),
  context: { queries: undefined as unknown as QueryClient }, // App gives it
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
