//! Tests of the measurements: a page must not seem faster than it is.

import { expect, test } from '@playwright/test';

import { CONDITIONS } from './conditions.mjs';
import { moves } from './figures.mjs';
import { file, serve } from './serve.mjs';
import { visit } from './visit.mjs';

const FORM = `<form method="post"><label>Username <input name="username"></label>
<label>Password <input name="password" type="password"></label><button>Next</button></form>`;

/** Visits a page of the form and `script`. */
async function look(script) {
  const html = `<!doctype html><title>Sign In</title><link rel="icon" href="data:,">${FORM}<script>${script}</script>`;
  const host = await serve({
    files: new Map([['/index.html', file('index.html', html)]]),
    answer: ({ method }) => (method === 'POST' ? { json: {} } : undefined),
    timeoutMs: 1000,
  });
  try {
    return await visit(host, CONDITIONS[0]);
  } finally {
    await host.stop();
  }
}

test('a plain form is usable, in one request', async () => {
  const seen = await look('');
  expect(seen.usableMs).toBeGreaterThan(0);
  expect(seen.usableMs).toBeGreaterThanOrEqual(seen.paintedMs);
  expect(seen).toMatchObject({ requests: 1, elsewhere: [] });
});

test('if a script removes the letter, the next one that stays counts', async () => {
  const seen = await look(`setTimeout(() => {
    const form = document.querySelector('form');
    form.replaceWith(form.cloneNode(true));
  }, 1000)`);
  expect(seen.usableMs).toBeGreaterThan(1000);
});

test('if the field loses the focus, the time counts until it has it again', async () => {
  const seen = await look(`setTimeout(() => document.activeElement.blur(), 1000)`);
  expect(seen.usableMs).toBeGreaterThan(1000);
});

test('a covered field is not usable', async () => {
  const seen = await look(`const veil = document.body.appendChild(document.createElement('p'));
    Object.assign(veil.style, { position: 'fixed', inset: 0, margin: 0, background: 'white' });
    setTimeout(() => veil.remove(), 1000)`);
  expect(seen.usableMs).toBeGreaterThan(1000);
});

test('what moves is reported, also if it is another element than before', async () => {
  expect(await look('')).toMatchObject({ shift: 0, buttonMoves: 0 });
  const replaced = await look(`setTimeout(() => {
    const form = document.querySelector('form');
    const other = form.cloneNode(true);
    other.style.translate = '0 137px';
    form.replaceWith(other);
  }, 100)`);
  expect(Math.round(replaced.buttonMoves)).toBe(137);
});

test('our page must not move, and other pages may', () => {
  const figure = (page, shift, buttonMoves) => ({ page, condition: 'as it is', shift, buttonMoves });
  expect(moves([figure('latchkey', 0, 0.4), figure('react', 0.2, 137)])).toEqual([]);
  expect(moves([figure('latchkey', 0, 137)])).toEqual(['CLS 0.000 and the button by 137 px (as it is)']);
  expect(moves([figure('latchkey', 0.01, 0)])).toHaveLength(1);
});

test('a page that reacts late is reported', async () => {
  const seen = await look(`addEventListener('keydown', () => {
    for (const until = performance.now() + 120; performance.now() < until; );
  })`);
  expect(seen.interactionMs).toBeGreaterThanOrEqual(120);
});

test('requests to other origins are reported', async () => {
  const seen = await look(`new Image().src = 'http://elsewhere.example/pixel.png'`);
  expect(seen.elsewhere).toEqual(['http://elsewhere.example/pixel.png']);
});

test('memory of WebAssembly is reported', async () => {
  const seen = await look('globalThis.kept = new WebAssembly.Memory({ initial: 160 })');
  expect(seen.besideMiB).toBeGreaterThanOrEqual(10);
});

test('a form that sends nothing does not pass', async () => {
  await expect(look(`addEventListener('submit', (event) => event.preventDefault())`)).rejects.toThrow(/never sent/);
});

test('a form that sends other values than the typed ones does not pass', async () => {
  await expect(look(`addEventListener('submit', ({ target }) => { target.username.value = 'm' })`)).rejects.toThrow(/never sent/);
});

test('a page whose script fails does not pass', async () => {
  await expect(look(`throw new Error('no engine')`)).rejects.toThrow(/no engine/);
});
