//! A company's own app with push, and a card with a PIN, which an app on the device reads.

import { button, choose, chooseIfAsked, code, enterCode, heading, identify, identifyFirst, username, welcome } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';

const SOON = { poll_milliseconds: 250 };

/** Holds the card of a person to the reader, and signs in with its PIN. */
async function verifyWithCard(page, org, { login }, pin) {
  await expect(heading(page, 'Verify with NFC Card')).toBeVisible();
  await org.holdCard(login);
  await code(page).fill(pin);
  await button(page, 'Submit').click();
  await expect(welcome(page)).toBeVisible();
}

test.describe('the app of a company', () => {
  test.use({ policies: { ...passwordAnd('custom_app'), ...SOON } });

  test('custom_app is sent a push, which is rejected, sent again and approved', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['custom_app'] });
    await page.goto('/');
    await identify(page, ada);
    const push = page.getByRole('button', { name: /push/i });
    await expect(heading(page, 'Verify with Company App')).toBeVisible();
    await push.click();
    await expect(heading(page, 'Approve in Company App')).toBeVisible();
    await org.answerPush(ada.login, { approve: false });
    await expect(page.getByText(/reject/i).first()).toBeVisible();
    await push.or(button(page, 'Next')).first().click();
    const waiting = heading(page, 'Approve in Company App');
    await expect(push.or(waiting).first()).toBeVisible();
    if (await push.isVisible()) await push.click();
    await expect(waiting).toBeVisible();
    await org.answerPush(ada.login, { approve: true });
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('a card with a PIN', () => {
  const TWO = {
    ...SOON,
    sign_on: [{ authenticate_with: 'password-and-another', factors: ['nfc_pin', 'security_question'] }],
    enrollment: { okta_password: 'REQUIRED', nfc_pin: 'OPTIONAL', security_question: 'OPTIONAL' },
  };
  test.use({ policies: TWO });

  test('nfc_pin says that an app reads the card, and then takes its PIN', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['nfc_pin', 'security_question'] });
    await page.goto('/');
    await identify(page, ada);
    await choose(page, 'NFC Card');
    await expect(heading(page, 'Verify with NFC Card')).toBeVisible();
    await expect(page.getByText('A browser cannot read this card, but an app on this device can.')).toBeVisible();
    await org.holdCard(ada.login);
    await expect(heading(page, 'Enter the PIN of your card')).toBeVisible();
    await expect(code(page)).toHaveAttribute('type', 'password');
    await code(page).fill('111111');
    await button(page, 'Submit').click();
    await expect(code(page)).toHaveAccessibleDescription('Incorrect PIN. Please try again.');
    await expect(code(page)).toHaveValue('');
    await code(page).fill('246810');
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('a forgotten PIN is replaced, and the new one signs in', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['nfc_pin', 'security_question'] });
    await page.goto('/');
    await identify(page, ada);
    await choose(page, 'NFC Card');
    await expect(heading(page, 'Verify with NFC Card')).toBeVisible();
    await org.holdCard(ada.login);
    await button(page, 'Forgot your PIN?').click();
    await expect(heading(page, 'Choose a PIN for your card')).toBeVisible();
    await code(page).fill('975310');
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();

    await page.context().clearCookies();
    await page.goto('/login');
    await identify(page, ada);
    await choose(page, 'NFC Card');
    await verifyWithCard(page, org, ada, '975310');
  });

  test('a person without the app chooses another way', async ({ page, org }) => {
    const ada = await org.newUser({ factors: ['nfc_pin', 'security_question'] });
    await page.goto('/');
    await identify(page, ada);
    await choose(page, 'NFC Card');
    await button(page, 'Verify with something else').click();
    await choose(page, 'Security Question');
    await page.getByLabel('Answer').fill('pizza');
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('a new card gets a PIN', async ({ page, org }) => {
    const ada = await org.newUser({ enroll: ['nfc_pin'] });
    await page.goto('/');
    await identify(page, ada);
    await choose(page, 'NFC Card');
    await expect(page.getByText('A browser cannot read this card')).toBeVisible();
    await org.holdCard(ada.login);
    await expect(heading(page, 'Choose a PIN for your card')).toBeVisible();
    await code(page).fill('123');
    await button(page, 'Submit').click();
    await expect(page.getByText('The PIN must have 6 digits.').first()).toBeVisible();
    await code(page).fill('135791');
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });

  test.describe('that the first page offers to read', () => {
    test.use({
      policies: {
        ...SOON,
        vendors: { card_button: true },
        global_session: { establish_with: 'any-factor' },
        sign_on: [{ authenticate_with: 'any-1-factor', factors: ['nfc_pin'] }],
        enrollment: { nfc_pin: 'OPTIONAL' },
      },
    });

    test('a button beside the username has it read, and it says who signs in', async ({ page, org }) => {
      const ada = await org.newUser({ password: undefined, factors: ['nfc_pin'] });
      await page.goto('/');
      await expect(username(page)).toBeVisible();
      await button(page, 'Sign in with a card').click();
      await verifyWithCard(page, org, ada, '246810');
    });

    test('a forgotten PIN is replaced after a mailed code', async ({ page, org }) => {
      const ada = await org.newUser({ password: undefined, factors: ['nfc_pin'] });
      await page.goto('/');
      await button(page, 'Sign in with a card').click();
      await expect(heading(page, 'Verify with NFC Card')).toBeVisible();
      await org.holdCard(ada.login);
      await button(page, 'Forgot your PIN?').click();
      await chooseIfAsked(page, 'Email');
      await enterCode(page, await org.code(ada.email));
      await expect(heading(page, 'Choose a PIN for your card')).toBeVisible();
      await code(page).fill('975310');
      await button(page, 'Submit').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('is asked for after the username, too', async ({ page, org }) => {
      const ada = await org.newUser({ password: undefined, factors: ['nfc_pin'] });
      await identifyFirst(page, ada);
      await verifyWithCard(page, org, ada, '246810');
    });
  });
});
