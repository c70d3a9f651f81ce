// SPDX-License-Identifier: Apache-2.0
import { api, ask } from '../api/client';
import type { Operation } from '../api/types';
import type { Verb } from './state';

/** Where a verb goes and how; the same words make the curl line. */
export function request(tenant: string, name: string, verb: Verb): { method: 'POST' | 'DELETE'; path: string } {
  const path = `/tenants/${tenant}/containers/${name}`;
  return verb === 'delete' ? { method: 'DELETE', path } : { method: 'POST', path: `${path}/${verb}` };
}

const PATHS = {
  start: '/api/v1/tenants/{tenant}/containers/{container}/start',
  stop: '/api/v1/tenants/{tenant}/containers/{container}/stop',
  restart: '/api/v1/tenants/{tenant}/containers/{container}/restart',
  freeze: '/api/v1/tenants/{tenant}/containers/{container}/freeze',
  thaw: '/api/v1/tenants/{tenant}/containers/{container}/thaw',
} as const;

export function act(tenant: string, container: string, verb: Verb): Promise<Operation> {
  const params = { path: { tenant, container } };
  const answer =
    verb === 'delete'
      ? ask(api.DELETE('/api/v1/tenants/{tenant}/containers/{container}', { params }))
      : ask(api.POST(PATHS[verb] as typeof PATHS.start, { params })); // all take and answer the same
  return answer as Promise<Operation>;
}
