// SPDX-License-Identifier: Apache-2.0
const GIB = 1_073_741_824;

/** In GiB; the bounds are io.berth.core.spec.VolumeSpec's. */
export const LEAST = 0.0625;
export const MOST = 1_048_576;

export function bytesOf(gib: number): number {
  return Math.round(gib * GIB);
}

export function gibOf(bytes: number): number {
  return bytes / GIB;
}
