//! Password and Okta Verify: a push that is approved or rejected, and a phone that is paired by a mailed link.

import { button, chooseIfAsked, choose, heading, identify, offer, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';

test.use({
  visitsOrg: true,
  policies: {
    sign_on: [{ authenticate_with: 'password-and-another' }],
    enrollment: { okta_password: 'REQUIRED', okta_verify: 'OPTIONAL', okta_email: 'OPTIONAL' },
  },
});

async function waitForPush(page, org) {
  const ada = await org.somebody({ factors: ['okta_password', 'okta_verify', 'okta_email'] });
  await page.goto('/');
  await identify(page, ada);
  await choose(page, 'Okta Verify');
  const how = heading(page, 'How would you like to use Okta Verify?');
  const waiting = heading(page, 'Approve in Okta Verify');
  await expect(how.or(waiting)).toBeVisible();
  if (await how.isVisible()) {
    await page.getByRole('radio', { name: /push/i }).check();
    await button(page, 'Next').click();
  }
  await expect(waiting).toBeVisible();
  await expect(page).toHaveURL(/\/challenge-authenticator\/okta_verify\/poll$/);
  return ada;
}

test('a push is approved, and the page goes on by itself', async ({ page, org }) => {
  const ada = await waitForPush(page, org);
  await org.answerPush(ada.login, { approve: true });
  await expect(welcome(page)).toBeVisible();
});

test('a push is rejected: that is said, and something else can be used', async ({ page, org }) => {
  const ada = await waitForPush(page, org);
  await org.answerPush(ada.login, { approve: false });
  await expect(page.getByText('You have chosen to reject this login.')).toBeVisible();
  await expect(offer(page, 'Verify with something else').or(heading(page, 'Choose an authenticator')).first()).toBeVisible();
});

test('a phone is paired by a mailed link, and the page goes on by itself', async ({ page, context, org }) => {
  const ada = await org.somebody({ factors: ['okta_password', 'okta_email'], enroll: ['okta_verify'] });
  await page.goto('/');
  await identify(page, ada);
  await chooseIfAsked(page, 'Email');
  await page.getByLabel('Verification code').fill(await org.code(ada.email));
  await button(page, 'Submit').click();
  await choose(page, 'Okta Verify');
  await expect(heading(page, 'Set up Okta Verify')).toBeVisible();
  await offer(page, 'Set up another way').click();
  await page.getByRole('radio', { name: 'Email' }).check();
  await button(page, 'Next').click();
  await page.getByRole('textbox').fill(ada.email);
  await button(page, 'Next').click();
  await expect(heading(page, 'Open the link that was sent')).toBeVisible();

  const [mail] = await org.inbox(ada.email);
  const phone = await context.newPage();
  await phone.goto(mail.link);
  await phone.getByRole('button', { name: 'Add account' }).click();
  await page.bringToFront();
  await expect(welcome(page).or(button(page, 'Skip'))).toBeVisible();
});
