//! The sign-in as an element in a page of another origin, in every engine.

import { passwordAnd } from '../policies.mjs';
import { App } from '../world/app.mjs';
import { Neighbours } from '../world/neighbours.mjs';
import { MARY } from '../world/org.mjs';
import { button, field, heading, link } from './page.mjs';
import { chooseIfAsked, code, enterCode, identify, welcome } from './person.mjs';
import { expect, test as base } from './test.mjs';

/** What `docs/element.md` asks of a page, with a field of the page's own that has the focus. */
const shop = (login) => ({
  html: `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
    <style nonce="n">latchkey-sign-in { --accent: rgb(0, 90, 60); } latchkey-sign-in::part(heading) { text-transform: uppercase; }</style>
    <h2>Shop</h2><label>Search <input id="search" autofocus></label>
    <latchkey-sign-in>The sign-in cannot be shown here. <a href="${login}/">Sign in on its own page</a></latchkey-sign-in>
    <script type="module" src="${login}/latchkey.js"></script>`,
  policy: `default-src 'none'; script-src ${login} 'wasm-unsafe-eval'; style-src ${login} 'nonce-n'; connect-src ${login}; img-src data:`,
});

const test = base.extend({
  neighbours: async ({}, use) => {
    const neighbours = await Neighbours.start();
    await use(neighbours);
    await neighbours.stop();
  },

  app: async ({ org, neighbours, policies }, use) => {
    const login = neighbours.origin('login');
    const app = await App.start(org, policies, { LATCHKEY_PUBLIC_URL: login, LATCHKEY_ALLOWED_ORIGINS: neighbours.origin('shop') });
    neighbours.pass('login', app.servers.url);
    for (const name of ['shop', 'stranger']) {
      const { html, policy } = shop(login);
      neighbours.show(name, html, policy);
    }
    await use(app);
    await app.stop();
  },
});

test.use({ policies: passwordAnd('okta_email') });

test('in an element of another page a person signs in, and the page keeps its title, colours and focus', async ({ page, org, neighbours }) => {
  await page.visit(neighbours.origin('shop'));
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

  test('what stands between the tags of the element leads to the page of its own', async ({ page, neighbours }) => {
    await page.visit(neighbours.origin('stranger'));
    await page.press(link('Sign in on its own page'));
    await page.see(field('Password'));
  });
});
