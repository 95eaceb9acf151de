//! Acceptance: the brand of the server on the element. What the page sets itself counts more.

import { writeFile } from 'node:fs/promises';

import { barriers } from '../axe.mjs';
import { button, heading, identify, link, welcome } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { element, POLICY_OF_AXE, shopWith, visitShop } from '../shop.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { DOMAIN, sites } from '../world/sibling-sites.mjs';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/></svg>';
const SETTINGS = `[brand]
name = "ACME"
logo = "LOGO"
links = [{ text = "Privacy", href = "/privacy" }]
[brand.tokens]
accent = "#0b5cad"
strong = "#7a1f5c"
`;
const ACCENT = 'rgb(11, 92, 173)';
const STRONG = 'rgb(122, 31, 92)';

const test = base.extend({
  sites,

  app: async ({ org, policies, sites }, use, testInfo) => {
    const [settings, logo] = [testInfo.outputPath('latchkey.toml'), testInfo.outputPath('logo.svg')];
    await writeFile(logo, LOGO);
    await writeFile(settings, SETTINGS.replace('LOGO', logo));
    const login = sites.origin('login');
    const app = await App.start(org, policies, { LATCHKEY_CONFIG: settings, LATCHKEY_PUBLIC_URL: login, LATCHKEY_ALLOWED_ORIGINS: sites.origin('shop') });
    sites.pass('login', app.servers.url);
    await use(app);
    await app.stop();
  },
});

test.use({ allowedDomain: DOMAIN, ignoreHTTPSErrors: true, policies: PASSWORD_ALONE });

const logo = (page) => element(page).locator('img');
const name = (page) => page.getByText('ACME', { exact: true });

async function isBranded(page, app) {
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(name(page)).toBeVisible();
  expect(await logo(page).evaluate(({ naturalWidth }) => naturalWidth)).toBeGreaterThan(0);
  await expect(button(page, 'Next')).toHaveCSS('background-color', STRONG);
  await expect(link(page, 'Privacy')).toHaveAttribute('href', `${app.url}/privacy`);
}

test('at the origin of the server the element has its name, logo, colours and links', async ({ page, app }) => {
  const html = shopWith('heading-level="2"').replace('--accent: rgb(0, 90, 60);', '').replace('<h2>Shop</h2>', '<main><h1>Shop</h1>');
  await visitShop(page, html.replace('</latchkey-sign-in>', '</latchkey-sign-in></main>'), POLICY_OF_AXE);
  await isBranded(page, app);
  await expect(link(page, 'Forgot your password?')).toHaveCSS('color', ACCENT);
  expect(await barriers(page)).toEqual([]);
});

test('in a page of another origin it has them, too, by no more than the documented policy', async ({ page, app, sites }) => {
  const policy = `default-src 'none'; script-src ${app.url} 'wasm-unsafe-eval'; style-src ${app.url}; connect-src ${app.url}; img-src data:`;
  const html = `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><latchkey-sign-in></latchkey-sign-in>
    <script type="module" src="${app.url}/latchkey.js"></script>`;
  sites.show('shop', html, policy);
  await page.goto(sites.origin('shop'));
  await isBranded(page, app);
});

test('over a page the sign-in has them, too', async ({ page, app }) => {
  await visitShop(page, shopWith('mode="overlay"'));
  await page.waitForFunction(() => customElements.get('latchkey-sign-in'));
  await element(page).evaluate((element) => void element.start());
  await isBranded(page, app);
});

test('tokens and slots of the page count more', async ({ page }) => {
  await visitShop(page, shopWith('', '<b slot="logo">Shop Ltd.</b><p slot="footer">Imprint</p>'));
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(link(page, 'Forgot your password?')).toHaveCSS('color', 'rgb(0, 90, 60)');
  await expect(button(page, 'Next')).toHaveCSS('background-color', STRONG);
  await expect(page.getByText('Shop Ltd.')).toBeVisible();
  await expect(page.getByText('Imprint')).toBeVisible();
  await expect(name(page)).toBeHidden();
  await expect(logo(page)).toBeHidden();
  await expect(link(page, 'Privacy')).toBeHidden();
});

test('the page of a mailed link has the name beside its heading, in the title too', async ({ page, app }) => {
  await page.goto(`${app.url}/login/callback?otp=123456&state=of-another-browser`);
  await expect(heading(page, 'Enter this code where you started')).toBeVisible();
  await expect(page).toHaveTitle('Enter this code where you started · ACME');
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', '/brand/logo.svg');
});

test('the account in a page of its own has them, too', async ({ page, app }) => {
  await visitShop(page);
  await identify(page);
  await expect(welcome(page)).toBeVisible();
  const account = '<latchkey-account><p>Please sign in.</p></latchkey-account><script type="module" src="/latchkey-account.js"></script>';
  await visitShop(page, shopWith('').replace('--accent: rgb(0, 90, 60);', '').replace(/<latchkey-sign-in.*/s, account));
  await expect(page.getByRole('heading', { name: 'Password', exact: true })).toBeVisible();
  await expect(name(page)).toBeVisible();
  expect(await page.locator('latchkey-account img').evaluate(({ naturalWidth }) => naturalWidth)).toBeGreaterThan(0);
  await expect(button(page, 'Sign out')).toHaveCSS('color', ACCENT);
  await expect(link(page, 'Privacy')).toHaveAttribute('href', `${app.url}/privacy`);
});
