//! The built scripts and WebAssembly use nothing that the oldest browsers of docs/browsers.md lack.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@playwright/test';
import { transform } from 'esbuild';

const DIST = path.resolve(process.env.LATCHKEY_ASSETS || fileURLToPath(new URL('../dist', import.meta.url)));
const DOCS = readFileSync(new URL('../docs/browsers.md', import.meta.url), 'utf8');
const OLDEST = ['chrome109', 'firefox115', 'safari16.4'];
const built = (ending) => readdirSync(DIST).filter((name) => name.endsWith(ending)).map((name) => path.join(DIST, name));

/** Names of wasm-opt; the last two are encodings of features before them. */
const FEATURES = ['mutable-globals', 'nontrapping-float-to-int', 'bulk-memory', 'sign-ext', 'reference-types', 'multivalue', 'simd', 'bulk-memory-opt', 'call-indirect-overlong'];

/** Whether a program can be read with these features alone. */
function isReadable(program, features) {
  const optimiser = fileURLToPath(new URL('node_modules/.bin/wasm-opt', import.meta.url));
  return spawnSync(optimiser, ['--mvp-features', ...features.map((name) => `--enable-${name}`), program], { stdio: 'ignore' }).status === 0;
}

test('the program needs no WebAssembly feature that one of the oldest browsers lacks', () => {
  const programs = built('.wasm');
  expect(programs.length).toBeGreaterThan(2);
  expect(programs.filter((program) => !isReadable(program, FEATURES))).toEqual([]);
  expect(isReadable(programs[0], [])).toBe(false);
});

test('no script uses syntax that one of the oldest browsers lacks', async () => {
  const scripts = built('.js');
  expect(scripts.length).toBeGreaterThan(4);
  for (const script of scripts) {
    const source = readFileSync(script, 'utf8');
    const [older, newest] = await Promise.all([OLDEST, 'esnext'].map((target) => transform(source, { target, minify: true })));
    expect(older.code, script).toBe(newest.code);
  }
});

test('the oldest browsers are those of the table', () => {
  expect(DOCS).toContain('| | Chrome 109 | Firefox 115 | Safari 16.4 |');
});
