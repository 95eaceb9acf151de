//! Acceptance: the sign-in as an element in another page, under the strictest possible policy.

import { button, chooseIfAsked, code, duplicate, enterCode, heading, identify, offer, welcome } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { SHOP, shopWith, visitShop } from '../shop.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

/** The events that the element fired, in order. */
function events(page) {
  return page.evaluate(() => globalThis.events);
}

test.beforeEach(({ page }) =>
  page.addInitScript(() => {
    globalThis.events = [];
    for (const name of ['latchkey-signed-in', 'latchkey-signed-out']) addEventListener(name, () => globalThis.events.push(name));
  }),
);

test('a person signs in, and the page keeps its address, title and focus', async ({ page, org }) => {
  await visitShop(page);
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(page.getByLabel('Search')).toBeFocused();
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await expect(page.getByLabel('Verification code')).toBeFocused();
  await page.reload();
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
  await expect.poll(() => events(page)).toEqual(['latchkey-signed-in']);
  await expect(page).toHaveURL(/\/shop$/);
  await expect(page).toHaveTitle('Shop');
  await button(page, 'Sign out').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect.poll(() => events(page)).toEqual(['latchkey-signed-in', 'latchkey-signed-out']);
});

test('a removed element sends no requests, and continues when it is added again', async ({ page, org }) => {
  await visitShop(page);
  await identify(page);
  await chooseIfAsked(page, 'Email');
  const sent = await org.code(MARY.email);
  // A complete code would be sent by itself.
  await code(page).fill(sent.slice(0, -1));
  const other = await duplicate(page);
  const element = await page.evaluateHandle(() => document.querySelector('latchkey-sign-in'));
  await element.evaluate((element) => element.remove());
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  // Both tabs poll at the same interval, so two polls of the other tab would include one of this tab.
  for (let polls = 0; polls < 2; polls += 1) await other.waitForResponse('**/api/idx/poll');
  expect(requests).toEqual([]);
  const poll = page.waitForRequest('**/api/idx/poll');
  await element.evaluate((element) => document.body.append(element));
  await poll;
  await expect(code(page)).toHaveValue(sent.slice(0, -1));
  await enterCode(page, sent);
  await expect(welcome(page)).toBeVisible();
});

test.describe('with a password alone', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('it uses the colours and the language of the page, and a replaced element loses nothing', async ({ page }) => {
    await visitShop(page, SHOP.replace('lang="en"', 'lang="de-AT"'));
    await expect(heading(page, 'Anmelden')).toHaveCSS('text-transform', 'uppercase');
    await expect(offer(page, 'Registrieren')).toHaveCSS('color', 'rgb(0, 90, 60)');
    await page.getByLabel('Benutzername').fill(MARY.login);
    await page.evaluate(() => {
      const old = document.querySelector('latchkey-sign-in');
      old.replaceWith(document.createElement('latchkey-sign-in'));
    });
    await expect(page.getByLabel('Benutzername')).toHaveValue(MARY.login);
    await offer(page, 'Registrieren').click();
    await expect(page.getByLabel('Vorname')).toBeFocused();
    await expect(page).toHaveURL(/\/shop$/);
    await offer(page, 'Zurück zur Anmeldung').click();
    await expect(page.getByLabel('Benutzername')).toHaveValue(MARY.login);
  });

  test('in a narrow window it uses the whole width, or the inset that the page sets', async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await visitShop(page);
    await expect(heading(page, 'Sign In')).toBeVisible();
    const inset = () =>
      page.locator('latchkey-sign-in').evaluate((element) => {
        const inside = element.shadowRoot.querySelector('h1').getBoundingClientRect();
        return inside.left - element.getBoundingClientRect().left;
      });
    expect(await inset()).toBe(0);
    await page.locator('latchkey-sign-in').evaluate((element) => element.style.setProperty('--inset', '20px'));
    expect(await inset()).toBe(20);
  });
});

