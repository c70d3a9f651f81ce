// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { sshConfig, sshLine } from './config';
import { limitations } from './limitations';
import { options } from './options';
import { principals } from './principals';
import { commentOf, isPrivate } from './publicKey';

test('a private key is known before it is sent', () => {
  expect(isPrivate('-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg')).toBe(true);
  expect(isPrivate('PuTTY-User-Key-File-3: ssh-ed25519')).toBe(true);
  expect(isPrivate('ssh-ed25519 AAAA me')).toBe(false);
});

test('a key is named by its comment', () => {
  expect(commentOf('ssh-ed25519 AAAAC3Nza me@laptop\n')).toBe('me@laptop');
  expect(commentOf('no-pty,from="10.0.0.1" ssh-rsa AAAA+/= deploy key')).toBe('deploy key');
  expect(commentOf('ssh-ed25519 AAAA')).toBe('');
});

test('only what is limited is sent', () => {
  expect(options('', '', '', new Set())).toEqual({});
  expect(options('192.0.2.1, 10.0.0.0/8', 'uptime', '', new Set(['noPty']))).toEqual({
    from: ['192.0.2.1', '10.0.0.0/8'],
    forcedCommand: 'uptime',
    noPty: true,
  });
});

test('principals may stand in any list, and none means that nothing is said', () => {
  expect(principals('www-data+web, *+db\n')).toEqual({ principals: ['www-data+web', '*+db'] });
  expect(principals('  ')).toEqual({});
});

test('limits are told in words', () => {
  expect(limitations({ from: [], noPty: false })).toEqual([]);
  expect(limitations({ from: ['192.0.2.1'], noPty: true })).toEqual(['only from 192.0.2.1', 'no terminal']);
});

test('the usual port is left out of the line for ssh', () => {
  const web = { name: 'web', tenant: 'demo' };
  expect(sshLine(web, 'berth.example', 22)).toBe('ssh web.demo@berth.example');
  expect(sshLine(web, 'berth.example', 2222)).toBe('ssh -p 2222 web.demo@berth.example');
  expect(sshConfig([web], 'berth.example', 2222)).toContain('Host web.demo\n    HostName berth.example\n    Port 2222');
});
