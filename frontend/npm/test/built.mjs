//! The packages as they are published, built once for a test run.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

import { build } from '../build.mjs';

/** Builds the packages into a folder that is removed after the tests of the file. */
export async function built() {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-packages-'));
  after(() => rm(folder, { recursive: true, force: true }));
  await build(folder);
  return folder;
}
