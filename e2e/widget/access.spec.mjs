//! Okta's own Sign-In Widget: consent, devices, grace periods and codes with letters.

import { answerMail, either, identify, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const PASSWORD = { sign_on: [{ authenticate_with: 'password' }], enrollment: { okta_password: 'REQUIRED' } };

/** What a person answers, and what the page of the link and the page that waits say then. */
const ANSWERS = {
  allowed: ['Yes, it\'s me', /return to the original/i, 'signed in as'],
  refused: ['No, it\'s not me', 'Operation cancelled by user.', 'Access denied on other device.'],
};

/** The answers to the question whether to stay signed in, by their buttons, and whether the person then does. */
const STAYS = {
  yes: ['Stay signed in', true],
  no: ['Don\'t stay signed in', false],
};

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

  for (const [answer, [label, atLink, whereItWaits]] of Object.entries(ANSWERS)) {
    test(`a mailed link that asks on a page of the org is ${answer}`, async ({ page, enter, org, openOrgPage }) => {
      const ada = await org.newUser({ factors: ['okta_email'] });
      await enter({
        sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_email'] }],
        list_of_one: true,
        email_link_consent: true,
        poll_milliseconds: 250,
      });
      await identify(page, ada);
      await either(page, /select email/i).click();
      await expect(page.getByRole('heading', { name: 'Verify with your email' })).toBeVisible();
      const [{ link }] = await org.inbox(ada.email);
      const tab = await openOrgPage(link);
      await expect(tab.getByRole('heading', { name: 'Did you just try to sign in?' })).toBeVisible();
      await expect(tab.getByText('Chrome', { exact: true })).toBeVisible();
      await either(tab, label).click();
      await expect(tab.getByText(atLink).first()).toBeVisible();
      await page.bringToFront();
      await expect(page.getByText(whereItWaits).first()).toBeVisible();
    });
  }

  test('activates a device by its code', async ({ page, enter, org, place, openOrgPage }) => {
    const ada = await org.newUser();
    await enter(PASSWORD);
    const client_id = `widget-${place.clients}`;
    const begun = await fetch(`${org.issuer}/v1/device/authorize`, { method: 'POST', body: new URLSearchParams({ client_id, scope: 'openid email' }) });
    const { device_code, verification_uri_complete } = await begun.json();
    const tab = await openOrgPage(verification_uri_complete);
    await either(tab, 'Next').click();
    await identify(tab, ada);
    await expect(tab.getByText(/device activated/i).first()).toBeVisible();
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const polled = await fetch(`${org.issuer}/v1/token`, { method: 'POST', body: new URLSearchParams({ client_id, grant_type, device_code }) });
    expect((await polled.json()).access_token).toBeTruthy();
    await page.bringToFront();
  });

  for (const [stay, [label, isIn]] of Object.entries(STAYS)) {
    test(`asks after the sign-in whether to stay signed in: ${stay}`, async ({ page, enter, org, place }) => {
      const ada = await org.newUser();
      const again = await enter({ ...PASSWORD, global_session: { ask_after_sign_in: true } });
      await identify(page, ada);
      await expect(page.getByRole('heading', { name: 'Keep me signed in' })).toBeVisible();
      await either(page, label).click();
      await signedIn(page, ada.email);
      // As if the browser had been closed.
      const cookies = await place.context.cookies();
      await again(cookies.filter(({ expires }) => expires > 0));
      if (isIn) await signedIn(page, ada.email);
      else await expect(page.getByLabel('Username')).toBeVisible();
    });
  }

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

  test('says how a device is enrolled', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ ...PASSWORD, device_enrollment: 'mdm' });
    await identify(page, ada);
    await expect(page.getByText('Additional setup required')).toBeVisible();
    await expect(page.getByText('Example Device Management')).toBeVisible();
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
