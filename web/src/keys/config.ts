// SPDX-License-Identifier: Apache-2.0
// What goes into the files of a person's ~/.ssh.
import type { Container } from '../api/types';

type Address = Pick<Container, 'name' | 'tenant'>;

/** The gateway is where the portal is; a different name in front of it has to be edited. */
export function sshHost(hostname = window.location.hostname): string {
  return hostname;
}

const SSH_PORT = 22;

export function sshLine(container: Address, host: string, port: number | undefined): string {
  const option = port === undefined || port === SSH_PORT ? '' : `-p ${port} `;
  return `ssh ${option}${container.name}.${container.tenant}@${host}`;
}

/** A block per container, with which `ssh web.demo` is enough. OpenSSH before 10 expands nothing in User, so no pattern will do. */
export function sshConfig(containers: Address[], host: string, port: number | undefined): string {
  return containers
    .map((container) =>
      [
        `Host ${container.name}.${container.tenant}`,
        `    HostName ${host}`,
        `    Port ${port ?? SSH_PORT}`,
        `    User ${container.name}.${container.tenant}`,
        '    StrictHostKeyChecking yes',
      ].join('\n'),
    )
    .join('\n\n');
}
