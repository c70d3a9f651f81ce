// SPDX-License-Identifier: Apache-2.0
import type { Container } from '../api/types';

/** What a person calls the state of a container: what is seen, and where it is on the way to. */
export type Shown =
  | 'creating'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'frozen'
  | 'deleting'
  | 'broken'
  | 'missing'
  | 'quarantined';

export const ALL_SHOWN: Shown[] = [
  'running',
  'stopped',
  'frozen',
  'creating',
  'starting',
  'stopping',
  'deleting',
  'quarantined',
  'broken',
  'missing',
];

export function shownState(container: Pick<Container, 'state' | 'desiredState' | 'quarantine'>): Shown {
  if (container.desiredState === 'DELETED') {
    return 'deleting';
  }
  if (container.quarantine !== null) {
    return 'quarantined';
  }
  switch (container.state) {
    case null:
      return 'creating';
    case 'RUNNING':
      return container.desiredState === 'STOPPED' ? 'stopping' : 'running';
    case 'STOPPED':
      return container.desiredState === 'RUNNING' ? 'starting' : 'stopped';
    case 'FROZEN':
      return 'frozen';
    case 'BROKEN':
      return 'broken';
    case 'MISSING':
      return 'missing';
  }
}

export type Verb = 'start' | 'stop' | 'restart' | 'freeze' | 'thaw' | 'delete';

/** What may be done with a container as it is; the platform has the last word. */
export function verbs(container: Container): Verb[] {
  switch (shownState(container)) {
    case 'running':
      return ['stop', 'restart', 'freeze', 'delete'];
    case 'starting':
      return ['start', 'stop', 'delete'];
    case 'stopping':
      return ['stop', 'start', 'delete'];
    case 'stopped':
      return ['start', 'delete'];
    case 'frozen':
      return ['thaw', 'stop', 'delete'];
    case 'broken':
      return ['restart', 'stop', 'delete'];
    case 'missing':
      return ['delete'];
    case 'creating':
      return ['delete'];
    case 'quarantined':
    case 'deleting':
      return [];
  }
}

/** Which are meant by what was typed and ticked. */
export function filtered(containers: Container[], text: string | undefined, states: string[] | undefined): Container[] {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return containers.filter((container) => {
    const hay = [container.name, container.imageAlias ?? '', container.node, ...container.addresses].join(' ').toLowerCase();
    return (
      words.every((word) => hay.includes(word)) && (states === undefined || states.includes(shownState(container)))
    );
  });
}
