// SPDX-License-Identifier: Apache-2.0
// The platform's events, put into what the portal has fetched: what changes anywhere is on the screen at once.
import type { QueryClient } from '@tanstack/react-query';
import { containerQuery, containersQuery, operationQuery, operationsQuery } from '../api/queries';
import type { Container, Operation } from '../api/types';
import { setLive } from './liveness';

/** How long to do without after the platform has refused a stream, for example as one too many. */
const RETRY_MILLIS = 15_000;
const MOST_OPERATIONS = 200;

interface Told<T> {
  tenant: string | null;
  change: 'CREATED' | 'UPDATED' | 'DELETED';
  resource: T;
}

/**
 * Listens until the returned function is called. A tab that nobody sees does not listen: a browser has six connections to a server,
 * and tabs share them.
 */
export function listen(queries: QueryClient): () => void {
  let source: EventSource | undefined;
  let retry: number | undefined;

  const open = () => {
    window.clearTimeout(retry);
    if (source !== undefined || document.hidden) {
      return;
    }
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      setLive(true);
      refetch(queries);
    };
    source.onerror = () => {
      setLive(false);
      refetch(queries); // what is asked now and then begins with this
      if (source?.readyState === EventSource.CLOSED) {
        source = undefined;
        retry = window.setTimeout(open, RETRY_MILLIS);
      }
    };
    source.addEventListener('reset', () => refetch(queries));
    on(source, 'container', (told: Told<Container>) => applyContainer(queries, told));
    on(source, 'operation', (told: Told<Operation>) => applyOperation(queries, told));
    on(source, 'volume', () => void queries.invalidateQueries({ queryKey: ['volumes'] }));
    on(source, 'node', () => void queries.invalidateQueries({ queryKey: ['nodes'] }));
    on(source, 'image', () => void queries.invalidateQueries({ queryKey: ['images'] }));
    on(source, 'drift', () => {
      void queries.invalidateQueries({ queryKey: ['drifts'] });
      void queries.invalidateQueries({ queryKey: ['passport'] });
    });
  };
  const close = () => {
    window.clearTimeout(retry);
    source?.close();
    source = undefined;
    setLive(false);
  };
  const onVisibility = () => (document.hidden ? close() : open());
  document.addEventListener('visibilitychange', onVisibility);
  open();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}

function on<T>(source: EventSource, event: string, apply: (told: Told<T>) => void): void {
  source.addEventListener(event, (message: MessageEvent<string>) => apply(JSON.parse(message.data) as Told<T>));
}

const LIVE_KEYS = ['containers', 'container', 'volumes', 'operations', 'operation', 'nodes', 'images', 'drifts'];

function refetch(queries: QueryClient): void {
  for (const key of LIVE_KEYS) {
    void queries.invalidateQueries({ queryKey: [key] });
  }
}

export function applyContainer(queries: QueryClient, { change, resource }: Told<Container>): void {
  const one = containerQuery(resource.tenant, resource.name).queryKey;
  const list = containersQuery(resource.tenant).queryKey;
  if (change === 'DELETED') {
    void queries.invalidateQueries({ queryKey: one });
  } else if (queries.getQueryData(one) !== undefined) {
    queries.setQueryData(one, resource);
  }
  if (queries.isFetching({ queryKey: list }) > 0) {
    void queries.invalidateQueries({ queryKey: list }); // what is on its way may be older than this
    return;
  }
  queries.setQueryData(list, (present) => present && merged(present, resource, change === 'DELETED'));
}

/** The list, in the order of names as the platform has it, with one container as it is now. */
export function merged(present: Container[], resource: Container, gone: boolean): Container[] {
  const index = present.findIndex((each) => each.id === resource.id);
  if (gone) {
    return index < 0 ? present : present.toSpliced(index, 1);
  }
  if (index >= 0) {
    return present.with(index, resource);
  }
  const place = present.findIndex((each) => each.name > resource.name);
  return place < 0 ? [...present, resource] : present.toSpliced(place, 0, resource);
}

export function applyOperation(queries: QueryClient, { resource }: Told<Operation>): void {
  const one = operationQuery(resource.id).queryKey;
  if (queries.getQueryData(one) !== undefined) {
    queries.setQueryData(one, resource);
  }
  for (const tenant of [resource.tenant ?? undefined, undefined]) {
    queries.setQueryData(operationsQuery(tenant).queryKey, (present) => {
      if (present === undefined) {
        return present;
      }
      const index = present.findIndex((each) => each.id === resource.id);
      return index >= 0 ? present.with(index, resource) : [resource, ...present].slice(0, MOST_OPERATIONS);
    });
  }
}
