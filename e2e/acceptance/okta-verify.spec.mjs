//! Acceptance: Okta Verify, paired in three ways, then verified by a push or a code.

import { GRACE, button, choose, chooseIfAskedHow, code, heading, identify, link, offer, signUp, typeCode, welcome } from '../person.mjs';
import { passwordAnd, signUpWith } from '../policies.mjs';
import { expect, test } from '../test.mjs';

const NUMBER = '+15550107788';

test.use({ visitsOrg: true });

/** Each way to pair a phone, from the page that shows the QR code to the end. */
const WAYS = {
  'QR code': async (page, org, { login }) => {
    await expect(page.getByRole('img')).toBeVisible();
    await org.pair(login);
  },
  'e-mail': async (page, org, { email }) => {
    await sendTheLink(page, 'Get a link by email', email);
    await openOnThePhone(page, org, email);
  },
  'SMS': async (page, org) => {
    await sendTheLink(page, 'Get a link by SMS', '555 010-7788');
    await openOnThePhone(page, org, NUMBER);
  },
};

async function sendTheLink(page, way, to) {
  await offer(page, way).click();
  await page.getByRole('textbox').fill(to);
  await button(page, 'Next').click();
  await expect(heading(page, 'Open the link that was sent')).toBeVisible();
}

async function openOnThePhone(page, org, address) {
  const [{ link }] = await org.inbox(address);
  const phone = await page.context().newPage();
  await phone.goto(link);
  await phone.getByRole('button', { name: 'Add account' }).click();
  await expect(phone.getByRole('heading', { name: 'Account added' })).toBeVisible();
  await page.bringToFront();
}

/** What the page says for each channel that sets the app up on this device, where no link opens it. */
const BY_HAND = {
  samedevice: ({ url }) => `add an account there with the address ${url}.`,
  devicebootstrap: () => 'Open Okta Verify on Dev phone, and add your account to another device.',
};

async function begin(page, org) {
  const ada = await org.newUser();
  await page.goto('/');
  await identify(page, ada);
  await chooseIfAskedHow(page, 'Okta Verify');
  return ada;
}

test.describe('Okta Verify', () => {
  test.describe('enrol from sign-in', () => {
    test.use({ policies: passwordAnd('okta_verify') });

    for (const [way, pair] of Object.entries(WAYS)) {
      test(`by ${way}`, async ({ page, org }) => {
        const ada = await org.newUser();
        await page.goto('/');
        await identify(page, ada);
        await chooseIfAskedHow(page, 'Okta Verify');
        await expect(heading(page, 'Set up Okta Verify')).toBeVisible();
        await pair(page, org, ada);
        await expect(welcome(page)).toBeVisible();
      });
    }
  });

  test.describe('enrol from sign-up', () => {
    test.use({ policies: signUpWith('okta_verify') });

    for (const [way, pair] of Object.entries(WAYS)) {
      test(`by ${way}`, async ({ page, org }) => {
        await signUp(page, org);
        await chooseIfAskedHow(page, 'Okta Verify');
        await expect(heading(page, 'Set up Okta Verify')).toBeVisible();
        await pair(page, org, { login: GRACE.email, email: GRACE.email });
        await expect(heading(page, 'Welcome, Grace Hopper')).toBeVisible();
      });
    }
  });

  for (const [channel, says] of Object.entries(BY_HAND)) {
    test.describe(`set up on this device, by the channel ${channel}`, () => {
      test.describe('with a link', () => {
        test.use({ policies: { ...passwordAnd('okta_verify'), okta_verify_set_up: { channel } } });

        test('the link opens the app, and the page goes on by itself', async ({ page, org }) => {
          await begin(page, org);
          await expect(offer(page, 'Get a link by email')).toBeVisible();
          await link(page, 'Open Okta Verify').click();
          await expect(welcome(page)).toBeVisible();
        });

        test('another device can be set up instead', async ({ page, org }) => {
          const ada = await begin(page, org);
          await offer(page, 'Scan a QR code').click();
          await WAYS['QR code'](page, org, ada);
          await expect(welcome(page)).toBeVisible();
        });
      });

      test.describe('without a link', () => {
        test.use({ policies: { ...passwordAnd('okta_verify'), okta_verify_set_up: { channel, link: false, other_channels: false } } });

        test('the page says what to do, and goes on by itself', async ({ page, org }) => {
          const ada = await begin(page, org);
          await expect(heading(page, 'Set up Okta Verify')).toBeVisible();
          await expect(page.getByText(says(org))).toBeVisible();
          await expect(offer(page, 'Scan a QR code')).toHaveCount(0);
          await org.pair(ada.login);
          await expect(welcome(page)).toBeVisible();
        });
      });
    });
  }

  test.describe('verify', () => {
    test.use({ policies: passwordAnd('okta_verify') });

    async function ask(page, org, how) {
      const ada = await org.newUser({ factors: ['okta_password', 'okta_verify'] });
      await page.goto('/');
      await identify(page, ada);
      await chooseHow(page, how);
      return ada;
    }

    async function chooseHow(page, how) {
      await expect(heading(page, 'How would you like to use Okta Verify?')).toBeVisible();
      await page.getByRole('radio', { name: how }).check();
      await button(page, 'Next').click();
    }

    test('push, approved', async ({ page, org }) => {
      const ada = await ask(page, org, /push/i);
      await expect(heading(page, 'Approve in Okta Verify')).toBeVisible();
      await org.answerPush(ada.login, { approve: true });
      await expect(welcome(page)).toBeVisible();
    });

    test('push, rejected', async ({ page, org }) => {
      const ada = await ask(page, org, /push/i);
      await expect(heading(page, 'Approve in Okta Verify')).toBeVisible();
      await org.answerPush(ada.login, { approve: false });
      await expect(page.getByText('The sign-in was rejected on your device.')).toBeVisible();
      // A person may have tapped Reject by mistake.
      await choose(page, 'Get a push notification');
      await expect(heading(page, 'Approve in Okta Verify')).toBeVisible();
      await org.answerPush(ada.login, { approve: true });
      await expect(welcome(page)).toBeVisible();
    });

    test('push, by the number on the page', async ({ page, org }) => {
      const ada = await ask(page, org, /push/i);
      await expect(page.getByText('In the notification, choose this number:')).toBeVisible();
      const [{ number }] = await org.devices(ada.login);
      await expect(page.getByText(String(number), { exact: true })).toBeVisible();
      await org.answerPush(ada.login, { approve: true, number });
      await expect(welcome(page)).toBeVisible();
    });

    test('code', async ({ page, org }) => {
      const ada = await ask(page, org, /code/i);
      await typeCode(page, '000000');
      await expect(code(page)).toHaveAccessibleDescription(/Invalid code\. Try again\./);
      await typeCode(page, await org.shownBy(ada.login, 'okta_verify'));
      await expect(welcome(page)).toBeVisible();
    });
  });
});
