//! Acceptance: what a page changes of the element: its slots, texts and languages, and what follows a sign-in.

import { writeFile } from 'node:fs/promises';

import { button, chooseIfAsked, enterCode, heading, identify, languages, link, password, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, passwordAnd } from '../policies.mjs';
import { element, fired, painted, POLICY_OF_AXE, recordEvents, shopWith, visitShop } from '../shop.mjs';
import { barriers } from '../axe.mjs';
import { expect, test } from '../test.mjs';
import { App } from '../world/app.mjs';
import { MARY } from '../world/org.mjs';

/** Something in every slot. */
const PIECES = `<b slot="logo">ACME</b>
  <p slot="before-heading">New here?</p>
  <p slot="after-heading">For members only.</p>
  <label slot="before-submit"><input type="checkbox" required> I accept the terms</label>
  <a slot="after-form" href="/help">Help with signing in</a>
  <p slot="footer">ACME Ltd.</p>
  <p slot="loading">ACME is loading.</p>
  <p slot="signed-in">Your orders</p>
  <p>The sign-in cannot be shown here.</p>`;

const terms = (page) => page.getByRole('checkbox', { name: 'I accept the terms' });

test.describe('slots', () => {
  test.use({ policies: passwordAnd('okta_email') });

  test('they stand at their places, survive every step, and the terms block the answer', async ({ page, org }) => {
    await visitShop(page, shopWith('', PIECES));
    await expect(heading(page, 'Sign In')).toBeVisible();
    await expect(page.getByText('ACME is loading.')).toBeHidden();
    const tops = () => Promise.all(['ACME', 'New here?', 'For members only.', 'I accept the terms', 'Help with signing in', 'ACME Ltd.'].map(async (text) => (await page.getByText(text, { exact: true }).boundingBox()).y));
    const ordered = await tops();
    expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
    const requests = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await identify(page);
    await expect(terms(page)).toBeFocused();
    await expect(button(page, 'Next')).toHaveAccessibleDescription(await terms(page).evaluate((box) => box.validationMessage));
    expect(requests).not.toContain('/api/idx/proceed');
    await terms(page).check();
    await button(page, 'Next').click();
    await chooseIfAsked(page, 'Email');
    await expect(terms(page)).toBeChecked();
    for (const text of ['ACME', 'New here?', 'For members only.', 'Help with signing in', 'ACME Ltd.']) await expect(page.getByText(text, { exact: true })).toBeVisible();
    await enterCode(page, await org.code(MARY.email));
    await expect(page.getByText('Your orders')).toBeVisible();
    await expect(welcome(page)).toBeHidden();
    await element(page).evaluate((element) => element.signOut());
    await expect(heading(page, 'Sign In')).toBeVisible();
    await expect(page.getByText('Your orders')).toBeHidden();
  });

  test('the Tab key goes through the slots in the order in which they are seen', async ({ page }) => {
    await visitShop(page, shopWith('', '<a slot="logo" href="/">ACME</a><a slot="before-heading" href="/new">New here?</a><label slot="before-submit"><input type="checkbox"> I accept the terms</label><a slot="after-form" href="/help">Help</a><a slot="footer" href="/imprint">Imprint</a>'));
    await expect(heading(page, 'Sign In')).toBeVisible();
    await page.getByLabel('Search').focus();
    const places = { acme: link(page, 'ACME'), 'new here': link(page, 'New here?'), username: username(page), password: password(page), terms: terms(page), next: button(page, 'Next'), help: link(page, 'Help'), imprint: link(page, 'Imprint') };
    const passed = [];
    while (passed.at(-1) !== 'imprint' && passed.length < 20) {
      await page.keyboard.press('Tab');
      const isFocused = await Promise.all(Object.values(places).map((place) => place.evaluate((one) => one.getRootNode().activeElement === one)));
      passed.push(Object.keys(places)[isFocused.indexOf(true)] ?? 'other');
    }
    expect(passed.filter((place) => place !== 'other')).toEqual(Object.keys(places));
  });

  test('axe finds nothing in a page with something in every slot', async ({ page }) => {
    const html = shopWith('heading-level="2"', PIECES).replace('<h2>Shop</h2>', '<main><h1>Shop</h1>').replace('</latchkey-sign-in>', '</latchkey-sign-in></main>');
    await visitShop(page, html, POLICY_OF_AXE);
    await expect(heading(page, 'Sign In')).toHaveAttribute('aria-level', '2');
    expect(await barriers(page)).toEqual([]);
  });

  test('while the sign-in loads its slot is shown, and when it cannot load what stands between the tags', async ({ page }) => {
    let abort;
    await page.context().route('**/*.wasm', (route) => (abort = () => route.abort()));
    await visitShop(page, shopWith('', PIECES));
    await expect(page.getByText('ACME is loading.')).toBeVisible();
    await expect(page.getByText('The sign-in cannot be shown here.')).toBeHidden();
    await expect.poll(() => Boolean(abort)).toBe(true);
    abort();
    await expect(page.getByText('The sign-in cannot be shown here.')).toBeVisible();
    await expect(page.getByText('ACME is loading.')).toBeHidden();
  });
});

