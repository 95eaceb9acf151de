//! The account page: add, rename, remove and change what signs a person in, with and without a step-up, and without the scopes.

import { button, choose, code, enterCode, heading, identify, password, signIn, speak, tabTo, username, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { App } from '../world/app.mjs';
import { MARY } from '../world/org.mjs';
import { plugIn } from '../world/virtual-authenticator.mjs';

const NEW = Object.freeze({ email: 'mary.major@example.com', phone: '+15557654321', password: 'Battery-Staple-7' });

/** A group of the security part. */
const group = (page, name) => page.locator('section').filter({ has: page.getByRole('heading', { level: 3, name, exact: true }) }).last();
const status = (page) => page.getByRole('status');

async function openAccount(page, org) {
  await signIn(page, org);
  await expect(heading3(page, 'Password')).toBeVisible();
}

function heading3(page, name) {
  return page.getByRole('heading', { level: 3, name, exact: true });
}

test('a person changes the password, and a mistake is said at its field', async ({ page, org }) => {
  await openAccount(page, org);
  await button(page, 'Change Password').click();
  const field = (name) => page.getByLabel(name, { exact: true });
  await expect(field('Current password')).toBeFocused();
  await field('Current password').fill(MARY.password);
  await field('New password').fill(NEW.password);
  await field('Re-enter new password').fill('another');
  await button(page, 'Save').click();
  await expect(page.getByText('The two passwords are not the same.')).toBeVisible();
  await expect(field('Re-enter new password')).toBeFocused();
  await field('New password').fill('short');
  await field('Re-enter new password').fill('short');
  await button(page, 'Save').click();
  await expect(page.getByText(/at least 8 characters/)).toBeVisible();
  await field('New password').fill(NEW.password);
  await field('Re-enter new password').fill(NEW.password);
  await button(page, 'Save').click();
  await expect(status(page)).toHaveText('Your password has been changed.');
  await expect(heading3(page, 'Password')).toBeFocused();

  await button(page, 'Sign out').click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await signIn(page, org, { ...MARY, password: NEW.password });
});

test('a person changes the address, by the code that was sent to the new one', async ({ page, org }) => {
  await openAccount(page, org);
  await button(page, `Change ${MARY.email}`).click();
  await page.getByLabel('New email address').fill(NEW.email);
  await button(page, 'Send a code').click();
  await expect(page.getByText(`A code was sent to ${NEW.email}.`)).toBeVisible();
  await expect(code(page)).toBeFocused();
  await code(page).fill(await org.wrongCode(NEW.email));
  await button(page, 'Confirm').click();
  await expect(page.getByText('This code is wrong or has expired.')).toBeVisible();
  await expect(code(page)).toBeFocused();
  const right = await org.code(NEW.email);
  await code(page).fill(` ${right.slice(0, 3)}-${right.slice(3)} `);
  await button(page, 'Confirm').click();
  await expect(status(page)).toHaveText(`${NEW.email} has been confirmed.`);
  await expect(group(page, 'Email').getByText(NEW.email)).toBeVisible();
  await expect(group(page, 'Email').getByText(MARY.email)).toBeHidden();
});

test('a person adds an address, leaves it unconfirmed, and removes it', async ({ page, org }) => {
  await openAccount(page, org);
  await button(page, 'Add an email address').click();
  await page.getByLabel('New email address').fill(NEW.email);
  await button(page, 'Send a code').click();
  await expect(code(page)).toBeVisible();
  await page.reload();
  await expect(group(page, 'Email').getByText('Not confirmed')).toBeVisible();
  await button(page, `Remove ${NEW.email}`).click();
  await button(page, 'Remove').click();
  await expect(status(page)).toHaveText(`${NEW.email} has been removed.`);
  await expect(group(page, 'Email').getByText(NEW.email)).toBeHidden();
});

test('a person changes the phone number, and removes it', async ({ page, org }) => {
  await openAccount(page, org);
  await button(page, `Change ${MARY.phone}`).click();
  await page.getByLabel('New phone number').fill('+1 555 765-4321');
  await page.getByRole('radio', { name: 'Call' }).check();
  await button(page, 'Send a code').click();
  await expect(code(page)).toBeFocused();
  await code(page).fill(await org.code(NEW.phone));
  await button(page, 'Confirm').click();
  await expect(group(page, 'Phone').getByText(NEW.phone)).toBeVisible();
  await expect(group(page, 'Phone').getByText(MARY.phone)).toBeHidden();

  await button(page, `Remove ${NEW.phone}`).click();
  await page.keyboard.press('Escape');
  await expect(button(page, `Remove ${NEW.phone}`)).toBeFocused();
  await button(page, `Remove ${NEW.phone}`).click();
  await button(page, 'Remove').click();
  await expect(status(page)).toHaveText(`${NEW.phone} has been removed.`);
  await expect(group(page, 'Phone').getByRole('listitem')).toHaveCount(0);
});

test('a person adds a passkey, names it and removes it, and the browser forgets it', async ({ page, org }) => {
  await page.addInitScript(() => {
    globalThis.signals = [];
    for (const name of ['signalUnknownCredential', 'signalAllAcceptedCredentials']) {
      PublicKeyCredential[name] = async (signal) => globalThis.signals.push([name, signal]);
    }
  });
  const key = await plugIn(page);
  await openAccount(page, org);
  await button(page, 'Add a passkey').click();
  await button(page, 'Continue').click();
  const name = page.getByLabel('Name', { exact: true });
  await expect(name).toHaveValue('Passkey 1');
  await name.fill('My laptop');
  await button(page, 'Save').click();
  await expect(status(page)).toHaveText('The name is now My laptop.');

  await button(page, 'Rename My laptop').click();
  await name.fill('Work laptop');
  await button(page, 'Save').click();
  await expect(group(page, 'Passkeys').getByText('Work laptop')).toBeVisible();

  await button(page, 'Remove Work laptop').click();
  await button(page, 'Remove').click();
  await expect(status(page)).toHaveText('Work laptop has been removed.');
  await expect.poll(() => page.evaluate(() => globalThis.signals.length)).toBe(2);
  const signals = await page.evaluate(() => globalThis.signals);
  expect(signals.map(([name]) => name)).toEqual(['signalUnknownCredential', 'signalAllAcceptedCredentials']);
  const [[, unknown], [, accepted]] = signals;
  expect(unknown.rpId).toBe('localhost');
  expect(unknown.credentialId).toMatch(/^[\w-]{20,}$/);
  expect(accepted.allAcceptedCredentialIds).toEqual([]);
  await key.takeOut();
});

test('a person renames an authenticator, and finds the page of the org that removes it', async ({ page, org }) => {
  const ada = await org.newUser({ factors: ['okta_password', 'okta_email', 'google_otp'] });
  await signIn(page, org, ada);
  await button(page, 'Rename Google Authenticator').click();
  await page.getByLabel('Name', { exact: true }).fill('My phone');
  await button(page, 'Save').click();
  await expect(status(page)).toHaveText('The name is now My phone.');
  const others = group(page, 'Other authenticators');
  await expect(others.getByText('My phone')).toBeVisible();
  await expect(others.getByRole('link', { name: 'Remove My phone' })).toHaveAttribute('href', /\/account\/authenticators\//);
});

test.describe('after a sign-in that is too weak for a change', () => {
  test.use({ policies: { sign_on: [{ name: 'Password', authenticate_with: 'password' }] } });

  test('a person signs in again, comes back, and goes on with the change', async ({ page, org }) => {
    await page.goto('/');
    await identify(page);
    await expect(welcome(page)).toBeVisible();
    await button(page, 'Add a phone number').click();
    await page.getByLabel('New phone number').fill(NEW.phone);
    await button(page, 'Send a code').click();
    await expect(page.getByText(`To change this, sign in again as ${MARY.login}. You come back here afterwards.`)).toBeVisible();
    await expect(button(page, 'Sign in again')).toBeFocused();
    await button(page, 'Sign in again').click();

    await expect(username(page)).toHaveValue(MARY.login);
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    await choose(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
    await page.getByLabel('New phone number').fill(NEW.phone);
    await button(page, 'Send a code').click();
    await code(page).fill(await org.code(NEW.phone));
    await button(page, 'Confirm').click();
    await expect(group(page, 'Phone').getByText(NEW.phone)).toBeVisible();
  });
});

test('without the scopes the page shows sessions and claims, and says what to ask for', async ({ browser, org }) => {
  const app = await App.start(org, {}, { LATCHKEY_SCOPES: 'openid profile email' });
  const page = await browser.newPage({ baseURL: app.url });
  await signIn(page, org);
  await expect(page.getByRole('list', { name: 'Where you are signed in' }).getByRole('listitem')).toHaveCount(1);
  await page.getByText('Is something missing?').click();
  await expect(page.getByText('okta.myAccount.password.manage')).toBeVisible();
  await expect(page.getByText(/LATCHKEY_SCOPES/)).toBeVisible();
  await expect(heading3(page, 'Password')).toBeHidden();
  await page.close();
  await app.stop();
});

test('claims are folded away; opened, they are sorted, in words and in the language of the page', async ({ page, org }) => {
  await openAccount(page, org);
  const claims = page.locator('section').filter({ has: page.getByRole('heading', { name: 'What your organization knows about you' }) }).last();
  await expect(claims.getByRole('table')).toBeHidden();
  await claims.getByText('Show').click();
  const row = (name) => claims.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await expect(row('Email').getByRole('cell')).toHaveText(MARY.email);
  await expect(row('Email confirmed').getByRole('cell')).toHaveText('Yes');
  await expect(row('Last changed').getByRole('time')).toHaveText('just now');
  const names = await claims.getByRole('rowheader').allTextContents();
  expect(names).toEqual(names.toSorted(new Intl.Collator('en').compare));
});

test('in Arabic a number keeps its plus before its digits', async ({ page, org }) => {
  await openAccount(page, org);
  await speak(page, 'ar');
  /** How far the first digit is to the right of the plus. */
  const distance = () =>
    page.locator('bdi', { hasText: MARY.phone }).evaluate((element) => {
      const [plus, digit] = [0, 1].map((at) => {
        const range = document.createRange();
        range.setStart(element.firstChild, at);
        range.setEnd(element.firstChild, at + 1);
        return range.getBoundingClientRect().x;
      });
      return digit - plus;
    });
  // An element that was just replaced has no place.
  await expect.poll(distance).toBeGreaterThan(0);
});

test('in a narrow window no address and no name is broken, and the actions are below it', async ({ page, org }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await openAccount(page, org);
  const title = group(page, 'Email').getByText(MARY.email, { exact: true });
  expect(await title.evaluate((element) => element.getClientRects().length)).toBe(1);
  const [above, below] = [await title.boundingBox(), await button(page, `Change ${MARY.email}`).boundingBox()];
  expect(below.y).toBeGreaterThan(above.y);
  expect(below.x).toBe(above.x);
  // In Arabic the action is short enough to be beside a short address.
  await speak(page, 'ar');
  await expect(heading3(page, 'البريد الإلكتروني')).toBeVisible();
  const rects = page.locator('bdi', { hasText: MARY.email }).last().evaluate((element) => element.getClientRects().length);
  expect(await rects).toBe(1);
});

test('the word "Password" stands once above its row', async ({ page, org }) => {
  await openAccount(page, org);
  await expect(group(page, 'Password').getByText('Password', { exact: true })).toHaveCount(1);
  await expect(group(page, 'Password').getByRole('listitem')).toHaveText(/Changed just now/);
  await expect(button(page, 'Change Password')).toBeVisible();
});

test('the keyboard alone adds an address', async ({ page, org }) => {
  await openAccount(page, org);
  await tabTo(page, button(page, 'Add an email address'));
  await page.keyboard.press('Enter');
  await page.keyboard.type(NEW.email);
  await page.keyboard.press('Enter');
  await expect(code(page)).toBeFocused();
  await page.keyboard.type(await org.code(NEW.email));
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveText(`${NEW.email} has been confirmed.`);
  await expect(heading3(page, 'Email')).toBeFocused();
});

test('an outage keeps what was typed, and the part can be tried again', async ({ page, org }) => {
  await openAccount(page, org);
  await button(page, 'Add an email address').click();
  await page.getByLabel('New email address').fill(NEW.email);
  await page.route('**/api/account/emails', (route) => route.abort());
  await button(page, 'Send a code').click();
  await expect(page.getByText('You seem to be offline. What you typed is still here.')).toBeVisible();
  await expect(page.getByLabel('New email address')).toHaveValue(NEW.email);
  await page.unroute('**/api/account/emails');
  await button(page, 'Send a code').click();
  await expect(code(page)).toBeFocused();

  await page.route('**/api/account', (route) => route.fulfill({ status: 503, body: '{"code":"overloaded"}', contentType: 'application/problem+json' }));
  await page.reload();
  await expect(page.getByText('That did not work. Please try again.')).toBeVisible();
  await page.unroute('**/api/account');
  await button(page, 'Try again').click();
  await expect(heading3(page, 'Password')).toBeVisible();
});

test('the account is fetched only when it is shown', async ({ page, org }) => {
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(fetched.filter((path) => path.includes('account'))).toEqual([]);
  await openAccount(page, org);
  expect(fetched.filter((path) => /split_account-.*\.wasm$/.test(path))).toHaveLength(1);
});

const NOT_LOADED = 'Part of this page could not be loaded.';

test('an account whose part cannot be loaded says so, and one click loads it again', async ({ page, org }) => {
  await page.route('**/split_account*.wasm', (route) => route.abort());
  await signIn(page, org);
  await expect(page.getByText(NOT_LOADED)).toBeVisible();
  await expect(page.getByText('What you typed')).toBeHidden();
  await expect(button(page, 'Sign out')).toBeVisible();
  await page.unroute('**/split_account*.wasm');
  await button(page, 'Try again').click();
  await expect(heading3(page, 'Password')).toBeVisible();
  await expect(page.getByText(NOT_LOADED)).toBeHidden();
});

test("the org's authenticators have their names in the person's language", async ({ page, org }) => {
  const ada = await org.newUser({ factors: ['okta_password', 'okta_email', 'google_otp', 'security_question'], answer: 'blue' });
  await signIn(page, org, ada);
  await expect(group(page, 'Other authenticators').getByText('Security Question').first()).toBeVisible();
  await speak(page, 'de');
  await expect(page.getByText('Sicherheitsfrage').first()).toBeVisible();
  await expect(page.getByText('Security Question')).toHaveCount(0);
});

/** A page of the app's own with the elements in `body`. */
async function visitShop(page, body) {
  const html = `<!doctype html><html lang="en"><title>Shop</title>${body}<script type="module" src="/latchkey-account.js"></script>`;
  await page.context().route('**/shop', (route) => route.fulfill({ body: html, contentType: 'text/html' }));
  await page.goto('/shop');
}

test('the element whose program cannot be loaded says so, and one click loads it again', async ({ page, org }) => {
  await signIn(page, org);
  for (const file of ['**/latchkey-frontend_bg*.wasm', '**/split_account*.wasm']) {
    await page.route(file, (route) => route.abort());
    await visitShop(page, '<latchkey-account></latchkey-account>');
    await expect(page.getByText(NOT_LOADED)).toBeVisible();
    await page.unroute(file);
    await button(page, 'Try again').click();
    await expect(heading3(page, 'Password')).toBeVisible();
  }
});

test('the element alone shows no form to sign in', async ({ page }) => {
  await visitShop(page, '<latchkey-account><p>Please sign in.</p></latchkey-account>');
  await expect(page.getByText('Please sign in.')).toBeVisible();
  await expect(username(page)).toHaveCount(0);
});

for (const [order, body] of Object.entries({
  before: '<latchkey-account></latchkey-account><latchkey-sign-in></latchkey-sign-in>',
  after: '<latchkey-sign-in></latchkey-sign-in><latchkey-account></latchkey-account>',
})) {
  test(`the account ${order} the sign-in in one page is shown by one program`, async ({ page, org }) => {
    await signIn(page, org);
    const programs = [];
    page.on('request', (request) => /latchkey-frontend_bg.*\.wasm$/.test(request.url()) && programs.push(request.url()));
    await visitShop(page, `${body}<script type="module" src="/latchkey.js"></script>`);
    const [account, signedIn] = ['latchkey-account', 'latchkey-sign-in'].map((name) => page.locator(name));
    await expect(account.getByRole('heading', { level: 3, name: 'Password', exact: true })).toBeVisible();
    await expect(signedIn.getByRole('heading', { level: 3, name: 'Password', exact: true })).toBeVisible();
    expect(programs).toHaveLength(1);
    await account.getByRole('button', { name: 'Add an email address' }).click();
    await expect(account.getByLabel('New email address')).toBeFocused();
    await expect(signedIn.getByLabel('New email address')).toHaveCount(0);
  });
}

test('the element has the language of what stands around it', async ({ page, org }) => {
  await signIn(page, org);
  await visitShop(page, '<section lang="de"><latchkey-account></latchkey-account></section>');
  await expect(page.getByRole('heading', { level: 3, name: 'Passwort', exact: true })).toBeVisible();
});

test('the element shows the account in a page of its own', async ({ page, org }) => {
  await signIn(page, org);
  await visitShop(page, '<latchkey-account><p>Please sign in.</p></latchkey-account>');
  await expect(heading(page, 'Mary Major')).toBeVisible();
  await button(page, `Remove ${MARY.phone}`).click();
  await button(page, 'Remove').click();
  await expect(status(page)).toHaveText(`${MARY.phone} has been removed.`);
  await button(page, 'Sign out').click();
  await expect(page.getByText('Please sign in.')).toBeVisible();
});
