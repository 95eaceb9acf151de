//! The compared pages: their files and their server.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import * as latchkey from './latchkey.mjs';
import * as org from './org.mjs';
import { file } from './serve.mjs';

const HERE = fileURLToPath(new URL('pages', import.meta.url));
const WIDGET = path.dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json'));

/** Pages by name; each creates its site on demand. */
export const PAGES = {
  form: { title: 'one HTML file with the form', site: form },
  react: { title: 'React with okta-auth-js', site: react },
  // The smallest file of the second generation that supports the Identity Engine.
  widget2: { title: 'okta-signin-widget, gen 2', site: () => widget('okta-sign-in.oie.min.js', 'okta-sign-in.min.css') },
  widget3: { title: 'okta-signin-widget, gen 3', site: () => widget('okta-sign-in.next.js', 'okta-sign-in.next.css') },
  latchkey: { title: 'Latchkey', site: ours },
};

async function form() {
  const answer = ({ method, pathname }) => (method === 'POST' && pathname === '/sign-in' ? { json: {} } : undefined);
  return { files: new Map([['/index.html', file('index.html', await page('form.html'))]]), answer };
}

async function react() {
  const { outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: [path.join(HERE, 'react.jsx')],
    alias: { '@okta/okta-auth-js': 'okta-auth-js-8' },
    define: { 'process.env.NODE_ENV': '"production"' },
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    legalComments: 'none',
    logLevel: 'silent',
    minify: true,
    platform: 'browser',
    write: false,
  });
  const files = new Map([
    ['/index.html', file('index.html', await page('react.html'))],
    ['/react.css', file('react.css', await page('react.css'))],
    ['/react.js', file('react.js', outputFiles[0].contents)],
  ]);
  return { files, answer: org.answer };
}

async function widget(script, sheet) {
  const dist = path.join(WIDGET, 'dist');
  const html = (await page('widget.html')).replace('SCRIPT', script).replace('SHEET', sheet);
  const names = [`js/${script}`, `css/${sheet}`];
  for (const folder of ['font', 'img']) names.push(...(await filesIn(dist, folder)));
  const files = new Map([['/index.html', file('index.html', html)]]);
  for (const name of names) files.set(`/${name}`, file(name, await readFile(path.join(dist, name))));
  return { files, answer: org.answer };
}

async function ours() {
  const dist = process.env.LATCHKEY_ASSETS || fileURLToPath(new URL('../../dist', import.meta.url));
  if (!existsSync(path.join(dist, 'index.html'))) throw new Error(`${dist} has no built client; set LATCHKEY_ASSETS to its folder.`);
  const names = (await filesIn(dist, '')).filter((name) => !/\.(br|gz)$/.test(name));
  const files = new Map();
  for (const name of names) {
    const where = path.join(dist, name);
    const compressed = existsSync(`${where}.br`) ? await readFile(`${where}.br`) : undefined;
    files.set(`/${name}`, file(name, await readFile(where), compressed));
  }
  const page = files.get('/index.html').body.toString();
  files.set('/index.html', file('index.html', latchkey.drawn(page)));
  return { files, answer: latchkey.answer, headers: latchkey.HEADERS };
}

const page = (name) => readFile(path.join(HERE, name), 'utf8');

/** The files below `folder` of `root`, named from `root`. */
async function filesIn(root, folder) {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
}
