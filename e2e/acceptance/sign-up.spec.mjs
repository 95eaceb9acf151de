//! Acceptance: sign-up.

import { GRACE, button, chooseIfAskedHow, chooseMessage, enterCode, enterPhone, heading, register, setPassword, signUp, welcome } from '../person.mjs';
import { PASSWORD_ALONE, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';

const NUMBER = '+15550107788';

const expectSignedIn = (page) => expect(heading(page, 'Welcome, Grace Hopper')).toBeVisible();

test.describe('sign-up', () => {
  test.describe('with an optional phone', () => {
    test.use({ policies: signUpWith('phone_number') });

    test('a person skips the optional phone', async ({ page, org }) => {
      await signUp(page, org);
      await button(page, 'Skip').click();
      await expectSignedIn(page);
    });

    test('with phone', async ({ page, org }) => {
      await signUp(page, org);
      await chooseIfAskedHow(page, 'Phone');
      await chooseMessage(page, 'SMS');
      await enterPhone(page, '555 010-7788');
      await enterCode(page, await org.code(NUMBER));
      await expectSignedIn(page);
    });

    test('bad phone', async ({ page, org }) => {
      await signUp(page, org);
      await chooseIfAskedHow(page, 'Phone');
      await chooseMessage(page, 'SMS');
      await enterPhone(page, '12');
      await expect(page.getByText('Enter a valid phone number.')).toBeVisible();
      await enterPhone(page, '555 010-7788');
      await enterCode(page, await org.code(NUMBER));
      await expectSignedIn(page);
    });

    test('bad e-mail', async ({ page }) => {
      await page.goto('/register');
      await register(page, { ...GRACE, email: 'no-email' });
      const email = page.getByLabel('Email');
      await expect(email).toHaveAccessibleDescription('Enter an email address, such as name@example.com.');
      await expect(page.getByLabel('First name')).toHaveValue(GRACE.firstName);
      await register(page);
      await expect(heading(page, /Choose an authenticator|Set password/)).toBeVisible();
    });
  });

  test.describe('magic link', () => {
    test.use({ policies: signUpWith(), visitsOrg: true });

    test('magic link', async ({ page, org }) => {
      await page.goto('/register');
      await register(page);
      await chooseIfAskedHow(page, 'Password');
      await setPassword(page, GRACE.password);
      await chooseIfAskedHow(page, 'Email');
      await expect(heading(page, /verification code|Set up Email/i)).toBeVisible();
      const [{ link }] = await org.inbox(GRACE.email);
      const tab = await page.context().newPage();
      await tab.goto(link);
      await page.bringToFront();
      await expectSignedIn(page);
    });
  });

  test.describe('password optional', () => {
    test.use({
      policies: {
        global_session: { establish_with: 'any-factor' },
        sign_on: [{ authenticate_with: 'any-1-factor' }],
        enrollment: { okta_email: 'REQUIRED', okta_password: 'OPTIONAL' },
      },
    });

    test.beforeEach(async ({ page, org }) => {
      await page.goto('/register');
      await register(page);
      await chooseIfAskedHow(page, 'Email');
      await enterCode(page, await org.code(GRACE.email));
      await expect(button(page, 'Skip')).toBeVisible();
    });

    test('skip', async ({ page }) => {
      await button(page, 'Skip').click();
      await expectSignedIn(page);
    });

    test('enrol', async ({ page }) => {
      await chooseIfAskedHow(page, 'Password');
      await setPassword(page, GRACE.password);
      await expectSignedIn(page);
    });
  });

  test.describe('custom attribute', () => {
    const attributes = [
      { name: 'firstName', label: 'First name', required: true },
      { name: 'lastName', label: 'Last name', required: true },
      { name: 'email', label: 'Email', required: true },
      { name: 'plate', label: 'Number plate', pattern: '[A-Z]{2}[0-9]+', required: true },
      { name: 'size', label: 'Size', enum: ['S', 'M'], required: true },
      { name: 'age', label: 'Age', type: 'number' },
      { name: 'news', label: 'Send me news', type: 'boolean' },
      { name: 'born', label: 'Born', type: 'date' },
    ];
    test.use({ policies: { ...PASSWORD_ALONE, profile: { email_verification: false, attributes } } });

    test('custom attribute', async ({ page }) => {
      await page.goto('/register');
      await page.getByRole('group', { name: 'Size' }).getByRole('radio', { name: 'M' }).check();
      await page.getByLabel(/^Age/).fill('42');
      await page.getByLabel('Send me news').check();
      await page.getByLabel('Number plate').fill('nonsense');
      const born = page.getByLabel(/^Born/);
      await born.focus();
      await page.keyboard.type('02312027');
      await register(page);
      await expect(born).toHaveAccessibleDescription('Enter a valid date.');
      await born.fill('1906-12-09');
      await button(page, 'Sign Up').click();
      await expect(page.getByLabel('Number plate')).toHaveAccessibleDescription('“Number plate” is not in the expected format. Check it, and try again.');
      await page.getByLabel('Number plate').fill('AB12');
      await button(page, 'Sign Up').click();
      await chooseIfAskedHow(page, 'Password');
      await setPassword(page, GRACE.password);
      await expectSignedIn(page);
    });
  });

  test.describe('activation token', () => {
    test.use({ policies: PASSWORD_ALONE });

    test('activation token', async ({ page, org }) => {
      const ada = await org.newUser({ password: undefined, status: 'STAGED', factors: ['okta_email'] });
      const { activationToken } = await org.invite(ada.login, 'activate');
      await page.goto(`/register?activation_token=${activationToken}`);
      await chooseIfAskedHow(page, 'Password');
      await setPassword(page, GRACE.password);
      await expect(welcome(page)).toBeVisible();
      expect(page.url()).not.toContain(activationToken);
    });
  });
});
