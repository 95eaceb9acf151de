//! The released program contains nothing of the dev org.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { binary } from '../world/process.mjs';

/** Texts of the dev org that an optimiser does not split: its banner, a password, one of its pages. */
const MARKS = ['This is a development org', 'Correct-Horse-9', 'stands in for an identity provider'];

/** Every build of a program: the tested one, that of the benchmarks and the released one. */
function builds(name) {
  const target = path.dirname(path.dirname(binary(name)));
  const released = readdirSync(target).filter((folder) => folder.endsWith('-musl')).map((folder) => path.join(folder, 'release'));
  const others = ['release', ...released].map((folder) => path.join(target, folder, name));
  return [binary(name), ...others.filter(existsSync)];
}

/** The marks that a program contains. */
async function marks(program) {
  const bytes = await readFile(program);
  return MARKS.filter((mark) => bytes.includes(mark));
}

test('no build of the app contains a mark of the dev org', async () => {
  for (const app of builds('latchkey')) assert.deepEqual(await marks(app), [], app);
});

test('the dev org contains every mark, so the search works', async () => {
  for (const org of builds('devorg')) assert.deepEqual(await marks(org), MARKS, org);
});
