//! Okta's own Sign-In Widget: authenticators of other vendors. It has no page for Duo without a frame.

import { answerUnder, either, identify, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const CERTIFICATES = '0oadevcertificates01';
const CARD_PIN = '246810';
const SOON = { poll_milliseconds: 250 };

const asking = (factor, more = {}) => ({
  sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
  enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
  ...more,
});

forEachGeneration(() => {
  test('a smart card is verified on the page of the org', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['smart_card_idp'] });
    await enter(asking('smart_card_idp'));
    await identify(page, ada);
    await page.getByRole('button', { name: 'Use the certificate' }).click();
    await signedIn(page, ada.email);
  });

  test('an identity provider verifies as an authenticator', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['external_idp'] });
    await enter(asking('external_idp'));
    await identify(page, ada);
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await signedIn(page, ada.email);
  });

  test('a certificate on the first page signs in', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ identity_providers: [CERTIFICATES], sign_on: [{ authenticate_with: 'any-1-factor' }] });
    await either(page, /PIV/).click();
    await page.getByLabel('Email in the certificate').fill(ada.login);
    await page.getByRole('button', { name: 'Use the certificate' }).click();
    await signedIn(page, ada.email);
  });

  test('a service verifies an identity', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({
      sign_on: [{ authenticate_with: 'password' }],
      enrollment: { okta_password: 'REQUIRED' },
      vendors: { identity_verification: 'persona' },
    });
    await identify(page, ada);
    await either(page, 'Continue').click();
    await page.getByRole('button', { name: 'Verified', exact: true }).click();
    await signedIn(page, ada.email);
  });

  test('the app of a company approves a push', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['custom_app'] });
    await enter(asking('custom_app', SOON));
    await identify(page, ada);
    await either(page, /send push/i).click();
    await expect.poll(async () => (await org.devices(ada.login)).length).toBe(1);
    await org.answerPush(ada.login, { approve: true });
    await signedIn(page, ada.email);
  });

  test('a card is read, and its PIN accepted', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['nfc_pin'] });
    await enter(asking('nfc_pin', SOON));
    await identify(page, ada);
    await expect.poll(async () => (await org.devices(ada.login)).length).toBe(1);
    await org.holdCard(ada.login);
    await answerUnder(page, /PIN|NFC/i, CARD_PIN);
    await signedIn(page, ada.email);
  });
});

test.describe('third generation', () => {
  test.use({ generation: 'third' });

  // The second generation takes the link of the card for that of a password.
  test('a forgotten PIN leads to a new one', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['nfc_pin'] });
    await enter(asking('nfc_pin', SOON));
    await identify(page, ada);
    await expect.poll(async () => (await org.devices(ada.login)).length).toBe(1);
    await org.holdCard(ada.login);
    await expect(page.getByRole('heading', { name: /your PIN/ })).toBeVisible();
    await either(page, /forgot/i).click();
    await expect(page.getByRole('heading', { name: /a PIN/ })).toBeVisible();
    const fields = page.locator('input[type="password"]');
    await expect(fields).toHaveCount(2);
    for (const field of await fields.all()) await field.fill('975310');
    await page.locator('input[type="submit"], button[type="submit"]').first().click();
    await signedIn(page, ada.email);
  });
});
