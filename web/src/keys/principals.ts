// SPDX-License-Identifier: Apache-2.0
/** What was typed, a principal each: commas, blanks and lines between them. Nothing typed: nothing said, and the platform grants all. */
export function principals(text: string): { principals?: string[] } {
  const all = text.split(/[\s,]+/).filter((each) => each !== '');
  return all.length === 0 ? {} : { principals: all };
}
