//! The gallery: every screen without a server, its knobs, and the code beside it.

import { readFile } from 'node:fs/promises';

import { expect, test as base } from '@playwright/test';

import { barriers } from './axe.mjs';
import { serveGallery } from './world/gallery-site.mjs';

const { screens } = JSON.parse(await readFile(new URL('../frontend/gallery/screens.json', import.meta.url), 'utf8'));
/** Screens with controls of their own, for the rules of accessibility. */
const CHECKED = ['sign-in', 'choose', 'phone', 'code-refused', 'set-password', 'consent-scopes', 'signed-in'];
const test = base.extend({
  site: [
    async ({}, use) => {
      const site = await serveGallery();
      await use(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],

  /** The errors of the console, and every request that leaves the folder. */
  wrong: async ({ context, site }, use) => {
    const wrong = [];
    context.on('weberror', (error) => wrong.push(`uncaught: ${error.error()}`));
    context.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    context.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) wrong.push(`elsewhere: ${request.url()}`);
    });
    await use(wrong);
  },
});

for (const screen of screens) {
  const { name, title } = screen;
  test(`the screen “${title}” (${name}) is drawn without a server and without an error`, async ({ page, site, wrong }) => {
    await page.goto(`${site.url}frame.html?screen=${name}`);
    // Before the first answer there is nothing but the element, and a failure has the way on from it.
    if (screen.isStarting) await expect(page.locator('latchkey-sign-in')).toBeAttached();
    else await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (screen.group === 'Failures') await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    expect(wrong).toEqual([]);
    if (CHECKED.includes(name)) expect(await barriers(page)).toEqual([]);
  });
}

test('the knobs change the theme, the language, the direction and the width, and the address keeps them', async ({ page, site, wrong }) => {
  await page.goto(site.url);
  const frame = page.frameLocator('iframe');
  await page.getByRole('link', { name: 'Choose an authenticator' }).click();
  await expect(frame.getByRole('heading', { name: 'Choose an authenticator' })).toBeVisible();
  await page.getByLabel('Language', { exact: true }).selectOption('ar');
  const arabic = JSON.parse(await readFile(new URL('../frontend/text/ar.json', import.meta.url), 'utf8'));
  const heading = frame.getByRole('heading', { name: arabic['Choose an authenticator'] });
  await expect(heading).toBeVisible();
  const direction = () => heading.evaluate((element) => getComputedStyle(element).direction);
  expect(await direction()).toBe('rtl');
  await page.getByLabel('Direction').selectOption('ltr');
  await expect(heading).toBeVisible();
  await expect.poll(direction).toBe('ltr');
  await page.getByLabel('Theme').selectOption('dark');
  await page.getByLabel('Width').selectOption('320');
  await expect(heading).toBeVisible();
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await frame.locator('html').evaluate(() => innerWidth)).toBe(320);
  await page.reload();
  await expect(page.getByLabel('Theme')).toHaveValue('dark');
  await expect(heading).toBeVisible();
  expect(wrong).toEqual([]);
  expect(await barriers(page)).toEqual([]);
});

test('beside a screen stand the tags that show it and the parts that it has, to be copied', async ({ page, site, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${site.url}#sign-up?lang=de&theme=light`);
  const region = (name) => page.getByRole('region', { name });
  const embed = region('To have it in your page');
  await expect(embed).toContainText('<latchkey-sign-in flow="register" lang="de" theme="light"></latchkey-sign-in>');
  await expect(region(/^What is drawn/)).toContainText('part="heading"');
  await embed.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByRole('status')).toHaveText('Copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('<latchkey-sign-in flow="register"');
});
