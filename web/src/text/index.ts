// SPDX-License-Identifier: Apache-2.0
// All texts come from here. Another language is a file beside en.ts with the same keys, and a line below.
import i18next from 'i18next';
import { en } from './en';

type Base<K> = K extends `${infer B}_${'zero' | 'one' | 'other'}` ? B : K;
export type TextKey = Base<keyof typeof en>;

const texts = i18next.createInstance();
void texts.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  interpolation: { escapeValue: false }, // React escapes
});

export function t(key: TextKey, values?: Record<string, string | number>): string {
  return texts.t(key, values ?? {});
}

/** Whether there is a text for what the platform names, such as a state that is newer than this portal. */
export function maybe(key: string, otherwise: string): string {
  return key in en ? t(key as TextKey) : otherwise;
}
