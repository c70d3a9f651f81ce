// SPDX-License-Identifier: Apache-2.0
// navigator.clipboard is there over HTTPS and on localhost only; what is selected can be copied everywhere.

/** Copies what is selected on the page, which holds that text; false where the browser refuses. */
export async function copySelection(text: string): Promise<boolean> {
  if ('clipboard' in navigator && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
  return document.execCommand('copy');
}

/** The same of an element, which is selected for it. */
export function copyFrom(element: HTMLElement | null, text: string): Promise<boolean> {
  if (element !== null) {
    window.getSelection()?.selectAllChildren(element);
  }
  return copySelection(text);
}
