//! The table of covered flows agrees with the tests.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { FILE, table } from './coverage.mjs';

test('the table of flows and authenticators lists these tests, and no others', async () => {
  assert.equal(await readFile(FILE, 'utf8'), await table(), 'run `node okta/coverage.mjs --write`');
});
