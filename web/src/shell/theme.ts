// SPDX-License-Identifier: Apache-2.0

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'berth-theme';
const DARK = 'pf-v6-theme-dark';
const system = window.matchMedia('(prefers-color-scheme: dark)');

export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function isDark(theme: Theme): boolean {
  return theme === 'dark' || (theme === 'system' && system.matches);
}

export function applyTheme(theme: Theme): void {
  document.documentElement.classList.toggle(DARK, isDark(theme));
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(KEY);
  } else {
    localStorage.setItem(KEY, theme);
  }
  applyTheme(theme);
}

system.addEventListener('change', () => applyTheme(storedTheme()));
