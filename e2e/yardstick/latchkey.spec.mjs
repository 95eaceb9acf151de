//! The stub of our server in measurements must respond as the server does.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '../test.mjs';
import { answer, drawn, HEADERS } from './latchkey.mjs';

const DIST = process.env.LATCHKEY_ASSETS || fileURLToPath(new URL('../../dist', import.meta.url));
/** What our own page sends with each call. */
const OUR_PAGE = { 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin' };

test('the policy is the one that the server sends', async ({ request }) => {
  const page = await request.get('/');
  expect(page.headers()).toMatchObject(HEADERS);
});

test('the first step is the one that the server sends', async ({ request }) => {
  const path = '/api/idx/authenticate';
  const served = await (await request.post(path, { data: {}, headers: OUR_PAGE })).json();
  const { json } = answer({ method: 'POST', pathname: path });
  expect(json.nextStep.inputs).toEqual(served.nextStep.inputs);
  expect(Object.keys(json).sort()).toEqual(Object.keys(served).sort());
});

test('the page is the one that the server sends, once it has seen the first step', async ({ request }) => {
  await request.post('/api/idx/authenticate', { data: {}, headers: OUR_PAGE });
  const built = await readFile(path.join(DIST, 'index.html'), 'utf8');
  expect(await (await request.get('/')).text()).toBe(drawn(built));
});
