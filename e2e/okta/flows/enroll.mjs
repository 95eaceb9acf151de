//! Enrolment at sign-in: each authenticator refuses a wrong answer, accepts a right one and is used the next time.

import assert from 'node:assert/strict';

import { Passkey } from '../../world/software-authenticator.mjs';
import { totp } from '../../world/totp.mjs';
import { REDIRECT_URI } from '../sdk.mjs';

const UNLIKE = 'authfactor.challenge.soft_token.invalid_passcode';

/** A policy: the password, then this factor. */
const asking = (factor) => ({
  sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
  enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
});

/** Signs in a user who then has to enrol this factor. */
async function before(scene, factor, more = {}) {
  const begin = await scene.app({ ...asking(factor), ...more });
  const ada = await scene.newUser();
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  assert.equal(attempt.step, 'select-authenticator-enroll');
  assert.ok(!attempt.steps.includes('skip'));
  await attempt.choose(factor);
  return { attempt, ada, begin };
}

/** Expects the next sign-in to ask for the enrolled factor, and for no enrolment. */
async function isKept({ begin, ada }) {
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  assert.ok(!attempt.steps.includes('select-authenticator-enroll'), String(attempt.steps));
}

function byPhone(methodType) {
  return async (scene) => {
    const { attempt, ada, begin } = await before(scene, 'phone_number');
    assert.equal(attempt.step, 'authenticator-enrollment-data');
    for (const phoneNumber of ['12', '5551234567', '+15551']) {
      await attempt.answer('authenticator-enrollment-data', { methodType, phoneNumber });
      attempt.expectRefused('api.factors.error.sms.invalid_phone');
    }
    await attempt.answer('authenticator-enrollment-data', { methodType, phoneNumber: ada.phone });
    const [sent] = await scene.org.inbox(ada.phone);
    assert.equal(sent.channel, methodType);
    (await attempt.code(sent.code)).expectSignedIn(ada.email);
    await isKept({ begin, ada });
  };
}

function byQuestion(given) {
  return async (scene) => {
    const { attempt, ada, begin } = await before(scene, 'security_question');
    await attempt.answer('enroll-authenticator', { ...given, answer: 'abc' });
    attempt.expectRefused('securityQuestion.answer.tooShort.arg');
    (await attempt.answer('enroll-authenticator', { ...given, answer: 'the small one' })).expectSignedIn(ada.email);
    await isKept({ begin, ada });
  };
}

/** A token whose code the dev org shows during enrolment. */
function byToken(factor) {
  return async (scene) => {
    const { attempt, ada, begin } = await before(scene, factor);
    await attempt.code('000');
    attempt.expectRefused(UNLIKE);
    const [{ code }] = await scene.org.devices(ada.login);
    (await attempt.code(code)).expectSignedIn(ada.email);
    await isKept({ begin, ada });
  };
}

/** Okta Verify by a sent link. */
function byLink(channel, { wrong, right, refusal }) {
  return async (scene) => {
    const { attempt, ada, begin } = await before(scene, 'okta_verify');
    await attempt.answer('select-enrollment-channel', { channel });
    await attempt.answer('enrollment-channel-data', wrong);
    attempt.expectRefused(refusal);
    const to = right(ada);
    await attempt.answer('enrollment-channel-data', to);
    assert.equal(attempt.step, 'enroll-poll');
    assert.equal((await attempt.poll()).step, 'enroll-poll');
    const [{ link }] = await scene.org.inbox(Object.values(to)[0]);
    assert.equal((await fetch(link, { method: 'POST' })).status, 200);
    (await attempt.poll()).expectSignedIn(ada.email);
    await isKept({ begin, ada });
  };
}

/** Okta Verify on the device of the browser, by a link that opens it. */
function onThisDevice(channel) {
  return async (scene) => {
    const { attempt, ada, begin } = await before(scene, 'okta_verify', { okta_verify_set_up: { channel } });
    assert.equal(attempt.step, 'enroll-poll');
    const { selectedChannel, [channel]: data } = attempt.authenticator.contextualData;
    assert.equal(selectedChannel, channel);
    assert.equal((await attempt.poll()).step, 'enroll-poll');
    assert.equal((await fetch(data.setupOVUrl)).status, 204);
    (await attempt.poll()).expectSignedIn(ada.email);
    await isKept({ begin, ada });
  };
}

