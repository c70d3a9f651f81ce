// SPDX-License-Identifier: Apache-2.0
// Whether the platform tells of changes by itself. While it does not, lists ask now and then.

let live = false;

export function setLive(value: boolean): void {
  live = value;
}

export function isLive(): boolean {
  return live;
}

/** How often to ask; not at all while changes come by themselves. */
export function whileNotLive(millis: number): number | false {
  return live ? false : millis;
}
