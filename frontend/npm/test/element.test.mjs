//! The loader of the element, and the table that its types are made from.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { ELEMENTS } from '../element/surface.mjs';
import { built } from './built.mjs';

const folder = path.join(await built(), 'element');
const { load } = await import(pathToFileURL(path.join(folder, 'index.js')));
const { latchkeyProxy } = await import(pathToFileURL(path.join(folder, 'dev-server.js')));
const FRONTEND = fileURLToPath(new URL('../..', import.meta.url));

/** A page at `origin`, in which no element is defined. */
function page(origin) {
  globalThis.location = new URL(origin);
  globalThis.customElements = { get: () => undefined, whenDefined: () => Promise.resolve() };
}

afterEach(() => {
  delete globalThis.location;
  delete globalThis.customElements;
});

test('on a server the module can be imported, and there is nothing to load', async () => {
  await load('https://login.example.com');
});

test('where the element is defined, nothing is loaded again', async () => {
  page('https://app.example.com/');
  globalThis.customElements.get = () => class {};
  await load('https://nowhere.invalid');
});

test('a script that cannot be loaded is an error that says what to check, and the next call tries again', async () => {
  page('https://app.example.com/orders');
  const first = load('https://login.example.com');
  assert.equal(load('https://login.example.com'), first);
  await assert.rejects(first, ({ message }) =>
    ['https://login.example.com/latchkey.js can be opened', 'LATCHKEY_ALLOWED_ORIGINS lists https://app.example.com', "script-src https://login.example.com 'wasm-unsafe-eval'"].every(
      (part) => message.includes(part),
    ),
  );
  const again = load('https://login.example.com');
  assert.notEqual(again, first);
  await assert.rejects(again);
});

test('for a server at the origin of the page the error does not speak of origins to list', async () => {
  page('https://app.example.com/orders');
  await assert.rejects(load(), ({ message }) => message.includes('https://app.example.com/latchkey.js') && !message.includes('ALLOWED_ORIGINS'));
});

test('the events of the table are those that the element sends', async () => {
  const sources = await readdir(path.join(FRONTEND, 'src'), { recursive: true });
  const scripts = (await readdir(FRONTEND)).filter((name) => name.endsWith('.js'));
  const texts = [...sources.filter((name) => name.endsWith('.rs')).map((name) => `src/${name}`), ...scripts].map((name) =>
    readFile(path.join(FRONTEND, name), 'utf8'),
  );
  const sent = new Set((await Promise.all(texts)).flatMap((text) => text.match(/"latchkey-[a-z-]+"/g) ?? []).map((name) => name.slice(1, -1)));
  const tags = Object.keys(ELEMENTS);
  const events = Object.values(ELEMENTS).flatMap(({ events }) => Object.keys(events));
  assert.deepEqual([...sent].filter((name) => !tags.includes(name)).sort(), [...new Set(events)].sort());
});

/** The texts of the files below a folder of the workspace with this ending, together. */
async function textBelow(folder, ending) {
  const root = path.join(FRONTEND, '..', folder);
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(ending));
  return (await Promise.all(names.map((name) => readFile(path.join(root, name), 'utf8')))).join('\n');
}

test('the parts of the table are the classes that the screens give their pieces, and the tokens those of the style', async () => {
  const { parts, tokens } = ELEMENTS['latchkey-sign-in'];
  // Without pictures, whose addresses look like classes.
  const style = (await textBelow('style', '.css')).replaceAll(/url\('[^']*'\)/g, '');
  const brand = await readFile(path.join(FRONTEND, 'latchkey-brand.js'), 'utf8');
  const screens = [await textBelow('frontend/src', '.rs'), brand].join('\n');
  const words = new Set([...screens.matchAll(/"([a-z][\w -]*)"/g)].flatMap(([, text]) => text.split(' ')));
  const classes = new Set([...style.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name));
  // The card and the dialog are around the screens, and what is unseen has no looks.
  const own = [...classes].filter((name) => ['card', 'overlay'].includes(name) || (words.has(name) && name !== 'unseen')).sort();
  assert.deepEqual(parts, own);
  const sheet = await readFile(path.join(FRONTEND, '../style/tokens.css'), 'utf8');
  const switches = ['--light', '--dark'];
  assert.deepEqual(tokens, [...new Set([...sheet.matchAll(/^ *(--[a-z0-9-]+):/gm)].map(([, name]) => name))].filter((name) => !switches.includes(name)).sort());
});

test('the manifest lists what the table has', async () => {
  const { modules } = JSON.parse(await readFile(path.join(folder, 'custom-elements.json'), 'utf8'));
  for (const { declarations: [declared] } of modules) {
    const element = ELEMENTS[declared.tagName];
    for (const kind of ['attributes', 'events', 'slots']) assert.deepEqual(declared[kind].map(({ name }) => name), Object.keys(element[kind]));
  }
  assert.equal(modules.length, Object.keys(ELEMENTS).length);
});

test('a development server passes on the addresses of Latchkey and no others', () => {
  const rules = Object.keys(latchkeyProxy());
  const passes = (url) => rules.some((rule) => (rule.startsWith('^') ? new RegExp(rule).test(url) : url.startsWith(rule)));
  const ours = [
    '/api/session', '/login/callback?state=x', '/login/redirect/x/y', '/text/de.json', '/style/main.css', '/latchkey.js', '/latchkey-session.js', '/latchkey-overlay-a2276.js', '/brand.json', '/brand.css', '/brand/logo.svg', '/latchkey-brand-0c3f1.js', '/unsupported.js', '/boot-7082d00d.js',
    '/passkey-3955299.js', '/main-43073e99.css', '/latchkey-frontend-a04.js', '/latchkey-frontend_bg-92c.wasm', '/__wasm_split-a04.js', '/split_late-54a.wasm', '/split_account-54b.wasm', '/chunk_2-54c.wasm', '/latchkey-account.js', '/account-8a73.css', '/late-413d.css', '/device-9f63.js',
    '/motion-5b9d.js', '/account/text/de.json', '/account/authenticators/okta_verify/set-up',
  ];
  assert.deepEqual(ours.filter((url) => !passes(url)), []);
  const theirs = ['/', '/login', '/main.js', '/main-ABCDEF.js', '/src/main.jsx', '/styles.css', '/boot.js', '/apis', '/account', '/account/orders'];
  assert.deepEqual(theirs.filter(passes), []);
});
