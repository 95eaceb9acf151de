//! frontend/device.js with a fake `fetch` that records its calls.

import { readFile } from 'node:fs/promises';

import { expect, test } from '@playwright/test';

const SCRIPT = new URL('../frontend/device.js', import.meta.url);

/** Asks once. `answers` has a status by address; without one nothing listens there. */
async function ask(page, question, answers = {}, permissions = {}) {
  const source = `data:text/javascript;base64,${(await readFile(SCRIPT)).toString('base64')}`;
  return page.evaluate(
    async ({ source, question, answers, permissions }) => {
      const calls = [];
      globalThis.fetch = async (address, { method = 'GET', body, headers, credentials, redirect }) => {
        calls.push({ address, method, ...(body && { body }), headers, credentials, redirect });
        if (!(address in answers)) throw new TypeError('Failed to fetch');
        return new Response(null, { status: answers[address] });
      };
      Object.defineProperty(navigator, 'permissions', {
        configurable: true,
        value: { query: async ({ name }) => (name in permissions ? { state: permissions[name] } : Promise.reject(new TypeError(name))) },
      });
      const { default: device } = await import(source);
      return { answer: await device(question), calls };
    },
    { source, question, answers, permissions },
  );
}

const ONE = 'https://x.authenticatorlocaldev.com:6511';
const TWO = 'http://localhost:6511';
const PASS = { device: 'pass', challenge: { addresses: [ONE, TWO], challengeRequest: 'a.b.c', probeTimeout: 100 } };

test('the addresses are probed in order, and the challenge goes to the first that answers', async ({ page }) => {
  const { answer, calls } = await ask(page, PASS, { [`${TWO}/probe`]: 200, [`${TWO}/challenge`]: 200 });
  expect(answer).toEqual({});
  expect(calls.map(({ method, address }) => `${method} ${address}`)).toEqual([`GET ${ONE}/probe`, `GET ${TWO}/probe`, `POST ${TWO}/challenge`]);
  expect(calls[2]).toMatchObject({ body: '{"challengeRequest":"a.b.c"}', headers: { 'Content-Type': 'application/json' } });
  for (const call of calls) expect(call).toMatchObject({ credentials: 'omit', redirect: 'error' });
});

test('a probe that is refused and an Okta Verify of another user lead to the next address', async ({ page }) => {
  for (const first of [{ [`${ONE}/probe`]: 404 }, { [`${ONE}/probe`]: 200, [`${ONE}/challenge`]: 503 }]) {
    const { answer } = await ask(page, PASS, { ...first, [`${TWO}/probe`]: 200, [`${TWO}/challenge`]: 204 });
    expect(answer).toEqual({});
  }
});

test('an error of Okta Verify ends it with the status, and silence at every address with the reason', async ({ page }) => {
  const failing = await ask(page, PASS, { [`${ONE}/probe`]: 200, [`${ONE}/challenge`]: 500 });
  expect(failing.answer).toEqual({ reason: 'OV_RETURNED_ERROR', statusCode: 500 });
  expect(failing.calls).toHaveLength(2);
  const silent = await ask(page, PASS);
  expect(silent.answer).toEqual({ reason: 'OV_UNREACHABLE_BY_LOOPBACK' });
});

test('the permission is read by its newest name that the browser knows', async ({ page }) => {
  const state = async (permissions) => (await ask(page, { device: 'permission' }, {}, permissions)).answer.state;
  expect(await state({ 'loopback-network': 'denied', 'local-network-access': 'granted' })).toBe('denied');
  expect(await state({ 'local-network-access': 'prompt' })).toBe('prompt');
  expect(await state({})).toBe('unknown');
});
