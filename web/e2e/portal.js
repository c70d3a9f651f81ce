// SPDX-License-Identifier: Apache-2.0
// The portal as a person uses it, against the real platform, gateway, agent and containers. tests' FirstLoginIT runs it; by hand:
//   BERTH_URL=http://localhost:8080 BERTH_PASSWORD=… BERTH_SHOTS=/tmp/shots build/portal browser
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, signIn } from './browser.js';

const { BERTH_URL: url, BERTH_PASSWORD: password, BERTH_SHOTS: shots } = process.env;
const scratch = mkdtempSync(join(tmpdir(), 'berth-portal-'));
chmodSync(scratch, 0o711); // the browser's account goes through to its profile
const key = join(scratch, 'id_ed25519');
const hosts = join(scratch, 'known_hosts');
const config = join(scratch, 'config');
const findings = [];
const { browser, page, complaints, look } = await open({ url, shots, profile: join(scratch, 'profile') });
let failed;
try {
  await story();
} catch (error) {
  failed = error;
  await page.screenshot({ path: join(shots, 'failure.png') });
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
if (failed !== undefined) {
  throw failed;
}
assert.deepEqual(complaints, [], 'what the browser complained of');
assert.deepEqual(findings, [], 'what axe found, and what does not fit the screen');

async function story() {
  await step('a wrong password is refused in words', async () => {
    await page.goto('/t/demo/containers?state=running');
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('Not signed in').waitFor();
    await see('sign-in');
  });
  await step('after signing in the page is the one that was asked for', async () => {
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/t/demo/containers?state=*');
    await page.getByRole('link', { name: 'demo', exact: true }).waitFor();
    await page.getByText(/^1( of \d+)? containers?$/).waitFor();
    await see('containers');
  });
  await step('no secret is in the address, and no script can read the session', async () => {
    const cookies = await browser.cookies();
    const session = cookies.find((each) => each.name === 'berth-session');
    assert.equal(session?.httpOnly, true);
    assert.equal(session?.sameSite, 'Strict');
    assert.ok(!(await page.evaluate(() => document.cookie)).includes('berth-session'));
  });
  await step('a container is made by keyboard alone', async () => {
    await page.keyboard.press('Escape');
    await page.locator('body').press('n');
    await page.getByRole('heading', { name: 'New container' }).waitFor();
    await page.keyboard.type('seen'); // the name has the focus
    await see('new-container');
    await page.getByLabel('Name').press('Enter');
    await page.waitForURL('**/t/demo/containers/seen');
    await page.locator('.berth-head').getByText('running', { exact: true }).waitFor({ timeout: 60_000 });
    await see('container');
  });
  await step('a key that was pasted opens it, with the lines for ~/.ssh as they stand', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'made by a test', '-f', key]);
    await goTo('SSH access');
    await page.getByRole('textbox', { name: 'Public key' }).fill(readFileSync(key, 'utf8'));
    await page.getByText('This is the private half').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Add key' }).isDisabled(), true);
    await page.getByRole('textbox', { name: 'Public key' }).fill(readFileSync(`${key}.pub`, 'utf8'));
    await page.getByRole('button', { name: 'Add key' }).click();
    await page.getByRole('gridcell', { name: 'made by a test', exact: true }).waitFor();
    await see('ssh-keys');
    await page.getByRole('tab', { name: 'For ~/.ssh' }).click();
    writeFileSync(hosts, `${await page.getByLabel('~/.ssh/known_hosts', { exact: true }).innerText()}\n`);
    writeFileSync(config, `${await page.getByLabel('~/.ssh/config', { exact: true }).innerText()}\n`);
    await see('ssh-config');
    const login = ssh('hostname');
    assert.equal(login.stdout, 'seen\n', login.stderr);
  });
  await step('a terminal in the page is a login shell, and the same one after a reload', async () => {
    await page.goto('/t/demo/containers/seen?tab=terminal');
    const screen = page.locator('.xterm-rows');
    await page.getByText('Connected.').waitFor();
    await page.keyboard.type('kept=$((40 + 2)); echo first:$kept; stty size\n');
    await screen.getByText('first:42').waitFor();
    await see('container-terminal');
    await page.keyboard.type('clear; echo $COLUMNS columns\n'); // the picture on a phone's width has come and gone
    await screen.getByText(/^1\d\d columns/).waitFor();
    await page.reload();
    await page.getByText('Connected.').waitFor();
    await page.keyboard.type('clear; echo again:$kept\n');
    await screen.getByText('again:42').waitFor();
    await page.keyboard.press('F6');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'End the shell');
    await page.locator('.xterm-helper-textarea').focus();
    await page.keyboard.type('exit 3\n');
    await page.getByText('The shell has ended, with status 3').waitFor();
    await page.getByRole('button', { name: 'Open another' }).click();
    await page.getByText('Connected.').waitFor();
    await page.getByRole('button', { name: 'End the shell' }).click();
    await page.getByText('The shell has been ended').waitFor();
  });
  await step('what a terminal over ssh showed is played again', async () => {
    await goTo('Recordings');
    await page.getByLabel('Record terminals').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Terminals are recorded, from the next login on').waitFor();
    const session = ssh('echo look $((6 * 7)); sleep 1; echo the end', '-tt');
    assert.match(session.stdout, /look 42/, session.stderr);
    assert.match(session.stdout + session.stderr, /this session is recorded/);
    await page.getByRole('gridcell', { name: 'whole' }).waitFor();
    await see('t-demo-recordings');
    await page.getByRole('link', { name: /now|ago/ }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.locator('.xterm-rows').getByText('the end').waitFor();
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor(); // it stands at its end
    await see('recording');
    await page.getByRole('slider', { name: 'Position' }).press('Home');
    await page.locator('.xterm-rows').getByText('the end').waitFor({ state: 'detached' });
    await page.goto('/t/demo/containers/seen');
  });
  await step('figures come by themselves', async () => {
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByRole('img', { name: /^CPUs: [\d.]+ CPU/ }).waitFor();
    await page.getByRole('img', { name: /^Memory: [\d.]+ MiB/ }).scrollIntoViewIfNeeded();
    await see('container-charts');
  });
  await step('a snapshot brings back what was', async () => {
    assert.equal(ssh('echo before >/root/state; sync').status, 0);
    await page.goto('/t/demo/containers/seen?tab=snapshots');
    await page.getByText('No snapshots yet').waitFor();
    await page.getByRole('textbox', { name: 'Snapshot' }).fill('good');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Restore good' }).waitFor();
    await see('container-snapshots');
    assert.equal(ssh('echo after >/root/state; sync').status, 0);
    await page.getByRole('button', { name: 'Restore good' }).click();
    await page.getByLabel('Type “seen” to confirm').fill('seen');
    await see('restore');
    await page.keyboard.press('Enter');
    await page.getByText('Restore a snapshot of seen: done').waitFor({ timeout: 60_000 });
    await page.locator('.berth-head').getByText('running', { exact: true }).waitFor({ timeout: 60_000 });
    const restored = ssh('cat /root/state');
    assert.equal(restored.stdout, 'before\n', restored.stderr);
  });
  await step('a denial is told in plain words', async () => {
    // umount2(2) is 166, MNT_FORCE is 1
    ssh(`perl -e 'my $where = qq{/mnt}; syscall(166, $where, 1)'`);
    await page.goto('/t/demo/containers/seen?tab=denials');
    await page.getByText('The rule umount2 said no').waitFor();
    await page.getByRole('gridcell', { name: 'perl', exact: true }).first().waitFor();
    await see('container-denials');
  });
  await step('each part of a container has its page', async () => {
    for (const [tab, sign] of [
      ['Console log', 'The newest 32 KiB'],
      ['Passport', /lines are as policy wants them/],
      ['SSH sessions', 'Nobody is logged in'],
      ['Operations', 'Create seen'],
      ['Settings', 'A new size holds at once'],
    ]) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      await page.getByText(sign).first().waitFor();
      await see(`container-${tab.toLowerCase().replace(' ', '-')}`);
    }
  });
  await step('another size holds at once', async () => {
    await page.getByLabel('Processes', { exact: true }).fill('777');
    await page.getByRole('button', { name: 'Resize' }).click();
    await page.getByText('Resize seen: done').waitFor();
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByText('777').first().waitFor();
  });
  await step('what changes elsewhere is on the screen within a second', async () => {
    await page.goto('/t/demo/containers');
    await page.getByRole('link', { name: 'seen', exact: true }).waitFor();
    const row = page.getByRole('row').filter({ hasText: 'seen' });
    await row.getByText('running').waitFor();
    await request('POST', '/tenants/demo/containers/seen/stop', { graceSeconds: 0 });
    await row.getByText('stopped').waitFor();
  });
  await step('a refusal has the words and the cure of the platform', async () => {
    await page.goto('/t/demo/new-container');
    await page.getByLabel('Name').fill('seen');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('The name is taken').waitFor();
    await see('refusal');
  });
  await step('a quota that is reached is told, with the cure', async () => {
    await request('PUT', '/tenants/demo/quota', { hard: { containers: 1 } });
    await page.getByLabel('Name').fill('toomany');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText(/quota/i).first().waitFor();
    await see('quota-reached');
    await request('PUT', '/tenants/demo/quota', {});
  });
  await step('of 5,000 containers only those in sight are in the document', async () => {
    const [one] = (await request('GET', '/tenants/demo/containers')).items;
    const items = Array.from({ length: 5_000 }, (_, index) => ({ ...one, id: `id-${index}`, name: `c${String(index).padStart(4, '0')}` }));
    await page.route('**/api/v1/tenants/demo/containers?*', (route) => route.fulfill({ json: { items, next: null } }));
    await page.goto('/t/demo/containers');
    await page.getByText('5000 containers').waitFor();
    const rows = page.getByRole('row');
    assert.ok((await rows.count()) < 100, `${await rows.count()} rows`);
    await page.getByRole('region', { name: 'Containers' }).evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
    await page.getByRole('link', { name: 'c4999' }).waitFor();
    assert.ok((await rows.count()) < 100, `${await rows.count()} rows`);
    await page.unroute('**/api/v1/tenants/demo/containers?*');
  });
  await step('pages of administration', async () => {
    for (const [path, sign] of [
      ['/admin', 'At a glance'],
      ['/admin/tenants', 'Create tenant'],
      ['/admin/users', 'Create account'],
      ['/admin/nodes', 'answers'],
      ['/admin/images', 'in use for new containers'],
      ['/admin/security?tab=drifts', 'Only what is so now'],
      ['/admin/security?tab=patches', 'No virtual patches'],
      ['/admin/operations', 'Create seen'],
      ['/admin/billing', 'No plans yet'],
      ['/admin/billing?tab=prices', 'No price books yet'],
      ['/admin/billing?tab=run', 'Compute the drafts'],
      ['/admin/audit', 'Verify the chain'],
      ['/t/demo/usage', 'This month'],
      ['/t/demo/usage?tab=quota', 'Change the limits'],
      ['/t/demo/invoices', 'No invoices yet'],
      ['/t/demo/audit', 'POST /tenants/demo/containers'],
      ['/t/demo/members', 'No members yet'],
      ['/t/demo/operations', 'Create seen'],
      ['/account', 'API tokens'],
      ['/t/demo/nowhere', 'There is nothing here'],
    ]) {
      await page.goto(path);
      await page.getByText(sign).first().waitFor();
      await see(path.slice(1).replaceAll(/[/?=]/g, '-'));
    }
  });
  await step('an account that is no operator sees its own tenant and nothing of administration', async () => {
    await request('POST', '/users', { name: 'alice', password: 'alice has a long password' });
    await request('PUT', '/tenants/demo/members/alice', { role: 'MEMBER' });
    await signOut();
    await signIn(page, 'alice', 'alice has a long password');
    await page.waitForURL('**/t/demo/containers');
    assert.equal(await page.getByText('Administration').count(), 0);
    await page.goto('/admin/users');
    await page.waitForURL('**/t/demo/containers');
    await signOut();
    await signIn(page, 'admin', password);
  });
  await step('a tenant that is suspended takes no changes, and says so', async () => {
    await page.goto('/admin/tenants');
    await page.getByRole('button', { name: 'Suspend the tenant demo' }).click();
    await page.getByLabel('Type “demo” to confirm').fill('demo');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Resume the tenant demo' }).waitFor();
    await page.getByRole('button', { name: 'Resume the tenant demo' }).click();
    await page.getByRole('button', { name: 'Suspend the tenant demo' }).waitFor();
  });
  await step('only who types the name deletes', async () => {
    await page.goto('/t/demo/containers/seen');
    await page.getByRole('button', { name: 'More actions on seen' }).click();
    await page.getByRole('menuitem', { name: /^Delete/ }).click();
    const dialog = page.getByRole('dialog');
    await page.keyboard.type('see');
    assert.equal(await dialog.getByRole('button', { name: 'Delete' }).isDisabled(), true);
    await see('delete');
    await page.keyboard.type('n');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/t/demo/containers');
    await page.getByText('Delete seen: done').waitFor();
    await page.getByRole('link', { name: 'seen', exact: true }).waitFor({ state: 'detached' });
  });
}

async function step(name, act) {
  const begun = Date.now();
  await act();
  console.log(`${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}

async function see(name) {
  findings.push(...(await look(name)));
}

/** By the palette, with the keyboard. */
async function goTo(title) {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill(title);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: title }).waitFor();
}

async function signOut() {
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
}

/** Somebody else, at another keyboard. */
async function request(method, path, body) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text.startsWith('{') ? JSON.parse(text) : undefined;
}

function ssh(command, ...options) {
  return spawnSync(
    'ssh',
    [...options, '-F', config, '-i', key, '-o', 'IdentitiesOnly=yes', '-o', `UserKnownHostsFile=${hosts}`, '-o', 'BatchMode=yes', 'seen.demo', command],
    { encoding: 'utf8', timeout: 30_000 },
  );
}
