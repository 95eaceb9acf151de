//! The options in the address of the sign-in page, and the same as attributes of the element.

import { heading, identify } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ policies: PASSWORD_ALONE });

test('the page that asked for the sign-in is shown after it', async ({ page }) => {
  await page.goto('/login?return_to=%2Fhealthz%3Ffrom%3Dsign-in');
  await identify(page);
  await expect(page).toHaveURL(/\/healthz\?from=sign-in$/);
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
