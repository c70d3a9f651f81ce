// SPDX-License-Identifier: Apache-2.0
import type { Recording } from '../api/types';
import { span } from '../shared/format';
import { maybe, t } from '../text';

export function howOf({ how }: Recording): string {
  return how === null ? t('recordings.how.now') : maybe(`recordings.how.${how}`, how);
}

export function lengthText({ startedAt, endedAt }: Recording): string {
  return endedAt === null ? t('recordings.how.now') : span((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}
