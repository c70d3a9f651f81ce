// SPDX-License-Identifier: Apache-2.0
import { api, ask } from '../api/client';
import type { Operation, Snapshot } from '../api/types';

interface Where {
  tenant: string;
  container: string;
}

export async function takeSnapshot(path: Where, name: string): Promise<Operation> {
  return (await ask(
    api.POST('/api/v1/tenants/{tenant}/containers/{container}/snapshots', { params: { path }, body: name === '' ? {} : { name } }),
  )) as Operation;
}

export async function restoreSnapshot(path: Where, snapshot: Snapshot): Promise<Operation> {
  return (await ask(
    api.POST('/api/v1/tenants/{tenant}/containers/{container}/snapshots/{snapshot}/restore', {
      params: { path: { ...path, snapshot: snapshot.id } },
    }),
  )) as Operation;
}

export async function deleteSnapshot(path: Where, snapshot: Snapshot): Promise<Operation> {
  return (await ask(
    api.DELETE('/api/v1/tenants/{tenant}/containers/{container}/snapshots/{snapshot}', {
      params: { path: { ...path, snapshot: snapshot.id } },
    }),
  )) as Operation;
}

/** Another container that begins with a snapshot's files. */
export async function copySnapshot(path: Where, snapshot: Snapshot, name: string): Promise<Operation> {
  return (await ask(
    api.POST('/api/v1/tenants/{tenant}/containers/{container}/copy', { params: { path }, body: { name, snapshot: snapshot.id } }),
  )) as Operation;
}
