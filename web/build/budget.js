// SPDX-License-Identifier: Apache-2.0
// Fails the build where what a first visit loads has grown past its budget: the entry's script with all that it imports statically.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MOST_SCRIPT_BYTES = 300_000; // on a slow line, 1.6 Mbit/s, a second and a half

const dist = process.argv[2] ?? 'dist';
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const scripts = new Set();

function collect(key) {
  const chunk = manifest[key];
  if (!scripts.has(chunk.file)) {
    scripts.add(chunk.file);
    (chunk.imports ?? []).forEach(collect);
  }
}

collect('index.html');
const bytes = [...scripts].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
console.log(`first load: ${bytes} bytes of JavaScript, compressed, in ${scripts.size} files; at most ${MOST_SCRIPT_BYTES}`);
if (bytes > MOST_SCRIPT_BYTES) {
  console.error('The first load is too large: import what few need with import(), or leave it out.');
  process.exit(1);
}
