// SPDX-License-Identifier: Apache-2.0

/** Minor units of a currency as people write them. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** This month of UTC, as invoices have it: 2026-11. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

/** The one before, whose invoices are due. */
export function monthBefore(at: Date): string {
  return monthOf(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1)));
}
