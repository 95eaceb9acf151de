//! What stands in for our server when the page is measured: it must not be kinder than the server is.

import { expect, test } from '../test.mjs';
import { answer, HEADERS } from './latchkey.mjs';

test('the policy is the one that the server sends', async ({ request }) => {
  const page = await request.get('/');
  expect(page.headers()).toMatchObject(HEADERS);
});

test('the page is told of the first step what the server tells of it', async ({ request }) => {
  const path = '/api/idx/authenticate';
  const told = await (await request.post(path, { data: {}, headers: { 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin' } })).json();
  const { json } = answer({ method: 'POST', pathname: path });
  expect(json.nextStep.inputs).toEqual(told.nextStep.inputs);
  expect(Object.keys(json).sort()).toEqual(Object.keys(told).sort());
});
