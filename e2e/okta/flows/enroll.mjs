//! Authenticators, set up on the way in: each refuses what is wrong, takes what is right and is used the next time.

import assert from 'node:assert/strict';

import { Passkey } from '../../world/passkey.mjs';
import { totp } from '../../world/totp.mjs';
import { REDIRECT_URI } from '../sdk.mjs';

const UNLIKE = 'authfactor.challenge.soft_token.invalid_passcode';

/** The password, and then this factor. */
const asking = (factor) => ({
  sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
  enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
});

/** Somebody with a password only has given it, and has to set this factor up. */
async function before(scene, factor) {
  const begin = await scene.app(asking(factor));
  const ada = await scene.somebody();
  const talk = await begin().signIn({ username: ada.login, password: ada.password });
  assert.equal(talk.step, 'select-authenticator-enroll');
  assert.ok(!talk.steps.includes('skip'));
  await talk.choose(factor);
  return { talk, ada, begin };
}

/** That the next sign-in asks for what was set up, and for nothing to be set up. */
async function isKept({ begin, ada }) {
  const talk = await begin().signIn({ username: ada.login, password: ada.password });
  assert.ok(!talk.steps.includes('select-authenticator-enroll'), String(talk.steps));
}

function byPhone(methodType) {
  return async (scene) => {
    const { talk, ada, begin } = await before(scene, 'phone_number');
    assert.equal(talk.step, 'authenticator-enrollment-data');
    for (const phoneNumber of ['12', '5551234567', '+15551']) {
      await talk.answer('authenticator-enrollment-data', { methodType, phoneNumber });
      talk.isRefused('api.factors.error.sms.invalid_phone');
    }
    await talk.answer('authenticator-enrollment-data', { methodType, phoneNumber: ada.phone });
    const [sent] = await scene.org.inbox(ada.phone);
    assert.equal(sent.channel, methodType);
    (await talk.code(sent.code)).isIn(ada.email);
    await isKept({ begin, ada });
  };
}

function byQuestion(given) {
  return async (scene) => {
    const { talk, ada, begin } = await before(scene, 'security_question');
    await talk.answer('enroll-authenticator', { ...given, answer: 'abc' });
    talk.isRefused('securityQuestion.answer.tooShort.arg');
    (await talk.answer('enroll-authenticator', { ...given, answer: 'the small one' })).isIn(ada.email);
    await isKept({ begin, ada });
  };
}

/** A token whose code the org tells while it is being set up. */
function byToken(factor) {
  return async (scene) => {
    const { talk, ada, begin } = await before(scene, factor);
    await talk.code('000');
    talk.isRefused(UNLIKE);
    const [{ code }] = await scene.org.devices(ada.login);
    (await talk.code(code)).isIn(ada.email);
    await isKept({ begin, ada });
  };
}

/** Okta Verify by a link that is sent to where the page says. */
function byLink(channel, { wrong, right, refusal }) {
  return async (scene) => {
    const { talk, ada, begin } = await before(scene, 'okta_verify');
    await talk.answer('select-enrollment-channel', { channel });
    await talk.answer('enrollment-channel-data', wrong);
    talk.isRefused(refusal);
    const to = right(ada);
    await talk.answer('enrollment-channel-data', to);
    assert.equal(talk.step, 'enroll-poll');
    assert.equal((await talk.poll()).step, 'enroll-poll');
    const [{ link }] = await scene.org.inbox(Object.values(to)[0]);
    assert.equal((await fetch(link, { method: 'POST' })).status, 200);
    (await talk.poll()).isIn(ada.email);
    await isKept({ begin, ada });
  };
}

