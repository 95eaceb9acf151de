//! Acceptance: the less frequent flows, by keyboard alone.

import { answer, arrive, choose, identify, pick, press, setPassword, signOut, type } from '../keyboard.mjs';
import { button, code, link, offer, password, username } from '../person.mjs';
import { PASSWORD_ALONE, PROVIDER, passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';
import { openAtStep } from '../world/scripted-steps.mjs';

const CODE = 'Enter verification code';
const NUMBER = '+15550107788';

const expectSignedIn = (page) => arrive(page, /^Welcome, /);

test.describe('by keyboard alone', () => {
  test.describe('with an identity provider', () => {
    test.use({ policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] }, visitsOrg: true });

    test('a person signs in at the provider', async ({ page }) => {
      await page.goto('/');
      await press(page, link(page, 'Continue with Dev Social'));
      await type(page, page.getByLabel('Email'), MARY.email);
      await page.keyboard.press('Enter');
      await expectSignedIn(page);
    });
  });

  test('a person resends a call, verifies with something else, cancels and starts again', async ({ page, org }) => {
    await page.clock.install();
    await identify(page, MARY);
    await choose(page, 'Phone');
    await choose(page, 'Voice');
    await arrive(page, CODE);
    await expect(offer(page, 'Resend')).toBeDisabled();
    await press(page, offer(page, 'Resend'));
    expect(await org.inbox(MARY.phone)).toHaveLength(1);
    await org.pass(31);
    await page.clock.fastForward(31_000);
    await press(page, offer(page, 'Resend'));
    await expect(page.getByText('A new code was sent.')).toBeAttached();
    await expect(code(page)).toBeFocused();
    await press(page, offer(page, 'Verify with something else'));
    await choose(page, 'Email');
    await arrive(page, CODE);
    await press(page, offer(page, 'Back to sign in'));
    await arrive(page, 'Sign In');
    await answer(page, 'Sign In', password(page), MARY.password);
    await choose(page, 'Phone');
    await choose(page, 'Voice');
    await arrive(page, CODE);
    await answer(page, CODE, code(page), await org.code(MARY.phone));
    await expectSignedIn(page);
  });

  test.describe('with a progressive profile', () => {
    const attributes = [
      { name: 'nickname', label: 'Nickname' },
      { name: 'birthday', label: 'Birthday', type: 'date' },
      { name: 'colour', label: 'Favourite colour', enum: ['red', 'blue'], required: true },
      { name: 'news', label: 'Send me news', type: 'boolean' },
    ];
    test.use({ policies: { ...PASSWORD_ALONE, profile: { progressive: true, attributes } } });

    test('a person completes the profile', async ({ page }) => {
      await identify(page, MARY);
      await arrive(page, 'A little more about you');
      await type(page, page.getByLabel('Nickname (optional)'), 'Countess');
      await type(page, page.getByLabel('Birthday (optional)'), '12091906');
      await pick(page, 'blue');
      await type(page, page.getByLabel('Send me news'), ' ');
      await expect(page.getByLabel('Send me news')).toBeChecked();
      await page.keyboard.press('Enter');
      await expectSignedIn(page);
    });
  });

  test.describe('with step-up', () => {
    test.use({ policies: { ...PASSWORD_ALONE, enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' } }, visitsOrg: true });

    test('a person signs in again and opens a mailed link', async ({ page, org }) => {
      await identify(page, MARY);
      await expectSignedIn(page);
      await page.goto('/login?acr_values=urn:okta:loa:2fa:any');
      await type(page, username(page), MARY.login);
      await type(page, password(page), MARY.password);
      await page.keyboard.press('Enter');
      await arrive(page, 'Verify with Email');
      await press(page, button(page, 'Send a code to m***y@example.com'));
      await arrive(page, CODE);
      const [mail] = await org.inbox(MARY.email);
      await (await page.context().newPage()).goto(mail.link);
      await page.bringToFront();
      await expectSignedIn(page);
    });
  });

  test.describe('with a temporary access code', () => {
    test.use({ policies: { sign_on: [{ authenticate_with: 'password-and-another' }] } });

    test('a person mistypes it once', async ({ page, org }) => {
      const ada = await org.newUser();
      const given = await org.accessCode(ada.login);
      await identify(page, ada);
      await answer(page, CODE, code(page), given.code === '000000' ? '000001' : '000000');
      await expect(code(page)).toHaveAccessibleDescription(/Invalid code|doesn't match/);
      await answer(page, CODE, code(page), given.code);
      await expectSignedIn(page);
    });
  });

  test.describe('with Okta Verify to set up', () => {
    test.use({ policies: passwordAnd('okta_verify') });

    test('a person asks for a link by SMS, then uses the QR code', async ({ page, org }) => {
      const ada = await org.newUser();
      await identify(page, ada);
      await choose(page, 'Okta Verify');
      await arrive(page, 'Set up Okta Verify');
      await press(page, offer(page, 'Get a link by SMS'));
      await type(page, page.getByRole('textbox'), '555 010-7788');
      await page.keyboard.press('Enter');
      await arrive(page, 'Open the link that was sent');
      expect(await org.inbox(NUMBER)).toHaveLength(1);
      await press(page, offer(page, 'Scan a QR code'));
      await expect(page.getByRole('img', { name: /QR/ })).toBeVisible();
      await org.pair(ada.login);
      await expectSignedIn(page);
    });
  });

  test.describe('with a password that expires soon', () => {
    test.use({ policies: { ...PASSWORD_ALONE, password: { expire_after_days: 30, warn_before_days: 7 } } });

    test('a person keeps it once, and changes it the next time', async ({ page, org }) => {
      const ada = await org.newUser({ password_age_days: 25 });
      await identify(page, ada);
      await arrive(page, 'Your password will soon expire');
      await press(page, button(page, 'Skip'));
      await expectSignedIn(page);
      await signOut(page);
      await identify(page, ada);
      await arrive(page, 'Your password will soon expire');
      await setPassword(page, 'Another-Horse-3');
      await expectSignedIn(page);
    });
  });

  test('a person declines consent', async ({ page }) => {
    const sent = await openAtStep(page, 'consent');
    await arrive(page, 'Allow access?');
    await press(page, button(page, 'Don\'t Allow'));
    await expect.poll(() => sent).toEqual([{ consent: false }]);
  });

  test('a person chooses to stay signed in', async ({ page }) => {
    const sent = await openAtStep(page, 'stay-signed-in');
    await arrive(page, 'Keep me signed in?');
    await press(page, button(page, 'Keep me signed in'));
    await expect.poll(() => sent).toEqual([{ keepMeSignedIn: true }]);
  });

  test('a person chooses not to stay signed in', async ({ page }) => {
    const sent = await openAtStep(page, 'stay-signed-in');
    await press(page, button(page, 'Not now'));
    await expect.poll(() => sent).toEqual([{ keepMeSignedIn: false }]);
  });
});
