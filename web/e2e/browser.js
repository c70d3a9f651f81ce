// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium, driven by playwright-core; what each page looks like, and what axe finds on it.
import { AxeBuilder } from '@axe-core/playwright';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const NOBODY = 65534;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Opens a browser with one page; whatever the page complains of is kept. */
export async function open({ url, shots, profile }) {
  mkdirSync(shots, { recursive: true });
  mkdirSync(profile, { recursive: true });
  if (process.getuid() === 0) {
    chownSync(profile, NOBODY, NOBODY);
  }
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: join(import.meta.dirname, 'chromium'),
    chromiumSandbox: true,
    env: { ...process.env, HOME: profile, XDG_RUNTIME_DIR: profile },
    baseURL: url,
    viewport: DESKTOP,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on('console', (message) => {
    // a refused request is the test's own doing; the page shows it
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith(url.replace('http', 'ws')) && !/^(blob|data):/.test(request.url())) {
      complaints.push(`a request to somebody else: ${request.url()}`);
    }
  });
  return { browser, page, complaints, look: (name) => look(page, shots, name) };
}

/** The page in light, dark and on a phone; each without a serious finding of axe's and nothing cut off at the side. */
async function look(page, shots, name) {
  const findings = [];
  for (const [view, size, scheme] of [
    ['phone', PHONE, 'light'],
    ['dark', DESKTOP, 'dark'],
    ['light', DESKTOP, 'light'],
  ]) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))));
    await page.screenshot({ path: join(shots, `${name}-${view}.png`) });
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']).analyze();
    for (const violation of violations.filter((each) => ['serious', 'critical'].includes(each.impact))) {
      findings.push(`${name} ${view}: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 1) {
      findings.push(`${name} ${view}: ${overflow} pixels are out of sight at the side`);
    }
  }
  return findings;
}

export async function signIn(page, user, password) {
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
}
