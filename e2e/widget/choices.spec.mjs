//! Okta's own Sign-In Widget: username first, step-up, going back, staying signed in, redirects.

import { answer, answerMail, either, fillIn, identify, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const ANY_FACTOR = { global_session: { establish_with: 'any-factor' }, sign_on: [{ authenticate_with: 'any-1-factor' }] };

forEachGeneration(() => {
  test('asks for the username alone and accepts an Okta Verify code', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['okta_email', 'okta_verify'] });
    await enter({ ...ANY_FACTOR, enrollment: { okta_password: 'OPTIONAL', okta_email: 'OPTIONAL', okta_verify: 'OPTIONAL' } });
    await expect(page.getByLabel('Username')).toBeVisible();
    await expect(page.getByLabel('Password', { exact: true })).toBeHidden();
    await fillIn([page.getByLabel('Username'), ada.login]);
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(either(page, /select password/i)).toBeVisible();
    await either(page, /enter a code/i).click();
    await expect(page.getByRole('heading', { name: 'Enter a code' })).toBeVisible();
    await answer(page, await org.shownBy(ada.login, 'okta_verify'));
    await signedIn(page, ada.email);
  });

  test('steps up for acr_values and accepts a custom OTP', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['custom_otp'] });
    const policies = { sign_on: [{ authenticate_with: 'password' }], enrollment: { okta_password: 'REQUIRED', custom_otp: 'OPTIONAL' } };
    await enter(policies, { authParams: { acrValues: 'urn:okta:loa:2fa:any' } });
    await identify(page, ada);
    await expect(page.getByRole('heading', { name: /^verify with custom otp/i })).toBeVisible();
    await answer(page, await org.shownBy(ada.login, 'custom_otp'));
    await signedIn(page, ada.email);
  });

  test('keeps a password about to expire and accepts a temporary access code', async ({ page, enter, org }) => {
    const ada = await org.newUser({ password_age_days: 25 });
    const { code } = await org.accessCode(ada.login);
    await enter({
      sign_on: [{ authenticate_with: 'password-and-another', factors: ['tac'] }],
      password: { expire_after_days: 30, warn_before_days: 7 },
    });
    await identify(page, ada);
    await expect(page.getByRole('heading', { name: 'Your password will expire in 5 days' })).toBeVisible();
    await either(page, /remind me later/i).click();
    await expect(page.getByRole('heading', { name: 'Verify with Temporary Access Code' })).toBeVisible();
    await answer(page, code);
    await signedIn(page, ada.email);
  });

  test('goes back, verifies with another authenticator, resends a mail and stays signed in', async ({ page, enter, org, place }) => {
    const ada = await org.newUser({ factors: ['okta_email', 'phone_number'], phone: '+15550107799' });
    const again = await enter();
    await identify(page, ada);
    await either(page, /select phone/i).click();
    // The previous page has the same link, and ignores clicks while it waits.
    await expect(page.getByRole('heading', { name: /verify with your phone/i })).toBeVisible();
    await either(page, /back to sign in/i).click();

    await page.getByText('Keep me signed in').click();
    await identify(page, ada);
    await either(page, /select phone/i).click();
    await either(page, /receive a code via sms/i).click();
    await expect(page.getByLabel(/enter code/i)).toBeVisible();
    await either(page, /verify with something else/i).click();
    await either(page, /select email/i).click();
    await expect(page.getByRole('heading', { name: 'Verify with your email' })).toBeVisible();
    await letHalfAMinutePass(page);
    await page.getByText('Send again', { exact: true }).click();
    await expect.poll(async () => (await org.inbox(ada.email)).length).toBe(2);
    await answerMail(page, await org.code(ada.email));
    await signedIn(page, ada.email);

    // As if the browser had been closed.
    const cookies = await place.context.cookies();
    await again(cookies.filter(({ expires }) => expires > 0));
    await signedIn(page, ada.email);
  });

  test('names two phones by their numbers and sends the code to the chosen one', async ({ page, enter, org }) => {
    const [first, second] = ['+15550107701', '+15550107702'];
    const ada = await org.newUser({ factors: ['phone_number'], phone: first, more_phones: [second] });
    await enter({ sign_on: [{ authenticate_with: 'password-and-another', factors: ['phone_number'] }] });
    await identify(page, ada);
    await expect(page.getByText(/7701/).first()).toBeVisible();
    await page.getByRole('link', { name: /select phone/i }).or(page.getByRole('button', { name: /select phone/i })).nth(1).click();
    await either(page, /receive a code via sms/i).click();
    await expect(page.getByText(/7702/).first()).toBeVisible();
    expect(await org.inbox(first)).toEqual([]);
    await answer(page, await org.code(second));
    await signedIn(page, ada.email);
  });

  test('redirects to the site with a code if the site asks for it', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ sign_on: [{ authenticate_with: 'password' }] }, { redirect: 'always' });
    await identify(page, ada);
    await page.waitForURL(/\/login\/callback\?interaction_code=[\w-]+&state=\w+$/);
    await signedIn(page, ada.email);
  });
});

/** The widget offers a resend only after this time. */
function letHalfAMinutePass(page) {
  return page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 31_000;
  });
}