test.describe('the session of the element', () => {
  test.use({ policies: PASSWORD_ALONE });

  /** What the element says of the session. */
  const session = (page) => page.locator('latchkey-sign-in').evaluate((element) => element.session);

  async function signIn(page) {
    await visitShop(page);
    await identify(page);
    await expect(welcome(page)).toBeVisible();
    await expect.poll(() => session(page)).not.toBeNull();
  }

  test('a new element, and a listener that came late, learn who is signed in', async ({ page }) => {
    await signIn(page);
    await expect.poll(() => session(page)).toMatchObject({ user: { email: MARY.email }, expiresAt: expect.any(Number) });
    const user = await page.evaluate(async () => {
      const element = document.createElement('latchkey-sign-in');
      const event = new Promise((done) => element.addEventListener('latchkey-signed-in', done, { once: true }));
      document.querySelector('latchkey-sign-in').replaceWith(element);
      return (await event).detail.user;
    });
    expect(user).toMatchObject({ email: MARY.email });
  });

  test('signing out through the API shows the form when the window is used again', async ({ page }) => {
    await signIn(page);
    await page.evaluate(() => fetch('/api/logout', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' }));
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await expect(heading(page, 'Sign In')).toBeVisible();
    await expect.poll(() => session(page)).toBeNull();
    await expect.poll(() => events(page)).toEqual(['latchkey-signed-in', 'latchkey-signed-out']);
  });

  test('signing out by the method signs another tab of the page out', async ({ page }) => {
    await signIn(page);
    const other = await duplicate(page);
    await expect(welcome(other)).toBeVisible();
    await other.locator('latchkey-sign-in').evaluate((element) => element.signOut());
    await expect(heading(other, 'Sign In')).toBeVisible();
    await expect(heading(page, 'Sign In')).toBeVisible();
    await expect.poll(() => events(page)).toEqual(['latchkey-signed-in', 'latchkey-signed-out']);
  });

  test('signing out everywhere by the method ends the sessions of other browsers', async ({ page, browser, app }) => {
    await signIn(page);
    const context = await browser.newContext({ baseURL: app.url });
    const other = await context.newPage();
    await signIn(other);
    await page.locator('latchkey-sign-in').evaluate((element) => element.signOut({ everywhere: true }));
    await expect(heading(page, 'Sign In')).toBeVisible();
    await other.evaluate(() => dispatchEvent(new Event('focus')));
    await expect(heading(other, 'Sign In')).toBeVisible();
    await context.close();
  });

  test('a flow that began although a person is signed in goes on when the window is used again', async ({ page }) => {
    await signIn(page);
    await page.locator('latchkey-sign-in').evaluate((element) => void element.start({ flow: 'register' }));
    await expect(heading(page, 'Sign Up')).toBeVisible();
    await page.locator('latchkey-sign-in').evaluate((element) => element.refresh());
    await page.getByLabel('First name').fill('Mary');
    await expect(heading(page, 'Sign Up')).toBeVisible();
    await expect(page.getByLabel('First name')).toHaveValue('Mary');
  });

  test('events leave the shadow of an element around it', async ({ page }) => {
    await signIn(page);
    const name = await page.evaluate(async () => {
      document.querySelector('latchkey-sign-in').remove();
      const outer = document.body.appendChild(document.createElement('div'));
      const event = new Promise((done) => document.addEventListener('latchkey-signed-in', done, { once: true }));
      outer.attachShadow({ mode: 'open' }).append(document.createElement('latchkey-sign-in'));
      return (await event).type;
    });
    expect(name).toBe('latchkey-signed-in');
  });
});

test('each step has an event, with nothing that was typed in it', async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.steps = [];
    addEventListener('latchkey-ready', () => globalThis.steps.push('ready'));
    addEventListener('latchkey-step', ({ detail }) => globalThis.steps.push(detail));
  });
  await visitShop(page);
  await identify(page);
  await expect(page.getByRole('radio', { name: 'Email' })).toBeVisible();
  const steps = await page.evaluate(() => globalThis.steps);
  expect(steps.at(0)).toMatchObject({ name: 'identify', screen: '/login' });
  expect(steps.at(1)).toBe('ready');
  expect(steps.at(-1)).toMatchObject({ name: 'select-authenticator-authenticate', screen: '/select-authenticator' });
  expect(JSON.stringify(steps)).not.toContain(MARY.password);
});

