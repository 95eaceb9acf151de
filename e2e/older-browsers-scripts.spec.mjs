//! The built scripts and WebAssembly use nothing that the oldest browsers of docs/browsers.md lack.

import { execFileSync } from 'node:child_process';
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

test('the program needs no WebAssembly feature that one of the oldest browsers lacks', () => {
  const [program] = built('.wasm');
  const optimiser = fileURLToPath(new URL('node_modules/.bin/wasm-opt', import.meta.url));
  const printed = execFileSync(optimiser, ['--detect-features', '--print-features', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const needed = [...printed.matchAll(/^--enable-(\S+)$/gm)].map(([, name]) => name);
  expect(needed).toContain('bulk-memory');
  expect(needed.filter((name) => !FEATURES.includes(name))).toEqual([]);
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
