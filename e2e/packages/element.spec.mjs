//! The package @latchkey/element against the element of the server.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { ELEMENTS } from '../../frontend/npm/element/surface.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { identify, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';

const LOADER = new URL('../../frontend/npm/dist/element/index.js', import.meta.url);

const DEV_SERVER = new URL('../../frontend/npm/dist/element/dev-server.js', import.meta.url);
const CLIENT = path.resolve(process.env.LATCHKEY_ASSETS || fileURLToPath(new URL('../../dist', import.meta.url)));
/** Files of the client that an element never asks for: our own page, what comes before it, and what lies beside it. */
const NOT_OF_THE_ELEMENT = /^(index\.html|early\.js|manifest\.json|gallery\/.*|npm\/.*)$|\.(br|gz)$/;

test.use({ policies: PASSWORD_ALONE });

test('a development server passes on every file of the built client', async () => {
  const { latchkeyProxy } = await import(DEV_SERVER);
  const rules = Object.keys(latchkeyProxy());
  const passes = (url) => rules.some((rule) => (rule.startsWith('^') ? new RegExp(rule).test(url) : url.startsWith(rule)));
  const entries = await readdir(CLIENT, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.relative(CLIENT, path.join(parentPath, name)));
  expect(files.filter((file) => !NOT_OF_THE_ELEMENT.test(file) && !passes(`/${file}`))).toEqual([]);
});

/** A page of the app's own that loads the element with the package, as often as `load` is called there. */
async function visit(page, body) {
  const script = await readFile(LOADER, 'utf8');
  await page.context().route('**/loader.js', (route) => route.fulfill({ body: script, contentType: 'text/javascript' }));
  const html = `<!doctype html><html lang="en"><title>Shop</title>${body}
    <script type="module">import { load } from '/loader.js'; globalThis.load = load; globalThis.loaded = Promise.all([load(), load(location.origin)]);</script>`;
  const headers = { 'content-security-policy': "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'" };
  await page.context().route('**/shop', (route) => route.fulfill({ body: html, contentType: 'text/html', headers }));
  await page.goto('/shop');
  await page.waitForFunction(() => globalThis.loaded);
  await page.evaluate(() => globalThis.loaded);
}

test('the table of the package lists the attributes, properties and methods that the elements have', async ({ page }) => {
  await visit(page, '<latchkey-sign-in></latchkey-sign-in>');
  await page.evaluate(() => import('/latchkey-account.js'));
  for (const [tag, { attributes, properties, methods }] of Object.entries(ELEMENTS)) {
    const own = await page.evaluate((tag) => {
      const { prototype, observedAttributes = [] } = customElements.get(tag);
      const lifecycle = ['constructor', 'connectedCallback', 'disconnectedCallback', 'attributeChangedCallback', 'adoptedCallback'];
      return { members: Object.getOwnPropertyNames(prototype).filter((name) => !lifecycle.includes(name)).sort(), observed: [...observedAttributes].sort() };
    }, tag);
    expect(own.members).toEqual([...Object.keys(properties), ...Object.keys(methods)].sort());
    // The style sheet alone reads the others; `lang` is an attribute of every element.
    for (const name of own.observed) expect([...Object.keys(attributes), 'lang']).toContain(name);
  }
});

test('loaded twice under trusted types, the script comes once and the element signs a person in', async ({ page }) => {
  const scripts = [];
  page.on('request', (request) => request.url().endsWith('/latchkey.js') && scripts.push(request.url()));
  await visit(page, '<latchkey-sign-in></latchkey-sign-in>');
  await identify(page);
  await expect(welcome(page)).toBeVisible();
  expect(scripts).toHaveLength(1);
});

test('signed out through the API or by another tab, the element shows the form again, and its events leave a shadow root', async ({ page }) => {
  await visit(page, '<div></div>');
  await page.evaluate(() => {
    globalThis.events = [];
    for (const name of ['latchkey-signed-in', 'latchkey-signed-out']) addEventListener(name, () => globalThis.events.push(name));
    const design = document.querySelector('div').attachShadow({ mode: 'open' });
    design.append(document.createElement('latchkey-sign-in'));
  });
  const events = () => page.evaluate(() => globalThis.events);
  await identify(page);
  await expect(welcome(page)).toBeVisible();
  await expect.poll(events).toEqual(['latchkey-signed-in']);
  await page.evaluate(async () => {
    await fetch('/api/logout', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' });
    document.querySelector('div').shadowRoot.querySelector('latchkey-sign-in').refresh();
  });
  await identify(page);
  await expect(welcome(page)).toBeVisible();
  await expect.poll(events).toEqual(['latchkey-signed-in', 'latchkey-signed-out', 'latchkey-signed-in']);
  const other = await page.context().newPage();
  await visit(other, '<latchkey-sign-in></latchkey-sign-in>');
  await expect(welcome(other)).toBeVisible();
  await other.evaluate(() => document.querySelector('latchkey-sign-in').signOut());
  await expect(page.getByLabel('Username', { exact: true })).toBeVisible();
  await expect.poll(events).toEqual(['latchkey-signed-in', 'latchkey-signed-out', 'latchkey-signed-in', 'latchkey-signed-out']);
});

test('signed out before the element has heard who signed in, it shows the form again', async ({ page }) => {
  await visit(page, '<latchkey-sign-in after-sign-in="message"></latchkey-sign-in>');
  await expect(page.getByLabel('Username', { exact: true })).toBeVisible();
  // The script names the type of its questions, the program does not.
  const isOfScript = (request) => request.headers()['content-type'] === 'application/json';
  await page.route('**/api/session*', (route) => (isOfScript(route.request()) ? route.abort() : route.continue()));
  await identify(page);
  await expect(welcome(page)).toBeVisible();
  await page.unroute('**/api/session*');
  await page.evaluate(async () => {
    await fetch('/api/logout', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' });
    await document.querySelector('latchkey-sign-in').refresh();
  });
  await expect(page.getByLabel('Username', { exact: true })).toBeVisible();
});

test('put into the page again after a sign-out, the element shows the form', async ({ page }) => {
  await visit(page, '<latchkey-sign-in></latchkey-sign-in>');
  await identify(page);
  await expect(welcome(page)).toBeVisible();
  await page.evaluate(async () => {
    document.querySelector('latchkey-sign-in').remove();
    await fetch('/api/logout', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' });
    document.body.append(document.createElement('latchkey-sign-in'));
  });
  await expect(page.getByLabel('Username', { exact: true })).toBeVisible();
});
