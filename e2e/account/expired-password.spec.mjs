//! A password whose time is over, or nearly: a new one on the way in, or later.

import { button, chooseIfAsked, enterCode, heading, identify, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';

const NEW = 'Another-Horse-3';

test('an expired password is changed on the way in', async ({ page, org }) => {
  const ada = await org.somebody({ factors: ['okta_password', 'okta_email'], status: 'PASSWORD_EXPIRED' });
  await page.goto('/');
  await identify(page, ada);
  await expect(heading(page, 'Your password has expired')).toBeVisible();
  await page.getByLabel('New password', { exact: true }).fill(NEW);
  await page.getByLabel('Re-enter new password', { exact: true }).fill(NEW);
  await button(page, 'Submit').click();
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.code(ada.email));
  await expect(welcome(page).or(button(page, 'Skip'))).toBeVisible();
});

test.describe('passwords that live thirty days', () => {
  test.use({ policies: { password: { expire_after_days: 30, warn_before_days: 7 } } });

  test('one that will soon expire can be kept for now', async ({ page, org }) => {
    const ada = await org.somebody({ factors: ['okta_password', 'okta_email'], password_age_days: 25 });
    await page.goto('/');
    await identify(page, ada);
    await expect(heading(page, 'Your password will soon expire')).toBeVisible();
    await button(page, 'Skip').click();
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(ada.email));
    await expect(welcome(page).or(button(page, 'Skip'))).toBeVisible();
  });
});