test('under a policy that forbids WebAssembly what stands between the tags stays, and the console names the directive', async ({ app, browser }) => {
  const context = await browser.newContext({ baseURL: app.url });
  const page = await context.newPage();
  await recordEvents(page);
  const line = page.waitForEvent('console', (line) => line.type() === 'warning' && line.text().startsWith('<latchkey-sign-in>'));
  await visitShop(page, shopWith('', '<p>The sign-in cannot be shown here.</p>'), POLICY_OF_AXE.replace(" 'wasm-unsafe-eval'", ''));
  expect((await line).text()).toContain(`script-src ${app.url} 'wasm-unsafe-eval'`);
  await expect.poll(() => fired(page, 'latchkey-error')).toMatchObject([{ code: 'webassembly' }]);
  await expect(page.getByText('The sign-in cannot be shown here.')).toBeVisible();
  await context.close();
});

test.describe('after a sign-in', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('the page shows our page about the person, a welcome, or nothing, as the attribute says', async ({ page }) => {
    await recordEvents(page);
    await visitShop(page, shopWith('after-sign-in="nothing"'));
    await identify(page);
    await expect.poll(async () => (await fired(page, 'latchkey-signed-in')).length).toBe(1);
    await expect.poll(() => element(page).evaluate(({ offsetHeight }) => offsetHeight)).toBe(0);
    await element(page).evaluate((element) => (element.afterSignIn = 'message'));
    await expect(welcome(page)).toBeVisible();
    await expect(button(page, 'Sign out')).toBeHidden();
    await expect(element(page)).toHaveAttribute('after-sign-in', 'message');
    await element(page).evaluate((element) => element.removeAttribute('after-sign-in'));
    await expect(button(page, 'Sign out')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Password', exact: true })).toBeVisible();
    expect(await fired(page, 'latchkey-signed-out')).toEqual([]);
  });

  for (const [what, attributes, children] of [
    ['a welcome', 'after-sign-in="message"', ''],
    ['nothing', 'after-sign-in="nothing"', ''],
    ['a slot of its own', '', '<p slot="signed-in">Your orders</p>'],
  ]) {
    test(`where the page shows ${what} instead of the account, nothing of the account is fetched`, async ({ page }) => {
      const fetched = [];
      page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
      await recordEvents(page);
      await visitShop(page, shopWith(attributes, children));
      await identify(page);
      await expect.poll(async () => (await fired(page, 'latchkey-signed-in')).length).toBe(1);
      // The screen of a signed-in person is drawn, although it may be hidden.
      await expect(element(page).locator('h1')).toContainText('Welcome');
      await painted(page);
      expect(fetched.filter((path) => /split_account|account-\w+\.css|\/api\/(account|sessions|userinfo)/.test(path))).toEqual([]);
    });
  }
});

test.describe('texts and languages', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('the page has texts of its own, English ones too, and changes them at any time', async ({ page }) => {
    const html = shopWith('').replace('<script', '<script src="/texts.js"></script><script');
    await page.context().route('**/texts.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'document.querySelector("latchkey-sign-in").text = { "Sign In": "Sign in to ACME", de: { "Sign In": "Bei ACME anmelden" } };' }),
    );
    await visitShop(page, html);
    await expect(heading(page, 'Sign in to ACME')).toBeVisible();
    await username(page).fill(MARY.login);
    await element(page).evaluate((element) => (element.text = { ...element.text, Next: 'Go on' }));
    await expect(button(page, 'Go on')).toBeVisible();
    await expect(username(page)).toHaveValue(MARY.login);
    await page.evaluate(() => (document.documentElement.lang = 'de'));
    await expect(heading(page, 'Bei ACME anmelden')).toBeVisible();
    await expect(button(page, 'Weiter')).toBeVisible();
    await element(page).evaluate((element) => (element.text = null));
    await expect(heading(page, 'Anmelden')).toBeVisible();
  });

  test('the page chooses the languages that are offered', async ({ page }) => {
    await visitShop(page, shopWith('languages="de fr"'));
    await expect(heading(page, 'Anmelden')).toBeVisible();
    await expect(page.getByRole('combobox').getByRole('option')).toHaveText(['Deutsch', 'Français']);
    await page.getByRole('combobox').selectOption('fr');
    await expect(button(page, 'Suivant')).toBeVisible();
    await element(page).evaluate((element) => (element.languages = ['de']));
    await expect(heading(page, 'Anmelden')).toBeVisible();
    await expect(page.getByRole('combobox')).toHaveCount(0);
    await expect(element(page)).toHaveAttribute('languages', 'de');
    await element(page).evaluate((element) => element.removeAttribute('languages'));
    await expect(page.getByRole('combobox').getByRole('option')).toHaveCount(11);
  });

  test.describe('of the server', () => {
    test.use({
      app: async ({ org, policies }, use, testInfo) => {
        const settings = testInfo.outputPath('latchkey.toml');
        await writeFile(settings, '[brand.text.en]\n"Sign In" = "Sign in to ACME"\n[brand.text.de]\n"Sign In" = "Bei ACME anmelden"\n');
        const app = await App.start(org, policies, { LATCHKEY_CONFIG: settings });
        await use(app);
        await app.stop();
      },
    });

    test('its English texts are on our own page, on the element, and follow a change of the language', async ({ page }) => {
      await page.goto('/login');
      await expect(heading(page, 'Sign in to ACME')).toBeVisible();
      await expect(page).toHaveTitle(/Sign in to ACME/);
      await languages(page).selectOption('de');
      await expect(heading(page, 'Bei ACME anmelden')).toBeVisible();
      await languages(page).selectOption('en');
      await expect(heading(page, 'Sign in to ACME')).toBeVisible();
      await visitShop(page, shopWith('lang="en"'));
      await expect(heading(page, 'Sign in to ACME')).toBeVisible();
    });
  });
});
