// SPDX-License-Identifier: Apache-2.0

/** Whether somebody is about to send the half that must never leave their machine. */
export function isPrivate(text: string): boolean {
  return /-----BEGIN .*PRIVATE KEY-----|PuTTY-User-Key-File/.test(text);
}

/** The comment at the end of a public key's line: most people have put their name there. */
export function commentOf(line: string): string {
  const match = /(?:ssh-\S+|ecdsa-\S+|sk-\S+)\s+[A-Za-z0-9+/=]+\s+(.+?)\s*$/.exec(line.trim());
  return (match?.[1] ?? '').slice(0, 64);
}
