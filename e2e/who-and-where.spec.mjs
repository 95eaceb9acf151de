//! From the moment that the org knows the account, every page says who signs in, where a code goes and to which app.

import { PAGES } from './pages.mjs';
import { button, choose, chooseMessage, code, enterCode, heading, identify, link, offer, password, reachTheCode, speak, username } from './person.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';
import { openAtStep } from './world/scripted-steps.mjs';

const account = (page, who = MARY.login) => page.getByRole('main').getByText(who, { exact: true });

/** The pages after the username on which the dev org names the account. */
const AFTER_THE_USERNAME = ['choose', 'message-type', 'phone', 'code', 'code-refused', 'set-password', 'question', 'app', 'passkey', 'okta-verify', 'push', 'expired-password'];

for (const name of AFTER_THE_USERNAME) {
  test(`the page "${name}" names the account, and offers another one`, async ({ page, org }) => {
    await PAGES[name](page, org);
    await expect(page.getByRole('main').getByText(/@example\.com$/).first()).toBeVisible();
    await expect(link(page, 'Not you?')).toBeVisible();
  });
}

for (const name of ['device', 'open-app', 'launch']) {
  test(`the page "${name}" of Okta Verify names the account too, and has its icon`, async ({ page }) => {
    await openAtStep(page, name, { user: { identifier: MARY.login, firstName: 'Mary' } });
    await expect(account(page)).toBeVisible();
    await expect(link(page, 'Not you?')).toBeVisible();
    const before = page.getByRole('heading', { level: 1 }).locator('xpath=preceding-sibling::*');
    await expect(before).toBeVisible();
  });
}

test('before the username no account is named', async ({ page }) => {
  await page.goto('/');
  await expect(password(page)).toBeVisible();
  await expect(link(page, 'Not you?')).toBeHidden();
});

test('another person begins again, and the username stays', async ({ page, org }) => {
  await reachTheCode(page);
  await expect(account(page)).toBeVisible();
  await link(page, 'Not you?').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(username(page)).toHaveValue(MARY.login);
  await expect(username(page)).toBeFocused();
  expect(await username(page).evaluate((field) => field.selectionEnd)).toBe(MARY.login.length);
  const ada = await org.newUser({ factors: ['okta_password', 'okta_email'] });
  await identify(page, ada);
  await expect(account(page, ada.login)).toBeVisible();
  await expect(account(page)).toBeHidden();
});

test('from right to left, the name and the username of the account begin at the same edge', async ({ page }) => {
  await reachTheCode(page);
  await speak(page, 'ar');
  const edges = await page.getByRole('main').locator('bdi').evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().right)));
  expect(edges.length).toBeGreaterThan(1);
  expect(new Set(edges.slice(0, 2)).size).toBe(1);
});

test('the link back says where it leads', async ({ page }) => {
  await reachTheCode(page);
  await expect(offer(page, 'Cancel')).toBeHidden();
  await offer(page, 'Back to sign in').click();
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(username(page)).toHaveValue(MARY.login);
});

test('the number of a phone is named where the message is chosen and where its code is asked for', async ({ page, org }) => {
  await page.goto('/');
  await identify(page);
  await choose(page, 'Phone');
  const number = page.getByRole('main').getByText('+1 XXX-XXX-4567');
  await expect(heading(page, 'Choose a message type')).toBeVisible();
  await expect(number).toBeVisible();
  await chooseMessage(page, 'Voice');
  await expect(code(page)).toBeVisible();
  await expect(number).toBeVisible();
  await enterCode(page, await org.code(MARY.phone));
});

test('the title has the heading and the name of the app', async ({ page, org }) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/^Sign In · /);
  const { name } = (await page.title()).match(/^Sign In · (?<name>.+)$/).groups;
  await reachTheCode(page);
  await expect(page).toHaveTitle(`Enter verification code · ${name}`);
  await enterCode(page, await org.code(MARY.email));
  await expect(page).toHaveTitle(`Welcome, Mary Major · ${name}`);
});

test('the page has an icon of its own', async ({ page }) => {
  await page.goto('/');
  const icon = await page.locator('link[rel=icon]').getAttribute('href');
  expect(icon).toMatch(/^data:image\/svg\+xml,<svg/);
  const width = await page.evaluate(async (src) => {
    const image = Object.assign(new Image(), { src });
    await image.decode();
    return image.width;
  }, icon);
  expect(width).toBeGreaterThan(0);
});
