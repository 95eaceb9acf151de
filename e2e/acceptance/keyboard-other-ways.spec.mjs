//! Acceptance: every other way in, and what somebody thinks better of, by nothing but a keyboard.

import { answer, arrive, choose, identify, pick, press, setPassword, signOut, type } from '../keyboard.mjs';
import { button, code, link, offer, password, username } from '../person.mjs';
import { PASSWORD_ALONE, PROVIDER, passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';
import { tell } from '../world/told.mjs';

const CODE = 'Enter verification code';
const NUMBER = '+15550107788';

const isIn = (page) => arrive(page, /^Welcome, /);

test.describe('by keyboard alone', () => {
  test.describe('somebody for whom another vouches', () => {
    test.use({ policies: { identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] }, visitsOrg: true });

    test('leaves, and comes back signed in', async ({ page }) => {
      await page.goto('/');
      await press(page, link(page, 'Continue with Dev Social'));
      await type(page, page.getByLabel('Email'), MARY.email);
      await page.keyboard.press('Enter');
      await isIn(page);
    });
  });

  test('somebody who is called asks once more, takes something else, gives up, and begins anew', async ({ page, org }) => {
    await page.clock.install();
    await identify(page, MARY);
    await choose(page, 'Phone');
    await choose(page, 'Voice');
    await arrive(page, CODE);
    await press(page, offer(page, 'Resend'));
    await expect(page.getByText(/wait 30 seconds/)).toBeVisible();
    await arrive(page, CODE);
    await org.pass(31);
    await page.clock.fastForward(31_000);
    await press(page, offer(page, 'Resend'));
    await expect(page.getByText('A new code was sent.')).toBeAttached();
    await expect(code(page)).toBeFocused();
    await press(page, offer(page, 'Verify with something else'));
    await choose(page, 'Email');
    await arrive(page, CODE);
    await press(page, offer(page, 'Cancel'));
    await arrive(page, 'Sign In');
    await answer(page, 'Sign In', password(page), MARY.password);
    await choose(page, 'Phone');
    await choose(page, 'Voice');
    await arrive(page, CODE);
    await answer(page, CODE, code(page), await org.code(MARY.phone));
    await isIn(page);
  });

  test.describe('somebody of whom more is wished', () => {
    const attributes = [
      { name: 'nickname', label: 'Nickname' },
      { name: 'birthday', label: 'Birthday', type: 'date' },
      { name: 'colour', label: 'Favourite colour', enum: ['red', 'blue'], required: true },
      { name: 'news', label: 'Send me news', type: 'boolean' },
    ];
    test.use({ policies: { ...PASSWORD_ALONE, profile: { progressive: true, attributes } } });

    test('says it', async ({ page }) => {
      await identify(page, MARY);
      await arrive(page, 'A little more about you');
      await type(page, page.getByLabel('Nickname (optional)'), 'Countess');
      await type(page, page.getByLabel('Birthday (optional)'), '12091906');
      await pick(page, 'blue');
      await type(page, page.getByLabel('Send me news'), ' ');
      await expect(page.getByLabel('Send me news')).toBeChecked();
      await page.keyboard.press('Enter');
      await isIn(page);
    });
  });

  test.describe('somebody who has to prove more than before', () => {
    test.use({ policies: { ...PASSWORD_ALONE, enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' } }, visitsOrg: true });

    test('signs in once more, and opens the link in a mail', async ({ page, org }) => {
      await identify(page, MARY);
      await isIn(page);
      await page.goto('/login?acr_values=urn:okta:loa:2fa:any');
      await type(page, username(page), MARY.login);
      await type(page, password(page), MARY.password);
      await page.keyboard.press('Enter');
      await arrive(page, /^How would you like to use/);
      await press(page, button(page, 'Next'));
      await arrive(page, CODE);
      const [mail] = await org.inbox(MARY.email);
      await (await page.context().newPage()).goto(mail.link);
      await page.bringToFront();
      await isIn(page);
    });
  });

  test.describe('somebody with a code that was given to them', () => {
    test.use({ policies: { sign_on: [{ authenticate_with: 'password-and-another' }] } });

    test('mistypes it once', async ({ page, org }) => {
      const ada = await org.somebody();
      const given = await org.accessCode(ada.login);
      await identify(page, ada);
      await answer(page, CODE, code(page), given.code === '000000' ? '000001' : '000000');
      await expect(code(page)).toHaveAccessibleDescription(/Invalid code|doesn't match/);
      await answer(page, CODE, code(page), given.code);
      await isIn(page);
    });
  });

  test.describe('somebody with a new phone', () => {
    test.use({ policies: passwordAnd('okta_verify') });

    test('has a text sent to it, and then takes the picture', async ({ page, org }) => {
      const ada = await org.somebody();
      await identify(page, ada);
      await choose(page, 'Okta Verify');
      await arrive(page, 'Set up Okta Verify');
      await press(page, offer(page, 'Set up another way'));
      await choose(page, 'SMS');
      await type(page, page.getByRole('textbox'), '555 010-7788');
      await page.keyboard.press('Enter');
      await arrive(page, 'Open the link that was sent');
      expect(await org.inbox(NUMBER)).toHaveLength(1);
      await press(page, offer(page, 'Set up another way'));
      await choose(page, /QR/);
      await expect(page.getByRole('img', { name: /QR/ })).toBeVisible();
      await org.pair(ada.login);
      await isIn(page);
    });
  });

  test.describe('somebody whose password will soon expire', () => {
    test.use({ policies: { ...PASSWORD_ALONE, password: { expire_after_days: 30, warn_before_days: 7 } } });

    test('keeps it for now, and changes it the next time', async ({ page, org }) => {
      const ada = await org.somebody({ password_age_days: 25 });
      await identify(page, ada);
      await arrive(page, 'Your password will soon expire');
      await press(page, button(page, 'Skip'));
      await isIn(page);
      await signOut(page);
      await identify(page, ada);
      await arrive(page, 'Your password will soon expire');
      await setPassword(page, 'Another-Horse-3');
      await isIn(page);
    });
  });

  test('somebody is asked whether an app may have something', async ({ page }) => {
    const sent = await tell(page, 'consent');
    await arrive(page, 'Allow access?');
    await choose(page, 'Don\'t Allow');
    await expect.poll(() => sent).toEqual([{ consent: false }]);
  });

  test('somebody is asked whether to stay signed in', async ({ page }) => {
    const sent = await tell(page, 'stay-signed-in');
    await arrive(page, 'Keep me signed in?');
    await type(page, page.getByRole('checkbox'), ' ');
    await page.keyboard.press('Enter');
    await expect.poll(() => sent).toEqual([{ keepMeSignedIn: true }]);
  });
});
