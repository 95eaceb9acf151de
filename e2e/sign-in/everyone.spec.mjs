//! For everyone: the sign-in by keyboard alone, and every page of it as axe sees it, in light and in dark.

import { AxeBuilder } from '@axe-core/playwright';

import { REFUSED, enterCode, heading, identify, choose, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test('the keyboard alone is enough', async ({ page, org }) => {
  const keys = page.keyboard;
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await tabTo(page, 'Username');
  await keys.type(MARY.login);
  await tabTo(page, 'Password');
  await keys.type(MARY.password);
  await keys.press('Enter');

  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await tabTo(page, /./, 'radio');
  await expect
    .poll(async () => {
      if (await page.getByRole('radio', { name: 'Email' }).isChecked()) return true;
      await keys.press('ArrowDown');
      return false;
    })
    .toBe(true);
  await tabTo(page, 'Next');
  await keys.press('Enter');

  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await tabTo(page, /./, 'textbox');
  await keys.type(await org.code(MARY.email));
  await keys.press('Enter');

  await expect(welcome(page)).toBeVisible();
  await tabTo(page, 'Sign out');
  await keys.press('Enter');
  await expect(heading(page, 'Sign In')).toBeVisible();
});

for (const media of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'light', contrast: 'more' }]) {
  test(`axe finds nothing on any page of a sign-in (${Object.values(media).join(', ')})`, async ({ page, org }) => {
    await page.emulateMedia(media);
    await page.goto('/');
    await expect(heading(page, 'Sign In')).toBeVisible();
    await expectNoBarrier(page);
    await identify(page, { ...MARY, password: 'not-the-password' });
    await expect(page.getByText(REFUSED)).toBeVisible();
    await expectNoBarrier(page);
    await identify(page);
    await expect(heading(page, 'Choose an authenticator')).toBeVisible();
    await expectNoBarrier(page);
    await choose(page, 'Email');
    await expect(heading(page, 'Enter verification code')).toBeVisible();
    await expectNoBarrier(page);
    await enterCode(page, await org.wrongCode(MARY.email));
    await expect(page.getByText('Invalid code. Try again.').first()).toBeVisible();
    await expectNoBarrier(page);
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
    await expectNoBarrier(page);
  });
}

/** Presses Tab until the focus is on what is called `name`. */
async function tabTo(page, name, role) {
  const wanted = role ? page.getByRole(role, { name }) : page.getByLabel(name, { exact: true }).or(page.getByRole('button', { name, exact: true }));
  const stops = await page.getByRole('textbox').or(page.getByRole('button')).or(page.getByRole('link')).or(page.getByRole('radio')).count();
  for (let press = 0; press <= stops + 3; press += 1) {
    for (const one of await wanted.all()) {
      if (await one.evaluate((element) => element === document.activeElement)) return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${name}`);
}

async function expectNoBarrier(page) {
  const { violations } = await new AxeBuilder({ page })
    // The pages have no frames, so nothing is gained by a second page to join the results in.
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
  expect(found, await page.getByRole('heading', { level: 1 }).first().textContent()).toEqual([]);
}
