// SPDX-License-Identifier: Apache-2.0
// A container's figures as they come, and what is computed from them.
import { useEffect, useState } from 'react';
import type { Container, LiveUsage } from '../api/types';

/** Five minutes, as the platform tells figures about every two seconds. */
const MOST_KEPT = 150;
const RETRY_MILLIS = 15_000;

/** The newest figures, oldest first; for a tab that somebody sees. */
export function useLiveUsage({ tenant, name, state }: Container): LiveUsage[] {
  const [figures, setFigures] = useState<LiveUsage[]>([]);
  useEffect(() => {
    if (state !== 'RUNNING') {
      return;
    }
    return follow(`/api/v1/tenants/${tenant}/containers/${name}/usage/stream`, (figure) =>
      setFigures((present) => [...present.slice(1 - MOST_KEPT), figure]),
    );
  }, [tenant, name, state]);
  return figures;
}

/** Listens until the returned function is called, but for a tab that nobody sees: a browser has six connections to a server. */
function follow(address: string, told: (figure: LiveUsage) => void): () => void {
  let source: EventSource | undefined;
  let retry: number | undefined;
  const close = () => {
    window.clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    if (document.hidden) {
      return;
    }
    source = new EventSource(address);
    source.addEventListener('usage', ({ data }: MessageEvent<string>) => told(JSON.parse(data) as LiveUsage));
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) {
        retry = window.setTimeout(open, RETRY_MILLIS); // refused, for example as one stream too many
      }
    };
  };
  document.addEventListener('visibilitychange', open);
  open();
  return () => {
    document.removeEventListener('visibilitychange', open);
    close();
  };
}

/** Thousandths of a CPU between each figure and the one before it; null where counters began anew. */
export function cpuRates(figures: Pick<LiveUsage, 'at' | 'since' | 'cpuMicros'>[]): (number | null)[] {
  return figures.map((figure, index) => {
    const before = figures[index - 1];
    if (before?.since !== figure.since || figure.cpuMicros < before.cpuMicros) {
      return null;
    }
    const millis = new Date(figure.at).getTime() - new Date(before.at).getTime();
    return millis <= 0 ? null : (figure.cpuMicros - before.cpuMicros) / millis;
  });
}
