//! The options in the address of the sign-in page, and the same as attributes of the element.

import { button, heading, identify, link, password, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ policies: PASSWORD_ALONE });

test('the page that asked for the sign-in is shown after it', async ({ page }) => {
  await page.goto('/login?return_to=%2Fhealthz%3Ffrom%3Dsign-in');
  await identify(page);
  await expect(page).toHaveURL(/\/healthz\?from=sign-in$/);
});

test('a return address that is not allowed is a bad link, and the next sign-in is without it', async ({ page }) => {
  await page.goto('/login?return_to=https%3A%2F%2Fevil.example%2F');
  await expect(heading(page, 'This link does not work')).toBeVisible();
  await expect(page.getByText('This link has expired or is not complete. Ask for a new one.')).toBeVisible();
  await link(page, 'Start again').press('Enter');
  await identify(page);
  await expect(welcome(page)).toBeVisible();
});

test('the flow in the address is the one that begins', async ({ page }) => {
  await page.goto('/login?flow=register&return_to=%2Fhealthz');
  await expect(heading(page, 'Sign Up')).toBeVisible();
  await expect(page).toHaveURL(/\/register/);
});

test('the hint of the address fills the username in, and the age of the sign-in goes with it', async ({ page }) => {
  const begun = page.waitForRequest('**/api/idx/authenticate');
  await page.goto(`/login?login_hint=${encodeURIComponent(MARY.login)}&max_age=60`);
  expect((await begun).postDataJSON()).toEqual({ loginHint: MARY.login, maxAge: '60' });
  await expect(page.getByLabel('Username', { exact: true })).toHaveValue(MARY.login);
});

test('the element goes to its return address', async ({ page }) => {
  const html = '<!doctype html><title>Shop</title><latchkey-sign-in return-to="/healthz"></latchkey-sign-in><script type="module" src="/latchkey.js"></script>';
  await page.context().route('**/shop', (route) => route.fulfill({ body: html, contentType: 'text/html' }));
  await page.goto('/shop');
  await identify(page);
  await expect(page).toHaveURL(/\/healthz$/);
});

test.describe('of a person who is signed in', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('/');
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  });

  test('the sign-in page says as whom, and continues at the return address', async ({ page }) => {
    await page.goto('/login?return_to=%2Fhealthz');
    await expect(heading(page, 'You are signed in')).toBeVisible();
    await expect(page.getByText(MARY.login)).toBeVisible();
    await expect(username(page)).toBeHidden();
    await expect(link(page, 'Continue as Mary Major')).toBeFocused();
    await link(page, 'Continue as Mary Major').press('Enter');
    await expect(page).toHaveURL(/\/healthz$/);
  });

  test('without a return address the person continues at the account', async ({ page }) => {
    await page.goto('/login');
    await link(page, 'Continue as Mary Major').click();
    await expect(welcome(page)).toBeVisible();
    await expect(page).toHaveURL(/\/$/);
    await page.goto('/login');
    await expect(heading(page, 'You are signed in')).toBeVisible();
  });

  test('another account signs in with an empty form, and a mistake does not ask again', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['okta_password'] });
    await page.goto('/login');
    await button(page, 'Use another account').click();
    await expect(username(page)).toBeFocused();
    await identify(page, { ...ada, password: 'not-the-password' });
    await expect(page.getByText('Unable to sign in.')).toBeVisible();
    await password(page).fill(ada.password);
    await button(page, 'Next').click();
    await expect(welcome(page)).toContainText('Ada');
  });

  test('a step-up says why and as whom, also after a mistake, and returns', async ({ page }) => {
    await page.goto('/login?max_age=0&return_to=%2Fhealthz');
    const why = page.getByText('Your last sign-in was a while ago. Sign in again to continue.');
    await expect(why).toBeVisible();
    await expect(page.getByText('Mary Major')).toBeVisible();
    await expect(username(page)).toHaveValue(MARY.login);
    await expect(password(page)).toBeFocused();
    await password(page).fill('not-the-password');
    await button(page, 'Next').click();
    await expect(page.getByText('Unable to sign in.')).toBeVisible();
    await expect(why).toBeVisible();
    await expect(page.getByText('Mary Major')).toBeVisible();
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    await expect(page).toHaveURL(/\/healthz$/);
  });

  test('a stronger sign-in is called one', async ({ page }) => {
    await page.goto('/login?acr_values=urn:okta:loa:2fa:any');
    await expect(page.getByText('What comes next needs a stronger sign-in. Sign in again to continue.')).toBeVisible();
    await expect(page.getByText('Mary Major')).toBeVisible();
  });

  test('"Not you?" at a step-up offers to continue or to use another account', async ({ page }) => {
    await page.goto('/login?max_age=0');
    await link(page, 'Not you?').click();
    await expect(button(page, 'Use another account')).toBeVisible();
  });
});
