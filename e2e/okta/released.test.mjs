//! The program people run in earnest has nothing of the dev org in it; the dev org says what it is.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { binary } from '../world/process.mjs';

/** What only the dev org can say or do: its banner, its user's password, the way to move its clock, its provider's page. */
const MARKS = ['This is a development org', 'Correct-Horse-9', 'advanceSeconds', 'stands in for an identity provider'];

test('nothing that marks the dev org is in the app', async () => {
  const [org, app] = await Promise.all(['devorg', 'latchkey'].map((name) => readFile(binary(name))));
  for (const mark of MARKS) {
    assert.ok(org.includes(mark), `the dev org lacks ${mark}`);
    assert.ok(!app.includes(mark), `the app has ${mark}`);
  }
});
