//! frontend/device.js with a fake `fetch` that records its calls.

import { readFile } from 'node:fs/promises';

import { expect, test } from '@playwright/test';

const SCRIPT = new URL('../frontend/device.js', import.meta.url);

/** Asks once, as this user agent. `answers` has a status by address; without one nothing listens there. */
async function ask(page, question, answers = {}, permissions = {}, userAgent = 'Mozilla/5.0') {
  const source = `data:text/javascript;base64,${(await readFile(SCRIPT)).toString('base64')}`;
  return page.evaluate(
    async ({ source, question, answers, permissions, userAgent }) => {
      const calls = [];
      const limits = [];
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (act, limit) => {
        limits.push(limit);
        return setTimeout(act, limit);
      };
      Object.defineProperty(navigator, 'userAgent', { configurable: true, value: userAgent });
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
      return { answer: await device(question), calls, limits };
    },
    { source, question, answers, permissions, userAgent },
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

test('a probe waits as long as the org says, longer on Android, and a challenge as long as a person may take', async ({ page }) => {
  const answers = { [`${TWO}/probe`]: 200, [`${TWO}/challenge`]: 200 };
  expect((await ask(page, PASS, answers)).limits).toEqual([100, 100, 300_000]);
  const android = 'Mozilla/5.0 (Linux; Android 15) Chrome/140';
  expect((await ask(page, PASS, answers, {}, android)).limits).toEqual([3_000, 3_000, 300_000]);
});

test('an app is called at the first address that answers a probe, and without one it is not', async ({ page }) => {
  const question = { device: 'app', call: { addresses: [ONE, TWO], path: 'azt/install', probeTimeout: 10 } };
  const { answer, calls, limits } = await ask(page, question, { [`${TWO}/probe`]: 200, [`${TWO}/azt/install`]: 200 });
  expect(answer).toEqual({ asked: true });
  expect(calls.map(({ method, address }) => `${method} ${address}`)).toEqual([`GET ${ONE}/probe`, `GET ${TWO}/probe`, `GET ${TWO}/azt/install`]);
  expect(limits).toEqual([10, 10, 10]);
  for (const refused of [{}, { [`${TWO}/probe`]: 200 }, { [`${TWO}/probe`]: 200, [`${TWO}/azt/install`]: 500 }]) {
    expect((await ask(page, question, refused)).answer).toEqual({ asked: false });
  }
});
