// SPDX-License-Identifier: Apache-2.0
const HOUR_MILLIS = 3_600_000;

export const TIMES = ['hour', 'day', 'month', 'forever'] as const;
const HOURS: Record<string, number | undefined> = { hour: 1, day: 24, month: 24 * 30 };

/** When a ban that begins now ends; nothing for one that is lifted by hand. */
export function endOf(time: string, now: number): { expiresAt?: string } {
  const hours = HOURS[time];
  return hours === undefined ? {} : { expiresAt: new Date(now + hours * HOUR_MILLIS).toISOString() };
}