export const enroll = {
  'Enrolment at sign-in': {
    'e-mail': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'okta_email');
      await talk.code(await scene.org.wrongCode(ada.email));
      talk.isRefused('api.authn.error.PASSCODE_INVALID');
      (await talk.code(await scene.org.code(ada.email))).isIn(ada.email);
      await isKept({ begin, ada });
    },
    'phone, SMS': byPhone('sms'),
    'phone, voice': byPhone('voice'),
    'phone, with a nickname': async (scene) => {
      const begin = await scene.app(asking('phone_number'));
      const ada = await scene.somebody();
      const talk = await begin().signIn({ username: ada.login, password: ada.password });
      const [{ relatesTo }] = talk.at.neededToProceed[0].value.find(({ name }) => name === 'authenticator').options;
      const authenticator = { id: relatesTo.id, methodType: 'sms', phoneNumber: ada.phone, nickname: 'The red one' };
      await talk.answer('select-authenticator-enroll', { authenticator });
      (await talk.code(await scene.org.code(ada.phone))).isIn(ada.email);
      const again = await begin().signIn({ username: ada.login, password: ada.password });
      assert.equal(again.authenticator.nickname, 'The red one');
    },
    'security question, predefined': byQuestion({ questionKey: 'disliked_food' }),
    'security question, custom': byQuestion({ questionKey: 'custom', question: 'Which harbour?' }),
    'Google Authenticator': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'google_otp');
      const { sharedSecret, qrcode } = talk.authenticator.contextualData;
      assert.match(qrcode.href, /^data:image\/png;base64,/);
      await talk.code('000000');
      talk.isRefused(UNLIKE);
      (await talk.code(totp(sharedSecret, Date.now()))).isIn(ada.email);
      await isKept({ begin, ada });
    },
    'passkey': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'webauthn');
      const { challenge } = talk.authenticator.contextualData.activationData;
      await talk.answer('enroll-authenticator', new Passkey('http://elsewhere.example').make(challenge));
      talk.isRefused('authfactor.webauthn.error.attestation_validation_failure');
      const key = new Passkey(new URL(REDIRECT_URI).origin);
      (await talk.answer('enroll-authenticator', key.make(challenge))).isIn(ada.email);
      await isKept({ begin, ada });
    },
    'Okta Verify, by QR code': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'okta_verify');
      assert.equal(talk.step, 'enroll-poll');
      assert.match(talk.authenticator.contextualData.qrcode.href, /^data:image\/png;base64,/);
      assert.equal((await talk.poll()).step, 'enroll-poll');
      await scene.org.pair(ada.login);
      (await talk.poll()).isIn(ada.email);
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
    'YubiKey': byToken('yubikey_token'),
    'Symantec VIP': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'symantec_vip');
      const [{ code, next }] = await scene.org.devices(ada.login);
      const credentials = { credentialId: 'VSMT12345678', passcode: code, nextPasscode: next };
      await talk.answer('enroll-authenticator', { credentials: { ...credentials, nextPasscode: '000' } });
      talk.isRefused(UNLIKE);
      (await talk.answer('enroll-authenticator', { credentials })).isIn(ada.email);
      await isKept({ begin, ada });
    },
    'RSA SecurID, with the user name': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'rsa_token');
      const [{ code }] = await scene.org.devices(ada.login);
      for (const credentials of [{ clientData: 'somebody-else', passcode: code }, { clientData: ada.login, passcode: '000' }]) {
        await talk.answer('enroll-authenticator', { credentials });
        assert.equal(talk.at.requestDidSucceed, false);
      }
      (await talk.answer('enroll-authenticator', { credentials: { clientData: ada.login, passcode: code } })).isIn(ada.email);
      await isKept({ begin, ada });
    },
    'Duo': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'duo');
      const [{ code }] = await scene.org.devices(ada.login);
      (await talk.answer('enroll-authenticator', { credentials: { signatureData: code } })).isIn(ada.email);
      await isKept({ begin, ada });
    },
    'an optional authenticator, skipped': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password' }] });
      const ada = await scene.somebody([], { enroll: ['phone_number'] });
      const talk = await begin().signIn({ username: ada.login, password: ada.password });
      assert.deepEqual(talk.steps, ['select-authenticator-enroll', 'skip']);
      assert.deepEqual(talk.options, ['phone_number']);
      (await talk.skip()).isIn(ada.email);
    },
    'required authenticators before optional ones': async (scene) => {
      const begin = await scene.app({
        sign_on: [{ authenticate_with: 'password' }],
        enrollment: { okta_password: 'REQUIRED', security_question: 'REQUIRED', phone_number: 'OPTIONAL' },
      });
      const ada = await scene.somebody([], { enroll: ['phone_number'] });
      const talk = await begin().signIn({ username: ada.login, password: ada.password });
      assert.deepEqual([talk.steps, talk.options], [['select-authenticator-enroll'], ['security_question']]);
      await talk.choose('security_question');
      await talk.answer('enroll-authenticator', { questionKey: 'disliked_food', answer: 'the small one' });
      assert.deepEqual([talk.steps, talk.options], [['select-authenticator-enroll', 'skip'], ['phone_number']]);
      (await talk.skip()).isIn(ada.email);
    },
  },
};
