//! Okta's own Sign-In Widget: consent, devices, grace periods and codes with letters.

import { answerMail, either, identify, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const PASSWORD = { sign_on: [{ authenticate_with: 'password' }], enrollment: { okta_password: 'REQUIRED' } };

forEachGeneration(() => {
  test('accepts a mailed code of ten letters and digits', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['okta_email'] });
    await enter({
      sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_email'] }],
      list_of_one: true,
      email_code: { format: 'alphanumeric', length: 10 },
    });
    await identify(page, ada);
    await either(page, /select email/i).click();
    await expect(page.getByRole('heading', { name: 'Verify with your email' })).toBeVisible();
    await answerMail(page, await org.code(ada.email));
    await signedIn(page, ada.email);
  });

  test('asks for consent', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ ...PASSWORD, consent: 'user' });
    await identify(page, ada);
    await either(page, /^allow access$/i).click();
    await signedIn(page, ada.email);
  });

  test('asks for consent to each scope', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ ...PASSWORD, consent: 'granular' });
    await identify(page, ada);
    await expect(page.getByRole('checkbox').first()).toBeChecked();
    await either(page, /^allow access$/i).click();
    await signedIn(page, ada.email);
  });

  test('says what to do about a device', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ ...PASSWORD, device_assurance: {} });
    await identify(page, ada);
    await expect(page.getByText(/update to windows 11/i).first()).toBeVisible();
  });

  test('continues with a device in its grace period', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ ...PASSWORD, device_assurance: { grace_days: 7 } });
    await identify(page, ada);
    await either(page, /continue to app/i).click();
    await signedIn(page, ada.email);
  });

  test('is reminded later of an authenticator in its grace period', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({
      ...PASSWORD,
      enrollment: { okta_password: 'REQUIRED', security_question: 'REQUIRED' },
      enrollment_grace: { security_question: { skips: 3 } },
    });
    await identify(page, ada);
    await either(page, /remind me later/i).click();
    await signedIn(page, ada.email);
  });
});