test('the attributes choose the flow, and follow changes', async ({ page }) => {
  await visitShop(page, shopWith('flow="register" heading-level="2" no-language-chooser'));
  await expect(heading(page, 'Sign Up')).toHaveAttribute('aria-level', '2');
  await expect(page.getByRole('combobox')).toBeHidden();
  const element = page.locator('latchkey-sign-in');
  await element.evaluate((element) => (element.flow = 'recover-password'));
  await expect(heading(page, 'Reset password')).toBeVisible();
  await expect(element).toHaveAttribute('flow', 'recover-password');
  await element.evaluate((element) => void element.start({ flow: 'sign-in' }));
  await expect(heading(page, 'Sign In')).toBeVisible();
  await element.evaluate((element) => element.focus());
  await expect(page.getByLabel('Username')).toBeFocused();
});

test('the hints and the theme of the page count, and restart and cancel begin again', async ({ page }) => {
  const hints = { loginHint: MARY.login, acrValues: 'urn:okta:loa:2fa:any', returnTo: expect.stringMatching(/\/shop$/) };
  const begun = () => page.waitForRequest('**/api/idx/authenticate').then((request) => request.postDataJSON());
  const first = begun();
  await visitShop(page, shopWith(`username="${MARY.login}" acr-values="${hints.acrValues}" theme="dark"`));
  expect(await first).toMatchObject(hints);
  await expect(heading(page, 'Sign In')).toHaveCSS('color', 'rgb(240, 236, 227)');
  const element = page.locator('latchkey-sign-in');
  const again = begun();
  const cancelled = page.waitForResponse('**/api/idx/cancel');
  // It is cancelled as soon as it has begun.
  await element.evaluate((element) => {
    element.restart();
    element.cancel();
  });
  expect(await again).toMatchObject(hints);
  const afterwards = begun();
  await cancelled;
  expect(await afterwards).toMatchObject({ returnTo: hints.returnTo });
  await expect(heading(page, 'Sign In')).toBeVisible();
});

test('the language follows the page, and the element writes nothing on itself', async ({ page }) => {
  await visitShop(page);
  await expect(heading(page, 'Sign In')).toBeVisible();
  await page.evaluate(() => (document.documentElement.lang = 'de'));
  await expect(heading(page, 'Anmelden')).toBeVisible();
  await page.locator('latchkey-sign-in').evaluate((element) => (element.lang = 'fr'));
  await expect(page.getByLabel("Nom d'utilisateur").or(page.getByLabel('Nom d’utilisateur'))).toBeVisible();
  expect(await page.locator('latchkey-sign-in').evaluate((element) => element.getAttributeNames())).toEqual(['lang']);
});

test('in a shadow, the language is that of what stands around it', async ({ page }) => {
  await visitShop(page, SHOP.replace('<latchkey-sign-in></latchkey-sign-in>', '<section lang="de"><div id="outer"></div></section>'));
  await page.evaluate(() => document.querySelector('#outer').attachShadow({ mode: 'open' }).append(document.createElement('latchkey-sign-in')));
  await expect(heading(page, 'Anmelden')).toBeVisible();
  await page.evaluate(() => (document.querySelector('section').lang = 'en'));
  await expect(heading(page, 'Sign In')).toBeVisible();
});

test('what stands between the tags stays while nothing can be fetched, and the console names the setting', async ({ page }) => {
  const lines = [];
  page.on('console', (line) => lines.push(line.text()));
  await page.context().route('**/*.wasm', (route) => route.abort());
  await visitShop(page, shopWith('', 'Call us to sign in.'));
  await expect.poll(() => lines.filter((line) => line.includes('LATCHKEY_ALLOWED_ORIGINS')).length).toBe(1);
  await expect(page.getByText('Call us to sign in.')).toBeVisible();
});
