// SPDX-License-Identifier: Apache-2.0
import type { Operation } from '../api/types';
import { maybe } from '../text';

/** What it does, to what: "Start web". A kind that is newer than this portal is shown by its name. */
export function kindText(operation: Pick<Operation, 'kind' | 'target'>): string {
  const kind: string = operation.kind;
  return `${maybe(`kind.${kind}`, kind.toLowerCase().replaceAll('_', ' '))} ${operation.target.name}`;
}
