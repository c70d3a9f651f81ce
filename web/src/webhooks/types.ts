// SPDX-License-Identifier: Apache-2.0
import type { WebhookEndpoint } from '../api/types';

export type EventType = WebhookEndpoint['types'][number];

/** What a person chooses from: a test is sent to whoever asks for it, whatever was chosen. */
export const TOLD = [
  'CONTAINER_CREATED',
  'CONTAINER_STATE_CHANGED',
  'CONTAINER_DELETED',
  'OPERATION_FINISHED',
  'INVOICE_FINAL',
  'INVOICE_CORRECTED',
  'INVOICE_PAID',
  'BUDGET_ALERT',
  'BUDGET_STEP',
  'TENANT_STATE_CHANGED',
] as const satisfies readonly EventType[];

/** As it stands in messages: container.state_changed. */
export function wire(type: EventType): string {
  return type.toLowerCase().replace('_', '.');
}

/** Its form; the platform says what else it wants of one. */
export function isUrl(text: string): boolean {
  return /^https?:\/\/[!-~]+$/.test(text) && text.length <= 500;
}

/** JSON as people read it; what is none stays as it is. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
