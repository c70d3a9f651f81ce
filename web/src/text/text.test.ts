// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { t } from '.';
import { en } from './en';

const SOURCES = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', eager: true, import: 'default' });

test('numbers choose the right words', () => {
  expect(t('containers.count', { count: 1 })).toBe('1 container');
  expect(t('containers.count', { count: 5000 })).toBe('5000 containers');
});

test('what people type is put in as it is', () => {
  expect(t('confirm.type', { name: '<b>&' })).toContain('<b>&');
});

test('no text is left that nothing shows', () => {
  const all = Object.entries(SOURCES)
    .filter(([file]) => !file.endsWith('/en.ts'))
    .map(([, text]) => text)
    .join('\n');
  const prefixes = [...all.matchAll(/`([a-zA-Z.]+)\.\$\{/g)].map((match) => `${match[1] ?? ''}.`);
  const unused = Object.keys(en)
    .map((key) => key.replace(/_(zero|one|other)$/, ''))
    .filter((key) => !all.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)));
  expect(unused).toEqual([]);
});