export const enroll = {
  'Enrolment at sign-in': {
    'e-mail': async (scene) => {
      const { attempt, ada, begin } = await before(scene, 'okta_email');
      await attempt.code(await scene.org.wrongCode(ada.email));
      attempt.expectRefused('api.authn.error.PASSCODE_INVALID');
      (await attempt.code(await scene.org.code(ada.email))).expectSignedIn(ada.email);
      await isKept({ begin, ada });
    },
    'phone, SMS': byPhone('sms'),
    'phone, voice': byPhone('voice'),
    'phone, with a nickname': async (scene) => {
      const begin = await scene.app(asking('phone_number'));
      const ada = await scene.newUser();
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      const [{ relatesTo }] = attempt.at.neededToProceed[0].value.find(({ name }) => name === 'authenticator').options;
      const authenticator = { id: relatesTo.id, methodType: 'sms', phoneNumber: ada.phone, nickname: 'The red one' };
      await attempt.answer('select-authenticator-enroll', { authenticator });
      (await attempt.code(await scene.org.code(ada.phone))).expectSignedIn(ada.email);
      const again = await begin().signIn({ username: ada.login, password: ada.password });
      assert.equal(again.authenticator.nickname, 'The red one');
    },
    'security question, predefined': byQuestion({ questionKey: 'disliked_food' }),
    'security question, custom': byQuestion({ questionKey: 'custom', question: 'Which harbour?' }),
    'Google Authenticator': async (scene) => {
      const { attempt, ada, begin } = await before(scene, 'google_otp');
      const { sharedSecret, qrcode } = attempt.authenticator.contextualData;
      assert.match(qrcode.href, /^data:image\/png;base64,/);
      await attempt.code('000000');
      attempt.expectRefused(UNLIKE);
      (await attempt.code(totp(sharedSecret, Date.now()))).expectSignedIn(ada.email);
      await isKept({ begin, ada });
    },
    'passkey': async (scene) => {
      const { attempt, ada, begin } = await before(scene, 'webauthn');
      const { challenge } = attempt.authenticator.contextualData.activationData;
      await attempt.answer('enroll-authenticator', new Passkey('http://elsewhere.example').make(challenge));
      attempt.expectRefused('authfactor.webauthn.error.attestation_validation_failure');
      const key = new Passkey(new URL(REDIRECT_URI).origin);
      (await attempt.answer('enroll-authenticator', key.make(challenge))).expectSignedIn(ada.email);
      await isKept({ begin, ada });
    },
    'Okta Verify, by QR code': async (scene) => {
      const { attempt, ada, begin } = await before(scene, 'okta_verify');
      assert.equal(attempt.step, 'enroll-poll');
      assert.match(attempt.authenticator.contextualData.qrcode.href, /^data:image\/png;base64,/);
      assert.equal((await attempt.poll()).step, 'enroll-poll');
      await scene.org.pair(ada.login);
      (await attempt.poll()).expectSignedIn(ada.email);
      await isKept({ begin, ada });
    },
    'Okta Verify, by a mailed link': byLink('email', {
      wrong: { email: 'no-email' },
      refusal: 'api.factors.error.email.invalid',
      right: ({ email }) => ({ email }),
    }),
    'Okta Verify, by a texted link': byLink('sms', {
      wrong: { phoneNumber: '12' },
      refusal: 'api.factors.error.sms.invalid_phone',
      right: ({ phone }) => ({ phoneNumber: phone }),
    }),
    'Okta Verify, on this device': onThisDevice('samedevice'),
    'Okta Verify, on this device from another one': onThisDevice('devicebootstrap'),
    'YubiKey': byToken('yubikey_token'),
    'Symantec VIP': async (scene) => {
      const { attempt, ada, begin } = await before(scene, 'symantec_vip');
      const [{ code, next }] = await scene.org.devices(ada.login);
      const credentials = { credentialId: 'VSMT12345678', passcode: code, nextPasscode: next };
      await attempt.answer('enroll-authenticator', { credentials: { ...credentials, nextPasscode: '000' } });
      attempt.expectRefused(UNLIKE);
      (await attempt.answer('enroll-authenticator', { credentials })).expectSignedIn(ada.email);
      await isKept({ begin, ada });
    },
    'RSA SecurID, with the user name': async (scene) => {
      const { attempt, ada, begin } = await before(scene, 'rsa_token');
      const [{ code }] = await scene.org.devices(ada.login);
      for (const credentials of [{ clientData: 'another-user', passcode: code }, { clientData: ada.login, passcode: '000' }]) {
        await attempt.answer('enroll-authenticator', { credentials });
        assert.equal(attempt.at.requestDidSucceed, false);
      }
      (await attempt.answer('enroll-authenticator', { credentials: { clientData: ada.login, passcode: code } })).expectSignedIn(ada.email);
      await isKept({ begin, ada });
    },
    'an optional authenticator, skipped': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password' }] });
      const ada = await scene.newUser([], { enroll: ['phone_number'] });
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      assert.deepEqual(attempt.steps, ['select-authenticator-enroll', 'skip']);
      assert.deepEqual(attempt.options, ['phone_number']);
      (await attempt.skip()).expectSignedIn(ada.email);
    },
    'required authenticators before optional ones': async (scene) => {
      const begin = await scene.app({
        sign_on: [{ authenticate_with: 'password' }],
        enrollment: { okta_password: 'REQUIRED', security_question: 'REQUIRED', phone_number: 'OPTIONAL' },
      });
      const ada = await scene.newUser([], { enroll: ['phone_number'] });
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      assert.deepEqual([attempt.steps, attempt.options], [['select-authenticator-enroll'], ['security_question']]);
      await attempt.choose('security_question');
      await attempt.answer('enroll-authenticator', { questionKey: 'disliked_food', answer: 'the small one' });
      assert.deepEqual([attempt.steps, attempt.options], [['select-authenticator-enroll', 'skip'], ['phone_number']]);
      (await attempt.skip()).expectSignedIn(ada.email);
    },
  },
};
