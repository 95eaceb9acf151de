//! Okta's own Sign-In Widget: every authenticator, enrolled at one sign-in and verified at the next.

import { totp } from '../world/totp.mjs';
import { answer, answerMail, answerUnder, either, fillIn, identify, press, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const ANSWER = 'the small one';

/** For authenticators that need no click. */
const SOON = 250;

/** The next code of a token, because a code works once. */
const HALF_A_MINUTE = 30_000;

/** The headings of pages that ask for an enrolled factor. */
const ANY_FACTOR = /^verify with/i;

/** How to enrol and how to verify each. */
const FACTORS = {
  okta_email: {
    setUp: async (page, org, ada) => answerMail(page, await org.code(ada.email)),
    give: async (page, org, ada) => {
      await either(page, /send me an email/i).click();
      await expect.poll(async () => (await org.inbox(ada.email)).length).toBe(2);
      await answerMail(page, await org.code(ada.email));
    },
  },
  phone_number: {
    setUp: async (page, org, ada) => {
      await fillIn([page.getByLabel('Phone number'), phoneOf(ada)]);
      await either(page, /receive a code via sms/i).click();
      await answer(page, await org.code(`+1${phoneOf(ada)}`));
    },
    give: async (page, org, ada) => {
      await either(page, /receive a voice call instead/i).click();
      await expect.poll(async () => (await org.inbox(`+1${phoneOf(ada)}`))[0].channel).toBe('voice');
      await answer(page, await org.code(`+1${phoneOf(ada)}`));
    },
  },
  security_question: {
    setUp: async (page) => {
      await fillIn([page.getByLabel('Answer', { exact: true }), ANSWER]);
      await press(page, /^(verify|set up)$/i);
    },
    give: (page) => answerUnder(page, ANY_FACTOR, ANSWER),
  },
  google_otp: {
    setUp: async (page, org, { login }) => {
      await either(page, 'Next').click();
      const { code } = await waiting(org, login);
      await answer(page, code);
    },
    give: async (page, org, ada) => answerUnder(page, ANY_FACTOR, await nextOf(org, ada, 'google_otp')),
  },
  okta_verify: {
    setUp: async (page, org, { login }) => {
      await expect(page.getByRole('img', { name: /qr code/i })).toBeVisible();
      await org.pair(login);
    },
    give: async (page, org, { login }) => {
      await either(page, /get a push notification/i).click();
      await waiting(org, login);
      await org.answerPush(login, { approve: true });
    },
  },
  webauthn: {
    setUp: (page) => press(page, /^set up$/i),
    give: async () => {},
  },
  yubikey_token: {
    setUp: async (page, org, { login }) => {
      const { code } = await waiting(org, login);
      await fillIn([page.getByLabel('Insert then tap your YubiKey'), code]);
      await press(page, /^(set up|verify)$/i);
    },
    give: async (page, org, ada) => answerUnder(page, ANY_FACTOR, await nextOf(org, ada, 'yubikey_token')),
  },
  symantec_vip: {
    setUp: async (page, org, { login }) => {
      const { code, next } = await waiting(org, login);
      await fillIn(
        [page.getByLabel('Enter credential ID'), 'VSMT12345678'],
        [page.getByLabel('Security code 1'), code],
        [page.getByLabel('Security code 2'), next],
      );
      await press(page, 'Enroll');
    },
    give: async (page, org, ada) => answerUnder(page, ANY_FACTOR, await nextOf(org, ada, 'symantec_vip')),
  },
  rsa_token: {
    setUp: async (page, org, { login }) => {
      const { code } = await waiting(org, login);
      await fillIn([page.getByLabel('Enter RSA SecurID username'), login], [page.getByLabel('Enter RSA SecurID passcode'), code]);
      await press(page, 'Verify');
    },
    give: async (page, org, ada) => answerUnder(page, ANY_FACTOR, await nextOf(org, ada, 'rsa_token')),
  },
};

forEachGeneration(() => {
  for (const [factor, { setUp, give }] of Object.entries(FACTORS)) {
    test(`${factor} is enrolled, and verified the next time`, async ({ page, enter, org, key }) => {
      const ada = await org.newUser();
      const policies = {
        ...(factor === 'okta_verify' && { poll_milliseconds: SOON }),
        sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
        enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
      };
      const again = await enter(policies);
      await identify(page, ada);
      await either(page, /^set up .+\.$/i).click();
      await setUp(page, org, ada);
      await signedIn(page, ada.email);

      await again();
      await identify(page, ada);
      await give(page, org, ada);
      await signedIn(page, ada.email);
    });
  }

  test('a link sets Okta Verify up on this device', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter(settingUp({ channel: 'samedevice' }));
    await identify(page, ada);
    await either(page, /^set up .+\.$/i).click();
    await either(page, /^set up okta verify$/i).click();
    await signedIn(page, ada.email);
  });

  test('Okta Verify is set up on this device from another one', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter(settingUp({ channel: 'devicebootstrap', link: false }));
    await identify(page, ada);
    await either(page, /^set up .+\.$/i).click();
    await expect(page.getByText('Dev phone').first()).toBeVisible();
  });
});

/** Policies of an app that has Okta Verify set up so. */
const settingUp = (okta_verify_set_up) => ({
  poll_milliseconds: SOON,
  sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_verify'] }],
  enrollment: { okta_password: 'REQUIRED', okta_verify: 'OPTIONAL' },
  okta_verify_set_up,
});

/** What a user's phone or token shows, once it does. */
async function waiting(org, login) {
  await expect.poll(async () => (await org.devices(login)).length).toBe(1);
  return (await org.devices(login))[0];
}

/** An unused phone number. */
const phoneOf = ({ login }) => `555${2_000_000 + Number(/\d+/.exec(login)[0])}`;

/** A clock half a minute fast is accepted, and shows an unused code. */
async function nextOf(org, { login }, factor) {
  return totp(await org.secretOf(login, factor), Date.now() + HALF_A_MINUTE);
}
