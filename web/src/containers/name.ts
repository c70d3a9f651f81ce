// SPDX-License-Identifier: Apache-2.0

/** As io.berth.core.spec.ContainerName wants it; the platform checks it again. */
export function isName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,62}$/.test(name) && !name.endsWith('-');
}
