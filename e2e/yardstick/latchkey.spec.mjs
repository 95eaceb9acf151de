//! The stub of our server in measurements must respond as the server does.

import { expect, test } from '../test.mjs';
import { answer, HEADERS } from './latchkey.mjs';

test('the policy is the one that the server sends', async ({ request }) => {
  const page = await request.get('/');
  expect(page.headers()).toMatchObject(HEADERS);
});

test('the first step is the one that the server sends', async ({ request }) => {
  const path = '/api/idx/authenticate';
  const served = await (await request.post(path, { data: {}, headers: { 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin' } })).json();
  const { json } = answer({ method: 'POST', pathname: path });
  expect(json.nextStep.inputs).toEqual(served.nextStep.inputs);
  expect(Object.keys(json).sort()).toEqual(Object.keys(served).sort());
});
