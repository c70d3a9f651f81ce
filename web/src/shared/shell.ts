// SPDX-License-Identifier: Apache-2.0
// The same thing from a shell: what the portal does, as a line that can be pasted.

/** As a POSIX shell reads it back, whatever is in it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A curl line; the token stays in a variable, so that it is in no history. */
export function curl(method: string, path: string, body?: unknown, origin = window.location.origin): string {
  const parts = ['curl', '--fail-with-body', '-sS', '-H', '"Authorization: Bearer $BERTH_TOKEN"'];
  if (method !== 'GET') {
    parts.push('-X', method);
  }
  if (body !== undefined) {
    parts.push('-H', quoted('Content-Type: application/json'), '-d', quoted(JSON.stringify(body)));
  }
  parts.push(quoted(`${origin}/api/v1${path}`));
  return parts.join(' ');
}
