// SPDX-License-Identifier: Apache-2.0
import type { KeyOptions } from '../api/types';

export const FLAGS = ['noPty', 'noPortForwarding', 'noAgentForwarding', 'noX11Forwarding', 'verifyRequired'] as const;

/** Only what is limited: an option left out is none. */
export function options(from: string, command: string, expires: string, flags: ReadonlySet<string>): KeyOptions {
  const wanted: KeyOptions = {};
  const sources = from.split(/[\s,]+/).filter(Boolean);
  if (sources.length > 0) {
    wanted.from = sources;
  }
  if (command !== '') {
    wanted.forcedCommand = command;
  }
  if (expires !== '') {
    wanted.expiresAt = new Date(expires).toISOString();
  }
  for (const flag of FLAGS) {
    if (flags.has(flag)) {
      wanted[flag] = true;
    }
  }
  return wanted;
}

export function given(wanted: KeyOptions): { options?: KeyOptions } {
  return Object.keys(wanted).length === 0 ? {} : { options: wanted };
}
