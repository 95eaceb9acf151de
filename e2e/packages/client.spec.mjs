//! The package @latchkey/client in a page that draws nothing: from the first call to the last.

import { readFile } from 'node:fs/promises';

import { PASSWORD_ALONE, passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { plugIn } from '../world/virtual-authenticator.mjs';
import { MARY } from '../world/org.mjs';

const CLIENT = new URL('../../frontend/npm/dist/client/index.js', import.meta.url);

/** A page of the app's own that has the client as `client`. */
async function visit(page, url = '/form') {
  const script = await readFile(CLIENT, 'utf8');
  await page.context().route('**/client.js', (route) => route.fulfill({ body: script, contentType: 'text/javascript' }));
  const html = `<!doctype html><title>Form</title><script type="module">
    import { Client, passkey } from '/client.js';
    Object.assign(globalThis, { client: new Client(), passkey });
  </script>`;
  await page.context().route('**/form', (route) => route.fulfill({ body: html, contentType: 'text/html' }));
  await page.goto(url);
  await page.waitForFunction(() => globalThis.client);
}

/** Calls a method of the client in the page. */
const call = (page, method, ...values) =>
  page.evaluate(
    async ([method, values]) => {
      try {
        return await globalThis.client[method](...values);
      } catch ({ name, code, status }) {
        return { name, code, status };
      }
    },
    [method, values],
  );

test('a page signs a person in, shows who it is, and signs out', async ({ page, org }) => {
  await visit(page);
  expect(await call(page, 'session')).toEqual({ authenticated: false });
  expect(await call(page, 'current')).toBeUndefined();
  const wrong = await call(page, 'authenticate', { username: MARY.login, password: 'wrong' });
  expect([wrong.status, wrong.messages[0].class]).toEqual(['PENDING', 'ERROR']);
  const chosen = await call(page, 'authenticate', { username: MARY.login, password: MARY.password });
  expect(chosen.nextStep.name).toBe('select-authenticator-authenticate');
  const challenge = await call(page, 'proceed', { authenticator: 'okta_email' });
  expect([challenge.nextStep.name, challenge.nextStep.authenticator.key]).toEqual(['challenge-authenticator', 'okta_email']);
  await page.reload();
  await page.waitForFunction(() => globalThis.client);
  expect((await call(page, 'current')).transaction).toBe(challenge.transaction);
  const success = await call(page, 'proceed', { verificationCode: await org.code(MARY.email) });
  expect([success.status, success.nextStep]).toEqual(['SUCCESS', undefined]);
  const { authenticated, user } = await call(page, 'session');
  expect([authenticated, user.email]).toEqual([true, MARY.email]);
  expect((await call(page, 'userinfo')).email).toBe(MARY.email);
  expect(await call(page, 'sessions')).toEqual([expect.objectContaining({ current: true })]);
  expect(await call(page, 'logout')).toEqual({ authenticated: false });
  expect(await call(page, 'userinfo')).toEqual({ name: 'ProblemError', code: 'not_signed_in', status: 401 });
});

test.describe('with a mailed link', () => {
  test.use({ visitsOrg: true, policies: { ...passwordAnd('okta_email'), email_callback: 'redirect_uri' } });

  test('a tab that waits learns that the mailed link was opened in another one', async ({ page, org }) => {
    await visit(page);
    await call(page, 'authenticate', { username: MARY.login, password: MARY.password });
    const challenge = await call(page, 'proceed', { methodType: 'email' });
    expect(challenge.nextStep.name).toBe('challenge-authenticator');
    const waiting = call(page, 'wait', challenge);
    await org.code(MARY.email);
    const [{ link }] = await org.inbox(MARY.email);
    const other = await page.context().newPage();
    await other.goto(link);
    await expect(other.getByRole('heading', { level: 1, name: /^Welcome, / })).toBeVisible();
    expect((await waiting).status).toBe('SUCCESS');
  });
});

test.describe('with a passkey', () => {
  test.use({ policies: passwordAnd('webauthn') });

  test('a page sets one up and signs in with it', async ({ page, org }) => {
    const key = await plugIn(page);
    const dana = { login: 'dana@example.com', email: 'dana@example.com', password: 'Correct-Horse-9' };
    await org.addUser({ ...dana, profile: { firstName: 'Dana', lastName: 'Scully' }, enroll: ['webauthn'] });
    await visit(page);
    for (const name of ['enroll-authenticator', 'challenge-authenticator']) {
      let now = await call(page, 'authenticate', { username: dana.login, password: dana.password });
      if (now.nextStep.name.startsWith('select-authenticator')) now = await call(page, 'proceed', { authenticator: 'webauthn' });
      expect(now.nextStep.name).toBe(name);
      now = await page.evaluate(async (step) => globalThis.client.proceed(await globalThis.passkey(step)), now.nextStep);
      if (now.status === 'PENDING') now = await call(page, 'proceed', { skip: true });
      expect(now.status).toBe('SUCCESS');
      await call(page, 'logout');
    }
    await key.takeOut();
  });
});

test.describe('with a password alone', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('a page that watches the session notices a sign-in and a sign-out in another tab', async ({ page }) => {
    await visit(page);
    await page.evaluate(() => {
      globalThis.names = [];
      globalThis.client.watch(({ user }) => globalThis.names.push(user?.name ?? 'none'));
    });
    const names = () => page.evaluate(() => globalThis.names);
    await expect.poll(names).toEqual(['none']);
    const other = await page.context().newPage();
    await visit(other);
    expect((await call(other, 'authenticate', { username: MARY.login, password: MARY.password })).status).toBe('SUCCESS');
    await expect.poll(names).toHaveLength(2);
    await call(other, 'logout');
    await expect.poll(names).toEqual(['none', expect.stringContaining('Mary'), 'none']);
  });
});
