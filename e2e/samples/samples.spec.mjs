//! The samples of `frontend/samples`, each as a person uses it.

import { writeFile } from 'node:fs/promises';

import { barriers } from '../axe.mjs';
import { button, identify } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect, test as base } from '../test.mjs';
import { App } from '../world/app.mjs';
import { MARY } from '../world/org.mjs';
import { BuiltSample, buildSample, SampleServer } from '../world/sample-site.mjs';

const BUILT = ['angular', 'headless-react', 'html', 'next', 'react', 'svelte', 'vue'];
/** In development React mounts everything twice, and says when a page does not fit what the server has rendered. */
const IN_DEVELOPMENT = ['react', 'headless-react', 'next'];

const BUILD_TIMEOUT_MS = 240_000;

const test = base.extend({
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

  app: async ({ org, policies, site }, use, testInfo) => {
    const settings = testInfo.outputPath('latchkey.toml');
    await writeFile(settings, `[proxy.people]\nbase = "${org.issuer}/v1/"\nmethods = ["GET"]\npaths = ["userinfo"]\n`);
    const app = await App.start(org, policies, { LATCHKEY_PUBLIC_URL: site.url, LATCHKEY_CONFIG: settings });
    await site.connect(app.servers.url);
    await use(app);
    await app.stop();
  },
});

test.use({ policies: PASSWORD_ALONE });
// A development server compiles a page when it is first opened.
test.describe.configure({ timeout: 120_000 });

for (const [samples, inDevelopment] of [[BUILT, false], [IN_DEVELOPMENT, true]]) {
  for (const sample of samples) {
    test.describe(`${sample}, ${inDevelopment ? 'in development' : 'built for production'}`, () => {
      test.use({ sample, inDevelopment });

      test('signs in, shows a claim, calls an API, signs out, and is signed out by another tab', async ({ page }) => {
        const warnings = [];
        page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
        await page.goto('/');
        await signIn(page, sample);
        await expect(page.getByText(`Signed in as ${MARY.email}`)).toBeVisible();
        expect(await barriers(page)).toEqual([]);
        await button(page, 'Load profile').click();
        await expect(page.getByRole('status')).toContainText(`"email":"${MARY.email}"`);
        await button(page, 'Sign out').click();
        await signIn(page, sample);
        await expect(page.getByText(`Signed in as ${MARY.email}`)).toBeVisible();
        const other = await page.context().newPage();
        await other.goto('/');
        await expect(other.getByText(`Signed in as ${MARY.email}`)).toBeVisible();
        await button(other, 'Sign out').click();
        await expect(page.getByText(`Signed in as ${MARY.email}`)).toBeHidden();
        await expect(page.getByLabel(/^Username/)).toBeVisible();
        expect(warnings).toEqual([]);
      });
    });
  }
}

async function signIn(page, sample) {
  await expect(page.getByRole('heading', { name: /^Sign in$/i }).first()).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  if (sample !== 'headless-react') return identify(page);
  await page.getByLabel('Username').fill(MARY.login);
  await page.getByLabel('Password').fill(MARY.password);
  await button(page, 'Next').click();
}
