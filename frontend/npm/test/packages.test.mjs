//! The packages as npm packs and installs them: contents, size, types.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';

import { build } from '../build.mjs';
import { built } from './built.mjs';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('..', import.meta.url));
const esbuild = createRequire(path.join(HERE, '../../e2e/package.json'))('esbuild');
const packages = await built();

/** All that a page downloads for the client. */
const MAX_CLIENT_BYTES = 3 * 1024;

const CONTENTS = {
  client: ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'account.d.ts', 'api.d.ts', 'errors.d.ts', 'index.d.ts', 'index.js', 'package.json', 'passkey.d.ts', 'step-up.d.ts', 'steps.d.ts'],
  element: [
    'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'custom-elements.json', 'dev-server.d.ts', 'dev-server.js', 'elements.d.ts', 'index.d.ts', 'index.js',
    'migrate-command.js', 'migrate.d.ts', 'migrate.js', 'package.json', 'react.d.ts', 'solid.d.ts', 'svelte.d.ts', 'types.js', 'vue.d.ts',
    'widget-options.d.ts', 'widget-options.js',
  ],
};

/** An empty folder that is removed afterwards. */
async function scratch() {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-app-'));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('the client has a type for every schema of openapi.json', async () => {
  const { components } = JSON.parse(await readFile(path.join(HERE, '../../backend/openapi.json'), 'utf8'));
  const types = await readFile(path.join(packages, 'client/api.d.ts'), 'utf8');
  const declared = [...types.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(declared.filter((name) => name !== 'AnswerValue').sort(), Object.keys(components.schemas).sort());
});

test('the client is at most 3 KB, minified and compressed', async () => {
  const { outputFiles } = await esbuild.build({ entryPoints: [path.join(packages, 'client/index.js')], bundle: true, format: 'esm', minify: true, write: false });
  const bytes = brotliCompressSync(outputFiles[0].contents).length;
  assert.ok(bytes <= MAX_CLIENT_BYTES, `${bytes} bytes`);
});

test('what npm packs is what it should be, and an app that installs it can use it', async () => {
  const app = await scratch();
  await writeFile(path.join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  const tarballs = [];
  for (const [name, contents] of Object.entries(CONTENTS)) {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', app, path.join(packages, name)]);
    const [packed] = Object.values(JSON.parse(stdout));
    assert.deepEqual(packed.files.map(({ path }) => path).sort(), contents);
    assert.equal(packed.version, /\nversion = "([^"]+)"/.exec(await readFile(path.join(HERE, '../../Cargo.toml'), 'utf8'))[1]);
    tarballs.push(path.join(app, packed.filename));
  }
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], { cwd: app });
  assert.deepEqual((await readdir(path.join(app, 'node_modules/@latchkey'))).sort(), Object.keys(CONTENTS));
  const script = `
    import { Client, ProblemError } from '@latchkey/client';
    import { load } from '@latchkey/element';
    import { latchkeyProxy } from '@latchkey/element/dev-server';
    await import('@latchkey/element/react');
    await load();
    console.log(typeof new Client().authenticate, typeof ProblemError, typeof latchkeyProxy);`;
  const { stdout } = await run('node', ['--input-type=module', '-e', script], { cwd: app });
  assert.equal(stdout, 'function function function\n');
});

test('the package of the dev org starts its program', async () => {
  const [folder, app] = [await scratch(), await scratch()];
  const program = path.join(folder, 'program');
  await writeFile(program, '#!/bin/sh\necho "an org with $1"\n');
  await build(folder, program);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', app, path.join(folder, 'devorg')]);
  const [packed] = Object.values(JSON.parse(stdout));
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'devorg', 'package.json']);
  await writeFile(path.join(app, 'package.json'), '{ "name": "app", "private": true }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', path.join(app, packed.filename)], { cwd: app });
  assert.equal((await run(path.join(app, 'node_modules/.bin/devorg'), ['--org'])).stdout, 'an org with --org\n');
});

/** Compiles `file` of `test/types` as an app of that framework would; gives what the compiler says. */
async function compile(file, frameworks = {}, options = {}) {
  const folder = await scratch();
  await mkdir(path.join(folder, 'src'));
  await writeFile(path.join(folder, 'src', file), await readFile(path.join(HERE, 'test/types', file)));
  const paths = { '@latchkey/client': [path.join(packages, 'client/index.d.ts')], '@latchkey/element': [path.join(packages, 'element/index.d.ts')], '@latchkey/element/*': [path.join(packages, 'element/*.d.ts')] };
  for (const [name, at] of Object.entries(frameworks)) paths[name] = [path.join(HERE, 'node_modules', at)];
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable'], types: [], skipLibCheck: false, ...options, paths };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  return run(path.join(HERE, 'node_modules/.bin/tsc'), ['-p', folder]).then(() => '', ({ stdout }) => stdout);
}

const react = (types) => ({ react: `${types}/index.d.ts`, 'react/jsx-runtime': `${types}/jsx-runtime.d.ts` });

for (const [name, file, frameworks, options] of [
  ['the client', 'client.ts'],
  ['the element in HTML', 'html.ts'],
  ['the element in React 19', 'react.tsx', react('@types/react'), { jsx: 'react-jsx', skipLibCheck: true }],
  ['the element in React 18', 'react.tsx', react('types-react-18'), { jsx: 'react-jsx', skipLibCheck: true }],
  ['the element in Solid', 'solid.tsx', { 'solid-js': 'solid-js/types/index.d.ts', 'solid-js/jsx-runtime': 'solid-js/types/jsx.d.ts' }, { jsx: 'preserve', jsxImportSource: 'solid-js', skipLibCheck: true }],
  ['the element in Svelte', 'svelte.ts', { 'svelte/elements': 'svelte/elements.d.ts', svelte: 'svelte/types/index.d.ts' }, { skipLibCheck: true }],
  ['the element in Vue', 'vue.ts', { vue: 'vue/dist/vue.d.mts' }, { skipLibCheck: true }],
]) {
  test(`the types of ${name} take what is right and refuse what is wrong`, async () => {
    assert.equal(await compile(file, frameworks, options), '');
  });
}
