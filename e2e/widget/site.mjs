//! A site with Okta's own Sign-In Widget on another origin than the org: the second and the third generation.

import { createRequire } from 'node:module';
import path from 'node:path';

import { expect, test as base } from '@playwright/test';

import { serveSite } from '../world/static-site.mjs';
import { plugIn } from '../world/virtual-authenticator.mjs';
import { Org } from '../world/org.mjs';

export { expect };

export const GENERATIONS = ['second', 'third'];

const DIST = path.join(path.dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json')), 'dist');

/** A setting without which the third generation stops after a poll: see `elsewhere.spec.mjs`. */
const LEAVE_THE_CODE = { idx: { exchangeCodeForTokens: false } };

/** One page for every client and both generations. The query says which; the page stores it across redirects. */
const page = (org) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title>
<div id="widget"></div><output></output>
<script type="module">
  const asked = new URLSearchParams(location.search);
  if (asked.has('client')) {
    localStorage.clear();
    sessionStorage.clear();
    sessionStorage.setItem('asked', location.search);
  }
  const { generation, client, more } = Object.fromEntries(new URLSearchParams(sessionStorage.getItem('asked')));
  const { idx, authParams, ...settings } = JSON.parse(more);
  const name = generation === 'second' ? 'okta-sign-in.min' : 'okta-sign-in.next';
  const load = (element) => new Promise((onload, onerror) => document.head.append(Object.assign(element, { onload, onerror })));
  await Promise.all([
    load(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/assets/css/' + name + '.css' })),
    load(Object.assign(document.createElement('script'), { src: '/assets/js/' + name + '.js' })),
  ]);

  const output = document.querySelector('output');
  const show = (tokens) => { output.textContent = 'signed in as ' + tokens.idToken.claims.email; };
  // A page of the org has a state token, and no application.
  const application = settings.stateToken ? {} : { clientId: client, redirectUri: location.origin + '/login/callback', authScheme: 'OAUTH2' };
  const widget = new OktaSignIn({
    issuer: ${JSON.stringify(org.issuer)},
    ...application,
    assets: { baseUrl: '/assets' },
    language: 'en',
    authParams: { scopes: ['openid', 'profile', 'email'], ...authParams },
    features: { webauthn: true },
    redirect: 'never',
    ...settings,
  });
  Object.assign(widget.authClient.options.idx ??= {}, idx);
  if (asked.has('interaction_code')) {
    await widget.authClient.idx.handleInteractionCodeRedirect(location.href);
    show(widget.authClient.tokenManager.getTokensSync());
  } else if (settings.stateToken) {
    widget.renderEl({ el: '#widget' }, (ended) => { output.textContent = 'ended: ' + ended.status; }, (error) => { output.textContent = 'failed: ' + error; });
  } else {
    widget.showSignIn({ el: '#widget' }).then(
      ({ tokens }) => show(tokens),
      (error) => { output.textContent = 'failed: ' + error; },
    );
  }
</script></html>`;

export const test = base.extend({
  generation: ['second', { option: true }],

  /** One org, one site and one tab with the compiled widget, for all tests of a worker. */
  place: [
    async ({ browser }, use) => {
      const org = await Org.start();
      const site = await serveSite(page(org), DIST);
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      await use({ org, site, context, page: await context.newPage(), clients: 0 });
      await context.close();
      await site.stop();
      await org.stop();
    },
    { scope: 'worker' },
  ],

  org: async ({ place }, use) => use(place.org),

  /** Clears what earlier tests left in the tab. */
  page: async ({ place: { page } }, use, testInfo) => {
    await use(page);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('what the page showed', { body: `${page.url()}\n${await page.locator('body').ariaSnapshot()}\n` });
    }
  },

  /** A virtual authenticator for the duration of the test. */
  key: async ({ page }, use) => {
    const { takeOut } = await plugIn(page);
    await use();
    await takeOut();
  },

  /** Opens a tab of the site with the state token of a page of the org, as if it were that page. */
  openOrgPage: async ({ place, generation }, use) => {
    const tabs = [];
    await use(async (address) => {
      const [, stateToken] = /"stateToken":"([^"]+)"/.exec(await (await fetch(address)).text());
      const query = new URLSearchParams({ generation, client: 'latchkey-public', more: JSON.stringify({ stateToken }) });
      const tab = await place.context.newPage();
      tabs.push(tab);
      await tab.goto(`${place.site.url}/?${query}`);
      return tab;
    });
    for (const tab of tabs) await tab.close();
  },

  /** Opens the page for a new application with these policies and settings; returns a function that opens it again. */
  enter: async ({ page, place, generation }, use) =>
    use(async (policies = {}, settings = {}) => {
      place.clients += 1;
      const client = `widget-${place.clients}`;
      const { url } = place.site;
      await place.org.addApp({
        client_id: client,
        redirect_uris: [`${url}/login/callback`],
        trusted_origins: [url],
        ...policies,
      });
      const more = JSON.stringify({ ...(generation === 'third' && LEAVE_THE_CODE), ...settings });
      const query = new URLSearchParams({ generation, client, more });
      // Without this the org would recognise the browser.
      const visit = async (cookies = []) => {
        await place.context.clearCookies();
        await place.context.addCookies(cookies);
        await page.goto(`${url}/?${query}`);
      };
      await visit();
      return visit;
    }),
});

/** Defines tests for both generations. */
export function forEachGeneration(tell) {
  for (const generation of GENERATIONS) {
    test.describe(`${generation} generation`, () => {
      test.use({ generation });
      tell(generation);
    });
  }
}
