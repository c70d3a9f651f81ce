// SPDX-License-Identifier: Apache-2.0

/** Minor units of a currency as people write them. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** What was typed, in minor units: 12.50 is 1250 of EUR and none of JPY. Null for what is no amount of the currency. */
export function minorOf(typed: string, currency: string): number | null {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const [, whole, part = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(typed.trim()) ?? [];
  return whole === undefined || part.length > digits ? null : Number(whole + part.padEnd(digits, '0'));
}

/** Minor units as they are typed. */
export function typedOf(minor: number, currency: string): string {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return (minor / 10 ** digits).toFixed(digits);
}

/** Whether it has the form of a currency's code. */
export function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}

/** This month of UTC, as invoices have it: 2026-11. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

/** The one before, whose invoices are due. */
export function monthBefore(at: Date): string {
  return monthOf(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1)));
}
