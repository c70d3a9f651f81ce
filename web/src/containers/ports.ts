// SPDX-License-Identifier: Apache-2.0
import { api, ask } from '../api/client';
import type { Operation, PublishedPort } from '../api/types';

interface Where {
  tenant: string;
  container: string;
}

/** As typed. */
export interface Wanted {
  protocol: PublishedPort['protocol'];
  containerPort: string;
  /** Empty for any that is free. */
  hostPort: string;
}

const LAST = 65_535;

export function isPort(text: string): boolean {
  return /^[0-9]{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= LAST;
}

export async function publish(path: Where, { protocol, containerPort, hostPort }: Wanted): Promise<Operation> {
  return (await ask(
    api.POST('/api/v1/tenants/{tenant}/containers/{container}/ports', {
      params: { path },
      body: {
        protocol,
        containerPort: Number(containerPort),
        ...(hostPort.trim() === '' ? {} : { hostPort: Number(hostPort) }),
      },
    }),
  )) as Operation;
}

/** What it is called in a path, such as `tcp-20080`. */
export function keyOf(port: PublishedPort): string {
  return `${port.protocol.toLowerCase()}-${port.hostPort}`;
}

export async function unpublish(path: Where, port: PublishedPort): Promise<Operation> {
  return (await ask(
    api.DELETE('/api/v1/tenants/{tenant}/containers/{container}/ports/{port}', {
      params: { path: { ...path, port: keyOf(port) } },
    }),
  )) as Operation;
}
