//! Okta's own Sign-In Widget: identity providers, and passkey autofill.

import { answerMail, either, identify, press, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const PROVIDER = '0oadevsocial00000001';

forEachGeneration((generation) => {
  test('an identity provider signs in a new user', async ({ page, enter }) => {
    const email = `new.${generation}@example.com`;
    await enter({ identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] });
    await vouch(page, email);
    await signedIn(page, email);
  });

  test('an identity provider, then another factor', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['okta_email'] });
    await enter({ identity_providers: [PROVIDER] });
    await vouch(page, ada.email);
    await either(page, /send me an email/i).click();
    await answerMail(page, await org.code(ada.email));
    await signedIn(page, ada.email);
  });

  test('an identity provider that denies leaves the user at the same step', async ({ page, enter }) => {
    await enter({ identity_providers: [PROVIDER] });
    await either(page, /sign in with dev social/i).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await expect(page.getByText('There was a problem signing you into your identity provider.')).toBeVisible();
    await expect(page.getByLabel('Username')).toBeVisible();
  });

  test('the browser offers a passkey by autofill', async ({ page, enter, org, key }) => {
    const ada = await org.newUser({ enroll: ['webauthn'] });
    const again = await enter({
      passkey_autofill: true,
      global_session: { establish_with: 'any-factor' },
      sign_on: [{ authenticate_with: 'any-1-factor' }],
      enrollment: { okta_password: 'REQUIRED', webauthn: 'OPTIONAL' },
    });
    await page.getByLabel('Username').fill(ada.login);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(ada.password);
    await press(page, 'Verify');
    await either(page, /^set up .+\.$/i).click();
    await press(page, 'Set up');
    await signedIn(page, ada.email);

    await again();
    await signedIn(page, ada.email);
  });
});

async function vouch(page, email) {
  await either(page, /sign in with dev social/i).click();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('First name').fill('Ada');
  await page.getByRole('button', { name: 'Continue' }).click();
}

test.describe('third generation', () => {
  test.use({ generation: 'third' });

  // After a poll it lets the SDK exchange the code, and then looks for the code: it says `exchangeCodeForTokens: false`
  // wherever else it asks. A site can say it once for all, as the other tests do.
  test('the third generation alone stops after an answered push, unless the site configures it', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['okta_verify'] });
    const policies = {
      poll_milliseconds: 250,
      sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_verify'] }],
      enrollment: { okta_password: 'REQUIRED', okta_verify: 'OPTIONAL' },
    };
    await enter(policies, { idx: {} });
    await identify(page, ada);
    await either(page, /get a push notification/i).click();
    await expect.poll(async () => (await org.devices(ada.login)).length).toBe(1);
    const redeemed = page.waitForResponse((response) => response.url().endsWith('/v1/token'));
    await org.answerPush(ada.login, { approve: true });
    const response = await redeemed;
    expect(response.status()).toBe(200);
    expect(await response.json()).toHaveProperty('id_token');
    await expect(page.locator('output')).toBeEmpty();
  });
});
