//! Acceptance: forgotten passwords, locked accounts, expired passwords, incomplete profiles.

import { button, chooseIfAsked, chooseMessage, code, enterCode, heading, identify, offer, recover, setPassword, welcome } from '../person.mjs';
import { PASSWORD_ALONE } from '../policies.mjs';
import { expect, test } from '../test.mjs';

const NEW = 'Another-Horse-3';
const NUMBER = '+15550104477';
const ALL = { ...PASSWORD_ALONE, enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL', phone_number: 'OPTIONAL', security_question: 'OPTIONAL' } };

test.describe('recovery', () => {
  async function signInAnew(page, ada) {
    await setPassword(page, NEW);
    await expect(welcome(page)).toBeVisible();
    await page.context().clearCookies();
    await page.goto('/');
    await identify(page, { ...ada, password: NEW });
    await expect(welcome(page)).toBeVisible();
  }

  test.describe('by each factor of the policy', () => {
    test.use({ policies: ALL });

    test('code', async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['okta_password', 'okta_email'] });
      await recover(page, ada.login);
      await chooseIfAsked(page, 'Email');
      await enterCode(page, await org.code(ada.email));
      await signInAnew(page, ada);
    });

    test('unknown e-mail', async ({ page }) => {
      await recover(page, 'nobody@example.com');
      await chooseIfAsked(page, 'Email');
      await enterCode(page, '123456');
      await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
    });

    test('phone', async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['okta_password', 'phone_number'], phone: NUMBER });
      await recover(page, ada.login);
      await page.getByRole('radio', { name: 'Phone' }).check();
      await button(page, 'Next').click();
      await chooseMessage(page, 'SMS');
      await enterCode(page, await org.code(NUMBER));
      await signInAnew(page, ada);
    });
  });

  test.describe('with the additional question', () => {
    test.use({ policies: { ...ALL, password: { recovery_additional_question: true } } });

    test('question', async ({ page, org }) => {
      const ada = await org.newUser({ factors: ['okta_password', 'okta_email', 'security_question'], answer: 'the small one' });
      await recover(page, ada.login);
      await chooseIfAsked(page, 'Email');
      await enterCode(page, await org.code(ada.email));
      await expect(heading(page, 'Answer your security question')).toBeVisible();
      await page.getByRole('textbox').fill('the small one');
      await button(page, 'Submit').click();
      await signInAnew(page, ada);
    });
  });
});

test.describe('unlock', () => {
  test.use({ policies: ALL, visitsOrg: true });

  async function ask(page, org, label, factor) {
    const ada = await org.newUser({ factors: ['okta_password', factor], phone: NUMBER, status: 'LOCKED_OUT' });
    await page.goto('/');
    await offer(page, 'Unlock account').click();
    await expect(page).toHaveURL(/\/unlock-account$/);
    await page.getByLabel('Username').fill(ada.login);
    await page.getByRole('radio', { name: label }).check();
    await button(page, 'Next').click();
    return ada;
  }

  async function expectUnlocked(page, ada) {
    await expect(page.getByText('You can sign in with your existing username and password.')).toBeVisible();
    await offer(page, 'Back to sign in').click();
    await identify(page, ada);
    await expect(welcome(page)).toBeVisible();
  }

  test('code', async ({ page, org }) => {
    const ada = await ask(page, org, 'Email', 'okta_email');
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(ada.email));
    await expectUnlocked(page, ada);
  });

  test('link', async ({ page, org }) => {
    const ada = await ask(page, org, 'Email', 'okta_email');
    await expect(heading(page, 'Enter verification code')).toBeVisible();
    const [{ link }] = await org.inbox(ada.email);
    const tab = await page.context().newPage();
    await tab.goto(link);
    await page.bringToFront();
    await expectUnlocked(page, ada);
  });

  test('phone', async ({ page, org }) => {
    const ada = await ask(page, org, 'Phone', 'phone_number');
    await enterCode(page, await org.code(NUMBER));
    await expectUnlocked(page, ada);
  });
});

test.describe('expired password', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('an expired password is changed during the sign-in', async ({ page, org }) => {
    await page.goto('/');
    await identify(page, await org.newUser({ status: 'PASSWORD_EXPIRED' }));
    await expect(heading(page, 'Your password has expired')).toBeVisible();
    await page.getByLabel('New password', { exact: true }).fill(NEW);
    await page.getByLabel('Re-enter new password', { exact: true }).fill(NEW);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });

  test.describe('that expires soon', () => {
    test.use({ policies: { ...PASSWORD_ALONE, password: { expire_after_days: 30, warn_before_days: 7 } } });

    test('can be kept for now', async ({ page, org }) => {
      await page.goto('/');
      await identify(page, await org.newUser({ password_age_days: 25 }));
      await expect(heading(page, 'Your password will soon expire')).toBeVisible();
      await button(page, 'Skip').click();
      await expect(welcome(page)).toBeVisible();
    });
  });
});

test.describe('progressive profile', () => {
  const attributes = [{ name: 'colour', label: 'Favourite colour', enum: ['red', 'blue'], required: true }];
  test.use({ policies: { ...PASSWORD_ALONE, profile: { progressive: true, attributes } } });

  test('a missing required attribute is asked for once', async ({ page }) => {
    await page.goto('/');
    await identify(page);
    await page.getByRole('group', { name: 'Favourite colour' }).getByRole('radio', { name: 'blue' }).check();
    await button(page, 'Next').click();
    await signsInWithoutQuestions(page);
  });

  test.describe('with optional attributes', () => {
    const optional = [
      { name: 'nickname', label: 'Nickname' },
      { name: 'lucky', label: 'Lucky number', type: 'number' },
      { name: 'birthday', label: 'Birthday', type: 'date' },
      { name: 'news', label: 'Send me news', type: 'boolean' },
    ];
    test.use({ policies: { ...PASSWORD_ALONE, profile: { progressive: true, attributes: optional } } });

    test.beforeEach(async ({ page }) => {
      await page.goto('/');
      await identify(page);
      await expect(heading(page, 'A little more about you')).toBeVisible();
    });

    test('they can be skipped', async ({ page }) => {
      await button(page, 'Skip').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('they can be filled in', async ({ page }) => {
      await page.getByLabel('Nickname (optional)').fill('Countess');
      await page.getByLabel('Lucky number (optional)').fill('42');
      await page.getByLabel('Send me news').check();
      await page.getByLabel('Birthday (optional)').fill('1906-12-09');
      await button(page, 'Next').click();
      await signsInWithoutQuestions(page);
    });
  });

  async function signsInWithoutQuestions(page) {
    await expect(welcome(page)).toBeVisible();
    await page.context().clearCookies();
    await page.goto('/');
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  }
});
