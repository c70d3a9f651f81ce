// SPDX-License-Identifier: Apache-2.0
// Writes openapi.json from what the platform's tests were served: the paths that src/ asks for, and the schemas that these need.
// So what others change in the interface makes it stale only where it matters here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SERVED = '../platform/target/openapi.json';

const sources = readdirSync('src', { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('schema.d.ts'))
  .map((name) => readFileSync(join('src', name), 'utf8'))
  .join('\n');
const document = JSON.parse(readFileSync(SERVED, 'utf8'));
const paths = Object.fromEntries(
  Object.entries(document.paths)
    .filter(([path]) => sources.includes(`'${path}'`))
    .sort(([one], [other]) => (one < other ? -1 : 1)),
);
const schemas = {};

function collect(value) {
  if (Array.isArray(value)) {
    value.forEach(collect);
  } else if (typeof value === 'object' && value !== null) {
    const name = value.$ref?.replace('#/components/schemas/', '');
    if (name !== undefined && schemas[name] === undefined) {
      schemas[name] = document.components.schemas[name];
      collect(schemas[name]);
    }
    Object.values(value).forEach(collect);
  }
}

collect(paths);
const sorted = Object.fromEntries(Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1)));
const kept = { openapi: document.openapi, info: document.info, paths, components: { schemas: sorted } };
writeFileSync('openapi.json', `${JSON.stringify(kept, null, 2)}\n`);
