// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';
import { t } from '../text';
import { absolute, relative } from './format';

const TICK_MILLIS = 10_000;
let now = new Date();
const listeners = new Set<() => void>();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    now = new Date();
    listeners.forEach((each) => each());
  }, TICK_MILLIS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time as all moments on the screen see it: one clock for all. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

/** A point in time: how long ago, and exactly on a closer look. */
export function Moment({ at }: { at: string | null | undefined }) {
  const current = useNow();
  if (at === null || at === undefined) {
    return <span>{t('time.never')}</span>;
  }
  const date = new Date(at);
  const latest = date > current && date.getTime() - current.getTime() < 2 * TICK_MILLIS ? date : current;
  return (
    <time dateTime={at} title={absolute(date)}>
      {relative(date, latest)}
    </time>
  );
}
