//! The program people run in earnest has nothing of the dev org in it; the dev org says what it is.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { binary } from '../world/process.mjs';

/** What only the dev org says, long enough to be kept in one piece by an optimiser: its banner, a password, a page of its own. */
const MARKS = ['This is a development org', 'Correct-Horse-9', 'stands in for an identity provider'];

/** Every build of a program that there is: the one that is tested, what a bench has made, and what is released. */
function builds(name) {
  const target = path.dirname(path.dirname(binary(name)));
  const released = readdirSync(target).filter((folder) => folder.endsWith('-musl')).map((folder) => path.join(folder, 'release'));
  const others = ['release', ...released].map((folder) => path.join(target, folder, name));
  return [binary(name), ...others.filter(existsSync)];
}

/** Which of the marks a program has. */
async function marks(program) {
  const bytes = await readFile(program);
  return MARKS.filter((mark) => bytes.includes(mark));
}

test('nothing that marks the dev org is in the app, however it was built', async () => {
  for (const app of builds('latchkey')) assert.deepEqual(await marks(app), [], app);
});

test('the dev org has all of it, so the search would find it', async () => {
  for (const org of builds('devorg')) assert.deepEqual(await marks(org), MARKS, org);
});
