//! The element in a page of another origin, in every engine.

import { passwordAnd } from '../policies.mjs';
import { App } from '../world/app.mjs';
import { sites } from '../world/sibling-sites.mjs';
import { MARY } from '../world/org.mjs';
import { button, field, heading, link } from './page.mjs';
import { chooseIfAsked, code, enterCode, identify, welcome } from './person.mjs';
import { expect, test as base } from './test.mjs';

/** A page with the policy that `docs/element.md` requires, and a focused field of its own. */
const shop = (login) => ({
  html: `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
    <style nonce="n">latchkey-sign-in { --accent: rgb(0, 90, 60); } latchkey-sign-in::part(heading) { text-transform: uppercase; }</style>
    <h2>Shop</h2><label>Search <input id="search" autofocus></label>
    <latchkey-sign-in>The sign-in cannot be shown here. <a href="${login}/">Sign in on its own page</a></latchkey-sign-in>
    <script type="module" src="${login}/latchkey.js"></script>`,
  policy: `default-src 'none'; script-src ${login} 'wasm-unsafe-eval'; style-src ${login} 'nonce-n'; connect-src ${login}; img-src data:`,
});

const test = base.extend({
  sites,

  app: async ({ org, sites, policies }, use) => {
    const login = sites.origin('login');
    const app = await App.start(org, policies, { LATCHKEY_PUBLIC_URL: login, LATCHKEY_ALLOWED_ORIGINS: sites.origin('shop') });
    sites.pass('login', app.servers.url);
    for (const name of ['shop', 'stranger']) {
      const { html, policy } = shop(login);
      sites.show(name, html, policy);
    }
    await use(app);
    await app.stop();
  },
});

test.use({ policies: passwordAnd('okta_email') });

test('a person signs in within another page, which keeps its title, colours and focus', async ({ page, org, sites }) => {
  await page.visit(sites.origin('shop'));
  await page.see(heading('Sign In'));
  await page.see(field('Search'), { isFocused: true });
  const looks = await page.run(() => {
    const inside = document.querySelector('latchkey-sign-in').shadowRoot;
    return {
      heading: getComputedStyle(inside.querySelector('h1')).textTransform,
      accent: getComputedStyle(inside.querySelector('.link')).color,
    };
  });
  expect(looks).toEqual({ heading: 'uppercase', accent: 'rgb(0, 90, 60)' });
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await page.see(code, { isFocused: true });
  await page.reload();
  await enterCode(page, await org.code(MARY.email));
  await page.see(welcome);
  expect(await page.run(() => document.title)).toBe('Shop');
  await page.press(button('Sign out'));
  await page.see(heading('Sign In'));
});

test.describe('in a page that is not listed', () => {
  test.use({ expectedError: /^Cross-Origin Request Blocked/ });

  test('the own content of the element links to the sign-in page', async ({ page, sites }) => {
    await page.visit(sites.origin('stranger'));
    await page.press(link('Sign in on its own page'));
    await page.see(field('Password'));
  });
});
