//! Reload, back, bookmarks, a second tab and double clicks.

import { button, choose, code, enterCode, heading, identify, link, password, reachTheCode, username, welcome } from '../person.mjs';
import { MOVING, expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use(MOVING);

test('a reload at every step shows the same step', async ({ page, org }) => {
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await page.reload();
  await identify(page);
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await page.reload();
  await choose(page, 'Email');
  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await page.reload();
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
  await page.reload();
  await expect(welcome(page)).toBeVisible();
});

test('a person can continue after going back from the code', async ({ page, org }) => {
  await reachTheCode(page);
  await page.goBack();
  await page.goForward();
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('going back after signing in shows no form of the finished flow', async ({ page, org }) => {
  await reachTheCode(page);
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
  await page.goBack();
  await expect(heading(page, 'You are signed in')).toBeVisible();
  await link(page, 'Continue as Mary Major').click();
  await expect(welcome(page)).toBeVisible();
});

test('a bookmark of a step in a browser that has no flow leads to the start', async ({ page }) => {
  for (const path of ['/challenge-authenticator/okta_email', '/select-authenticator', '/terminal', '/step/unheard-of']) {
    await page.goto(path);
    await expect(heading(page, 'Sign In')).toBeVisible();
  }
});

test('an unknown address says that there is no page, and leads to the start', async ({ page }) => {
  const answer = await page.goto('/no-such-page');
  expect(answer.status()).toBe(404);
  await expect(heading(page, 'There is no page here')).toBeVisible();
  await expect(page).toHaveURL(/\/no-such-page$/);
  await expect(page.getByText('sign-in has ended')).toBeHidden();
  await link(page, 'Back to sign in').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
});

test('two tabs sign in at the same time', async ({ page, context, org }) => {
  const other = await context.newPage();
  await reachTheCode(page);
  const first = await org.code(MARY.email);
  await reachTheCode(other);
  await enterCode(other, await org.code(MARY.email));
  await expect(welcome(other)).toBeVisible();
  await page.bringToFront();
  await enterCode(page, first);
  await expect(welcome(page)).toBeVisible();
});

test('a double click on Next sends one answer', async ({ page }) => {
  const sent = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.postData()?.includes(MARY.login)) sent.push(request.url());
  });
  await page.goto('/');
  await username(page).fill(MARY.login);
  await password(page).fill(MARY.password);
  await button(page, 'Next').dblclick();
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  expect(sent).toHaveLength(1);
});

test('no field shows text that was typed at another step', async ({ page, org }) => {
  await reachTheCode(page);
  await expect(code(page)).toHaveValue('');
  await enterCode(page, await org.wrongCode(MARY.email));
  await expect(page.getByText('Invalid code. Try again.').first()).toBeVisible();
  await page.reload();
  await expect(code(page)).toHaveValue('');
});
