//! No secret in the browser: the specs search everything that it receives, stores or shows.

import { REFUSED, button, choose, enterCode, heading, identify, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

/** The session cookie over plain http on this machine; over https it is `Secure`, with a prefix. */
const COOKIE = 'loopback-sid';

test.describe('with marked secrets', () => {
  test.use({ orgEnv: { DEVORG_CANARY: '1' } });

  test('no token, handle or org address reaches the browser', async ({ page, context, org }) => {
    const received = new Traffic(context);

    await page.goto('/');
    await identify(page, { ...MARY, password: 'not-the-password' });
    await expect(page.getByText(REFUSED)).toBeVisible();
    received.note('after a wrong password', await everythingKept(page));
    await identify(page);
    await choose(page, 'Email');
    await expect(heading(page, 'Enter verification code')).toBeVisible();
    received.note('at the code', await everythingKept(page));
    await page.reload();
    await enterCode(page, await org.wrongCode(MARY.email));
    await expect(page.getByText('Invalid code. Try again.').first()).toBeVisible();
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
    received.note('signed in', await everythingKept(page));
    await button(page, 'Sign out').click();
    await expect(heading(page, 'Sign In')).toBeVisible();
    received.note('signed out', await everythingKept(page));

    const all = await received.all();
    expect(all.length).toBeGreaterThan(15);
    const address = new URL(org.url).host;
    expect(findings(all, ['CNRY', btoa('CNRY'), address, encodeURIComponent(address), '/idp/idx/', '/oauth2/'])).toEqual([]);
  });

  test('the search finds marked secrets in responses of the org itself', async ({ org, app, request }) => {
    const answer = await request.post(`${org.issuer}/v1/interact`, {
      form: {
        client_id: 'latchkey-public',
        scope: 'openid',
        redirect_uri: 'http://localhost:8080/login/callback',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
        state: 'a-state',
        nonce: 'a-nonce',
      },
    });
    expect(findings([['interact', await answer.text()]], ['CNRY'])).toHaveLength(1);
    expect(app.url).not.toBe(org.url);
  });
});

test('the session cookie is host-only and HttpOnly, and changes at sign-in', async ({ page, context, org }) => {
  await page.goto('/');
  await identify(page);
  await choose(page, 'Email');
  const before = await sessionCookie(context);
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
  const after = await sessionCookie(context);

  expect(after).toMatchObject({ httpOnly: true, secure: false, sameSite: 'Strict', path: '/', domain: 'localhost' });
  expect(after.value).not.toBe(before.value);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('a session id from before the sign-in opens nothing after it', async ({ page, context, org, app, playwright }) => {
  await page.goto('/');
  await identify(page);
  await choose(page, 'Email');
  const before = await sessionCookie(context);
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();

  const after = await sessionCookie(context);

  expect(await sessionOf(before)).not.toMatchObject({ authenticated: true });
  expect(await sessionOf(after)).toMatchObject({ authenticated: true });

  async function sessionOf({ value }) {
    const bearer = await playwright.request.newContext({ extraHTTPHeaders: { 'X-CSRF': '1', cookie: `${COOKIE}=${value}` } });
    const session = await bearer.get(`${app.url}/api/session`);
    const answer = await session.json();
    await bearer.dispose();
    return answer;
  }
});

async function sessionCookie(context) {
  const cookie = (await context.cookies()).find(({ name }) => name === COOKIE);
  expect(cookie).toBeDefined();
  return cookie;
}

/** Everything that a browser sent and received, as `[where, text]`. */
class Traffic {
  #seen = [];
  #context;
  #listener = (response) => this.#seen.push(this.#read(response));

  constructor(context) {
    this.#context = context;
    context.on('response', this.#listener);
  }

  note(where, text) {
    this.#seen.push(Promise.resolve([where, text]));
  }

  /** All of it until now. What comes later may come as the browser closes, and cannot be read. */
  all() {
    this.#context.off('response', this.#listener);
    return Promise.all(this.#seen);
  }

  async #read(response) {
    const request = response.request();
    const where = `${request.method()} ${request.url()}`;
    const headers = await response.headersArray();
    // A redirect and an empty response have no body.
    const body = await response.text().catch(() => '');
    return [where, [where, request.postData() ?? '', ...headers.map(({ name, value }) => `${name}: ${value}`), body].join('\n')];
  }
}

/** The DOM, the cookies and the storage of a page. */
function everythingKept(page) {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const caches_ = await caches.keys();
    return [
      location.href,
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll('input')].map(({ value }) => value),
      JSON.stringify(history.state),
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      JSON.stringify(databases),
      JSON.stringify(caches_),
    ].join('\n');
  });
}

function findings(all, words) {
  return all.flatMap(([where, text]) => words.filter((word) => text.includes(word)).map((word) => `${word} in ${where}`));
}
