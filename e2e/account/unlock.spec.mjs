//! A locked account: opened by a code, then signed in to.

import { button, chooseIfAsked, enterCode, heading, identify, offer } from '../person.mjs';
import { expect, test } from '../test.mjs';

for (const [label, factor, address] of [['Email', 'okta_email', 'email'], ['Phone', 'phone_number', 'phone']]) {
  test(`an account is unlocked by ${label.toLowerCase()}`, async ({ page, org }) => {
    const ada = await org.somebody({ factors: ['okta_password', factor], phone: '+15550104477', status: 'LOCKED_OUT' });
    await page.goto('/');
    await offer(page, 'Unlock account').click();
    await expect(page).toHaveURL(/\/unlock-account$/);
    await page.getByLabel(/Username|Email/).first().fill(ada.login);
    await page.getByRole('radio', { name: label }).check();
    await button(page, 'Next').click();
    await chooseIfAsked(page, label);
    await enterCode(page, await org.code(ada[address]));
    await expect(page.getByText('You can log in using your existing username and password')).toBeVisible();

    await page.goto('/');
    await identify(page, ada);
    await expect(heading(page, 'Sign In')).toBeHidden();
    await chooseIfAsked(page, label);
  });
}
