// SPDX-License-Identifier: Apache-2.0
import type { KeyOptions } from '../api/types';
import { absolute } from '../shared/format';
import { t } from '../text';

const FLAGS = ['noPty', 'noPortForwarding', 'noAgentForwarding', 'noX11Forwarding', 'noTouchRequired', 'verifyRequired'] as const;

/** What a key may not do, in words; nothing for one that may do all. */
export function limitations(options: KeyOptions): string[] {
  const list = (values: string[] | null | undefined) => (values ?? []).join(', ');
  const found: string[] = [];
  if (list(options.from) !== '') {
    found.push(t('keys.from', { from: list(options.from) }));
  }
  if (options.expiresAt) {
    found.push(t('keys.until', { at: absolute(new Date(options.expiresAt)) }));
  }
  if (options.forcedCommand) {
    found.push(t('keys.command', { command: options.forcedCommand }));
  }
  if (list(options.permitOpen) !== '') {
    found.push(t('keys.permitOpen', { to: list(options.permitOpen) }));
  }
  if (list(options.permitListen) !== '') {
    found.push(t('keys.permitListen', { at: list(options.permitListen) }));
  }
  return [...found, ...FLAGS.filter((flag) => options[flag]).map((flag) => t(`keys.${flag}`))];
}
