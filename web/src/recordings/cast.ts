// SPDX-License-Identifier: Apache-2.0
// asciicast v2: a header, then a line each: [seconds, kind, data]. https://docs.asciinema.org/manual/asciicast/v2/

export interface CastEvent {
  at: number;
  kind: 'output' | 'resize';
  data: string;
}

export interface Cast {
  columns: number;
  rows: number;
  events: CastEvent[];
}

const KINDS: Record<string, CastEvent['kind'] | undefined> = { o: 'output', r: 'resize' };

/** What is shown and how large it is; what was typed is not: a terminal shows it by itself. Half a line at the end is left out. */
export function parseCast(text: string): Cast {
  const [head = '', ...lines] = text.split('\n');
  const header = parsed(head) as { version?: unknown; width?: unknown; height?: unknown } | undefined;
  if (header?.version !== 2 || typeof header.width !== 'number' || typeof header.height !== 'number') {
    throw new Error('no asciicast of version 2');
  }
  return { columns: header.width, rows: header.height, events: lines.flatMap(event) };
}

function event(line: string): CastEvent[] {
  const value = parsed(line);
  if (!Array.isArray(value)) {
    return [];
  }
  const [at, code, data] = value as unknown[];
  const kind = KINDS[String(code)];
  return typeof at === 'number' && typeof data === 'string' && kind !== undefined ? [{ at, kind, data }] : [];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The same with no pause longer than that: nobody watches a prompt for an hour. */
export function withoutPauses(events: CastEvent[], most: number): CastEvent[] {
  let before = 0;
  let at = 0;
  return events.map((each) => {
    at += Math.min(each.at - before, most);
    before = each.at;
    return { ...each, at };
  });
}

export function lengthOf(events: CastEvent[]): number {
  return events.at(-1)?.at ?? 0;
}

/** 0:07, 12:40, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  const [first = 0, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...rest.map((each) => String(each).padStart(2, '0'))].join(':');
}
