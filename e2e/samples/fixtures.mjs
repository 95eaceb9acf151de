//! The site of a sample and its app, for every spec about samples.

import { writeFile } from 'node:fs/promises';

import { barriers } from '../axe.mjs';
import { button, identify } from '../person.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { MARY } from '../world/org.mjs';
import { BuiltSample, buildSample, SampleServer } from '../world/sample-site.mjs';

/** Every sample; each is built for production. */
export const BUILT = ['angular', 'headless-react', 'html', 'leptos', 'next', 'react', 'svelte', 'vue'];
/** Uses nothing that the policy of our own pages forbids. */
export const UNDER_OUR_POLICY = ['leptos'];

// The sample in Leptos compiles its dependencies when it is first built.
const BUILD_TIMEOUT_MS = 600_000;

export const test = base.extend({
  sample: ['', { option: true }],
  inDevelopment: [false, { option: true }],

  // Also builds the sample, which takes longer than a page.
  site: [
    async ({ sample, inDevelopment }, use) => {
      if (!inDevelopment) await buildSample(sample);
      const hasServer = inDevelopment || sample === 'next';
      const site = hasServer ? await SampleServer.start(sample, inDevelopment ? 'dev' : 'start') : await BuiltSample.start(sample);
      await use(site);
      await site.stop();
    },
    { timeout: BUILD_TIMEOUT_MS },
  ],

  app: async ({ org, policies, sample, site }, use, testInfo) => {
    const settings = testInfo.outputPath('latchkey.toml');
    await writeFile(settings, `[proxy.people]\nbase = "${org.issuer}/v1/"\nmethods = ["GET"]\npaths = ["userinfo"]\n`);
    const app = await App.start(org, policies, { LATCHKEY_PUBLIC_URL: site.url, LATCHKEY_CONFIG: settings });
    await site.connect(app.servers.url);
    if (UNDER_OUR_POLICY.includes(sample)) await site.adoptPolicy();
    await use(app);
    await app.stop();
  },
});

/** Signs Mary in, with the element or with the form of the sample. */
export async function signIn(page, sample) {
  await expect(page.getByRole('heading', { name: /^Sign in$/i }).first()).toBeVisible();
  if (!UNDER_OUR_POLICY.includes(sample)) expect(await barriers(page)).toEqual([]);
  if (sample !== 'headless-react') return identify(page);
  await page.getByLabel('Username').fill(MARY.login);
  await page.getByLabel('Password').fill(MARY.password);
  await button(page, 'Next').click();
}
