//! Duo's frame, from a listed origin and from one that is not.

import { barriers } from '../axe.mjs';
import { button, choose, heading, identify, link, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { element, shopWith, visitShop } from '../shop.mjs';
import { expect, test } from '../test.mjs';
import { App } from '../world/app.mjs';

const TWO = {
  ...passwordAnd('duo'),
  sign_on: [{ authenticate_with: 'password-and-another', factors: ['duo', 'security_question'] }],
  enrollment: { okta_password: 'REQUIRED', duo: 'OPTIONAL', security_question: 'OPTIONAL' },
};

test.use({ policies: TWO, visitsOrg: true });

/** From the first page to the page with the frame. */
async function reachTheFrame(page, who, title) {
  await page.goto('/');
  await identify(page, who);
  await choose(page, 'Duo Security');
  await expect(heading(page, title)).toBeVisible();
  await link(page, 'Continue').click();
  await expect(page).toHaveURL(/\/login\/duo\//);
}

test.describe('with its origin listed', () => {
  test.use({
    app: async ({ org, policies }, use) => {
      const app = await App.start(org, policies, { LATCHKEY_DUO_ORIGINS: org.url });
      await use(app);
      await app.stop();
    },
  });

  test('duo is enrolled in the frame', async ({ page, org }) => {
    const ada = await org.newUser({ enroll: ['duo'], factors: ['security_question'] });
    await page.goto('/');
    await identify(page, ada);
    await page.getByLabel('Answer').fill('pizza');
    await button(page, 'Submit').click();
    await choose(page, 'Duo Security');
    await link(page, 'Continue').click();
    await page.frameLocator('iframe[title=Duo]').getByRole('button', { name: 'Approve' }).click();
    await expect(welcome(page)).toBeVisible();
  });

  test('duo is verified in the frame after a refusal', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['duo', 'security_question'] });
    await reachTheFrame(page, ada, 'Verify with Duo Security');
    await page.frameLocator('iframe[title=Duo]').getByRole('button', { name: 'Deny' }).click();
    await expect(page.getByText('Duo could not verify you. Please try again.')).toBeVisible();
    await link(page, 'Continue').click();
    await page.frameLocator('iframe[title=Duo]').getByRole('button', { name: 'Approve' }).click();
    await expect(welcome(page)).toBeVisible();
  });

  test('over the page of an element, duo asks in a window that closes at the end', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['duo', 'security_question'] });
    await visitShop(page, shopWith('mode="overlay"'));
    await page.waitForFunction(() => customElements.get('latchkey-sign-in'));
    const outcome = element(page).evaluate((element) => element.start());
    await identify(page, ada);
    await choose(page, 'Duo Security');
    const opened = page.waitForEvent('popup');
    await link(page, 'Continue').click();
    const duo = await opened;
    const closed = duo.waitForEvent('close');
    await duo.frameLocator('iframe[title=Duo]').getByRole('button', { name: 'Approve' }).click();
    await closed;
    expect(await outcome).toBe(true);
    expect(new URL(page.url()).pathname).toBe('/shop');
  });

  test('only the page with the frame may embed it', async ({ page, org, app }) => {
    const ada = await org.newUser({ factors: ['duo', 'security_question'] });
    const policies = [];
    page.on('response', (response) => {
      const policy = response.headers()['content-security-policy'];
      if (response.url().startsWith(app.url) && policy) policies.push([new URL(response.url()).pathname, policy]);
    });
    await reachTheFrame(page, ada, 'Verify with Duo Security');
    await expect(page.frameLocator('iframe[title=Duo]').getByRole('button', { name: 'Approve' })).toBeVisible();
    const embedding = policies.filter(([, policy]) => policy.includes('frame-src')).map(([path]) => path);
    expect(embedding.every((path) => path.startsWith('/login/duo/'))).toBe(true);
    expect(embedding.length).toBeGreaterThan(0);
  });
});

test('without its origin the page names the setting, and another way leads to the end', async ({ page, org }) => {
  const ada = await org.newUser({ factors: ['duo', 'security_question'] });
  await reachTheFrame(page, ada, 'Verify with Duo Security');
  await expect(page.getByText('The operator has to set duo_origins.')).toBeVisible();
  await expect(page.locator('iframe')).toHaveCount(0);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    expect(await barriers(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await link(page, 'Choose another way').click();
  await button(page, 'Verify with something else').click();
  await choose(page, 'Security Question');
  await page.getByLabel('Answer').fill('pizza');
  await button(page, 'Submit').click();
  await expect(welcome(page)).toBeVisible();
});
