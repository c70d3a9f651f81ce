// SPDX-License-Identifier: Apache-2.0

export interface Entry {
  title: string;
  where: string;
  href: string;
}

/** Entries that have each word of the text, those that begin with it first; all where nothing is typed. */
export function matching(entries: Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first === undefined) {
    return entries;
  }
  const found = entries.filter((entry) => {
    const hay = `${entry.title} ${entry.where}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const begins = (entry: Entry) => (entry.title.toLowerCase().startsWith(first) ? 0 : 1);
  return found.toSorted((one, other) => begins(one) - begins(other));
}
