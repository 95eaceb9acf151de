//! The dev org's console, open beside the app.

import { expect, test as base } from '@playwright/test';

import { barriers } from './axe.mjs';
import { tabTo } from './person.mjs';
import { begin } from './world/api-sign-in.mjs';
import { freePort } from './world/loopback.mjs';
import { MARY, Org } from './world/org.mjs';

const NARROW = { width: 320, height: 800 };
const LONG = 'wilhelmina.featherstonehaugh-cholmondeley@subsidiary.of.a.very-long-company-name.example.com';

const test = base.extend({
  org: async ({}, use) => {
    const org = await Org.start();
    await use(org);
    await org.stop();
  },
  /** The console is live before anything happens. */
  page: async ({ page, org }, use) => {
    const wrong = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    await page.goto(`${org.url}/dev`);
    await expect(page.getByRole('status')).toHaveText('Live');
    await use(page);
    expect(wrong).toEqual([]);
  },
});

const part = (page, name) => page.getByRole('region', { name });

test('a sent message appears by itself, with a code to copy', async ({ page, org, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await expect(part(page, 'Sent').getByText('Nothing yet')).toBeVisible();
  const attempt = await begin(org, MARY);
  await attempt.choose('Email');
  const code = await org.code(MARY.email);
  await expect(part(page, 'Sent').getByText(code, { exact: true })).toBeVisible();
  await page.getByRole('button', { name: `Copy ${code}` }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toHaveText(`Copied ${code}`);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
});

test('each of the guides has a setting to copy', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const guides = part(page, "Okta's guides");
  for (const id of ['guide-password-phone', 'guide-password-email', 'guide-email-only', 'guide-registration']) {
    await guides.getByRole('button', { name: `Copy LATCHKEY_CLIENT_ID=${id}` }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`LATCHKEY_CLIENT_ID=${id}`);
  }
});

test('a push is answered by the keyboard alone', async ({ page, org }) => {
  const ada = await org.newUser({ factors: ['okta_verify', 'okta_email'] });
  const attempt = await begin(org, ada);
  await attempt.choose('Okta Verify', 'push');
  const waiting = part(page, 'Waiting on a device');
  await expect(waiting).toBeVisible();
  const [{ number }] = await org.devices(ada.login);
  await tabTo(page, waiting.getByRole('button', { name: String(number), exact: true }));
  await page.keyboard.press('Enter');
  await expect(waiting).toBeHidden();
  expect(await attempt.poll()).toBe('SUCCESS');
});

test('messages and calls stay in sight while the rest scrolls beside them', async ({ page, org }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  for (let sent = 0; sent < 4; sent += 1) await (await begin(org, MARY)).choose('Email');
  await expect(part(page, 'Journal').getByText('POST /idp/idx/identify').first()).toBeVisible();
  const inSight = async () => {
    for (const name of ['Sent', 'Journal']) await expect(part(page, name)).toBeInViewport({ ratio: 1 });
    await expect(part(page, 'Sent').getByText(MARY.email).first()).toBeInViewport();
    await expect(part(page, 'Calls').getByRole('row').nth(1)).toBeInViewport();
  };
  await inSight();
  await page.getByRole('button', { name: 'Reset the org' }).scrollIntoViewIfNeeded();
  await expect(page.getByRole('button', { name: 'Reset the org' })).toBeInViewport();
  await inSight();
});

test('beside a device that waits, the newest code is in sight', async ({ page, org }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const ada = await org.newUser({ factors: ['okta_verify', 'okta_email'] });
  await (await begin(org, ada)).choose('Okta Verify', 'push');
  await (await begin(org, MARY)).choose('Email');
  await expect(part(page, 'Waiting on a device')).toBeVisible();
  await expect(part(page, 'Sent').getByText(await org.code(MARY.email), { exact: true })).toBeInViewport({ ratio: 1 });
});

test('applications are filtered by words of their names and policies, and stay folded', async ({ page }) => {
  const apps = part(page, 'Applications and their policies');
  const count = apps.getByRole('heading').locator('small');
  await expect(apps.getByText('guide-email-only')).toBeVisible();
  const all = await count.textContent();
  await apps.getByRole('searchbox', { name: 'Filter' }).fill('GUIDE-social identity');
  await expect(count).toHaveText(`1 of ${all}`);
  await expect(apps.getByText('guide-social')).toBeVisible();
  await expect(apps.getByText('guide-email-only')).toBeHidden();
  await expect(apps.getByText('Sign-in with an identity provider')).toBeHidden();
  await apps.getByRole('searchbox', { name: 'Filter' }).fill('no such words');
  await expect(apps.getByText('No application and no policy has these words.')).toBeVisible();
  await apps.getByRole('searchbox', { name: 'Filter' }).fill('');
  await expect(count).toHaveText(all);
});

test('a device with Okta Verify is started and stopped', async ({ page }) => {
  const port = await freePort();
  const devices = part(page, 'Okta Verify on this device');
  await devices.getByLabel('Person').fill(MARY.login);
  await devices.getByLabel('Port').fill(String(port));
  await devices.getByRole('button', { name: 'Start' }).click();
  await expect(devices.getByRole('listitem')).toHaveText(`${MARY.login}http://localhost:${port}`);
  expect((await fetch(`http://localhost:${port}/probe`)).status).toBe(200);
  await devices.getByRole('button', { name: 'Stop all' }).click();
  await expect(devices.getByRole('listitem')).toHaveCount(0);
  await expect.poll(() => fetch(`http://localhost:${port}/probe`).then((response) => response.status, () => 'no answer')).toBe('no answer');
});

test('policies are shown as sentences, and a fault is added and removed', async ({ page, org }) => {
  const apps = part(page, 'Applications and their policies');
  await apps.getByText('guide-email-only').click();
  await expect(apps.getByText('Everyone: any one factor, using okta_email.').filter({ visible: true })).toBeVisible();
  await expect(apps.getByText('E-mail alone is challenged at once.')).toBeVisible();
  await apps.getByText('guide-social').click();
  await expect(apps.getByText('Sign-in with an identity provider: Dev Social.').filter({ visible: true })).toBeVisible();

  const faults = part(page, 'Faults');
  await faults.getByLabel('What goes wrong').selectOption('Garbage');
  await faults.getByRole('button', { name: 'Add' }).click();
  await expect(faults.getByText('1 more')).toBeVisible();
  await faults.getByRole('button', { name: 'End all' }).click();
  await expect(faults.getByText('1 more')).toBeHidden();
  expect(await org.journal()).toEqual([]);
});

test('axe finds no violation in light and dark, and a narrow window does not scroll sideways', async ({ page, org }) => {
  const factors = ['okta_verify', 'okta_email', 'google_otp'];
  const { password } = await org.newUser({ login: LONG, email: LONG, factors, enroll: ['phone_number'] });
  await (await begin(org, { login: LONG, password })).choose('Okta Verify', 'push');
  await (await begin(org, { login: LONG, password })).choose('Email');
  await (await begin(org, MARY)).choose('Email');
  await expect(part(page, 'Waiting on a device')).toBeVisible();
  await expect(part(page, 'Sent').getByText(LONG)).toBeVisible();
  await expect(part(page, 'Sent').getByText(MARY.email)).toBeVisible();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    expect(await barriers(page), colorScheme).toEqual([]);
    await picture(page, `console.1280.${colorScheme}`);
  }
  await page.setViewportSize(NARROW);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROW.width);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `console.320.${colorScheme}`);
  }
});

/** Only if `SHOTS_DIR` is set. */
async function picture(page, name) {
  const { SHOTS_DIR } = process.env;
  if (SHOTS_DIR) await page.screenshot({ path: `${SHOTS_DIR}/${name}.png`, animations: 'disabled', fullPage: true });
}
