//! Second factors, used: each refuses what is wrong and takes what is right.

import assert from 'node:assert/strict';

import { Passkey } from '../../world/passkey.mjs';
import { totp } from '../../world/totp.mjs';
import { REDIRECT_URI } from '../sdk.mjs';

const INVALID = 'api.authn.error.PASSCODE_INVALID';
const UNLIKE = 'authfactor.challenge.soft_token.invalid_passcode';
const HALF_A_MINUTE = 30_000;

/** Asks for a password and this factor, and lets nobody set up anything. */
const with_ = (factor) => ({
  sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
  enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
});

/** Somebody with this factor has given their password. */
async function before(scene, factor, more) {
  const begin = await scene.app(with_(factor));
  const ada = await scene.somebody([factor], more);
  const talk = await begin().signIn({ username: ada.login, password: ada.password });
  return { talk, ada, begin };
}

/** What a code is asked for by, after a wrong one. */
async function refuses(talk, code, key = INVALID) {
  await talk.code(code);
  talk.isRefused(key);
}

function byPhone(methodType) {
  return async (scene) => {
    const { talk, ada } = await before(scene, 'phone_number');
    await talk.choose('phone_number', methodType);
    assert.match(talk.authenticator.profile.phoneNumber, /^\+1 XXX-XXX-\d{4}$/);
    const [sent] = await scene.org.inbox(ada.phone);
    assert.equal(sent.channel, methodType);
    await refuses(talk, sent.code === '000000' ? '111111' : '000000');
    (await talk.code(sent.code)).isIn(ada.email);
  };
}

/** A code by the clock of a device the org tells us of. */
function byToken(factor, key = INVALID) {
  return async (scene) => {
    const { talk, ada } = await before(scene, factor);
    await talk.choose(factor);
    await refuses(talk, '000', key);
    (await talk.code(await scene.org.shownBy(ada.login, factor))).isIn(ada.email);
  };
}

export const verify = {
  'Password, then': {
    'e-mail, code': async (scene) => {
      const { talk, ada } = await before(scene, 'okta_email');
      await talk.choose('okta_email', 'email');
      assert.match(talk.authenticator.profile.email, /^a\*\*\*\d+@example\.com$/);
      await refuses(talk, await scene.org.wrongCode(ada.email));
      (await talk.code(await scene.org.code(ada.email))).isIn(ada.email);
    },
    'phone, SMS': byPhone('sms'),
    'phone, voice': byPhone('voice'),
    'security question': async (scene) => {
      const { talk, ada } = await before(scene, 'security_question', { answer: 'the small one' });
      await talk.choose('security_question');
      await talk.answer('challenge-authenticator', { answer: 'the large one' });
      talk.isRefused('authfactor.challenge.question_factor.answer_invalid');
      (await talk.answer('challenge-authenticator', { answer: 'the small one' })).isIn(ada.email);
    },
    'Google Authenticator, with a clock thirty seconds fast': async (scene) => {
      const { talk, ada, begin } = await before(scene, 'google_otp');
      await talk.choose('google_otp');
      await refuses(talk, '000000', UNLIKE);
      const secret = await scene.org.secretOf(ada.login, 'google_otp');
      const early = totp(secret, Date.now() + HALF_A_MINUTE);
      (await talk.code(early)).isIn(ada.email);

      const again = await begin().signIn({ username: ada.login, password: ada.password });
      await again.choose('google_otp');
      await refuses(again, early, 'authfactor.challenge.soft_token.used_passcode');
    },
    'passkey': async (scene) => {
      const begin = await scene.app(with_('webauthn'));
      const ada = await scene.somebody([], { enroll: ['webauthn'] });
      const key = new Passkey(new URL(REDIRECT_URI).origin);
      let talk = await begin().signIn({ username: ada.login, password: ada.password });
      await talk.choose('webauthn');
      const { activationData } = talk.authenticator.contextualData;
      (await talk.answer('enroll-authenticator', key.make(activationData.challenge))).isIn(ada.email);

      talk = await begin().signIn({ username: ada.login, password: ada.password });
      await talk.choose('webauthn');
      const { challenge } = talk.authenticator.contextualData.challengeData;
      await talk.answer('challenge-authenticator', new Passkey(key.origin).use(challenge));
      talk.isRefused('authfactor.webauthn.error.assertion_validation_failure');
      (await talk.answer('challenge-authenticator', key.use(challenge))).isIn(ada.email);
    },
    'Okta Verify, push approved by its number': async (scene) => {
      const { talk, ada } = await before(scene, 'okta_verify');
      await talk.choose('okta_verify', 'push');
      assert.equal((await talk.poll()).step, 'challenge-poll');
      const number = Number(talk.authenticator.contextualData.correctAnswer);
      await scene.org.answerPush(ada.login, { approve: true, number });
      (await talk.poll()).isIn(ada.email);
    },
    'Okta Verify, push rejected, then sent again': async (scene) => {
      const { talk, ada } = await before(scene, 'okta_verify');
      await talk.choose('okta_verify', 'push');
      await scene.org.answerPush(ada.login, { approve: false });
      await talk.poll();
      assert.deepEqual(talk.said, ['api.authn.poll.error.push_rejected']);
      await talk.answer('select-authenticator-authenticate', { authenticator: 'okta_verify' });
      await talk.choose('okta_verify', 'push');
      await scene.org.answerPush(ada.login, { approve: true });
      (await talk.poll()).isIn(ada.email);
    },
    'Okta Verify, code': async (scene) => {
      const { talk, ada } = await before(scene, 'okta_verify');
      await talk.choose('okta_verify', 'totp');
      await refuses(talk, '000000');
      (await talk.code(await scene.org.shownBy(ada.login, 'okta_verify'))).isIn(ada.email);
    },
    'YubiKey': byToken('yubikey_token'),
    'Symantec VIP': byToken('symantec_vip', UNLIKE),
    'RSA SecurID': byToken('rsa_token'),
    'custom OTP': byToken('custom_otp'),
    'Duo': async (scene) => {
      const { talk, ada } = await before(scene, 'duo');
      await talk.choose('duo');
      const code = await scene.org.shownBy(ada.login, 'duo');
      (await talk.answer('challenge-authenticator', { credentials: { signatureData: code } })).isIn(ada.email);
    },
    'temporary access code': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password-and-another' }] });
      const ada = await scene.somebody();
      const { code } = await scene.org.accessCode(ada.login);
      const talk = await begin().signIn({ username: ada.login, password: ada.password });
      await talk.choose('tac');
      await refuses(talk, code === '000000' ? '111111' : '000000');
      (await talk.code(code)).isIn(ada.email);
    },
  },

  'Identifier first, then': {
    'password': async (scene) => {
      const begin = await scene.app({
        global_session: { establish_with: 'any-factor' },
        sign_on: [{ authenticate_with: 'password' }],
      });
      const ada = await scene.somebody();
      const talk = await begin().signIn({ username: ada.login });
      await talk.choose('okta_password');
      await talk.answer('challenge-authenticator', { password: 'not-the-password' });
      assert.equal(talk.at.requestDidSucceed, false);
      (await talk.answer('challenge-authenticator', { password: ada.password })).isIn(ada.email);
    },
    ...Object.fromEntries(
      [['e-mail, code', 'okta_email', 'email'], ['phone, SMS', 'phone_number', 'sms']].map(([name, factor, method]) => [
        name,
        async (scene) => {
          const { talk, ada } = await identifierFirst(scene, factor);
          await talk.choose(factor, method);
          (await talk.code(await scene.org.code(method === 'sms' ? ada.phone : ada.email))).isIn(ada.email);
        },
      ]),
    ),
    'Google Authenticator': async (scene) => {
      const { talk, ada } = await identifierFirst(scene, 'google_otp');
      await talk.choose('google_otp');
      (await talk.code(await scene.org.shownBy(ada.login, 'google_otp'))).isIn(ada.email);
    },
    'Okta Verify, push': async (scene) => {
      const { talk, ada } = await identifierFirst(scene, 'okta_verify');
      await talk.choose('okta_verify', 'push');
      await scene.org.answerPush(ada.login, { approve: true });
      (await talk.poll()).isIn(ada.email);
    },
    'either of two factors': async (scene) => {
      const { talk, ada } = await identifierFirst(scene, 'okta_email');
      assert.deepEqual(talk.options.toSorted(), ['okta_email', 'okta_password']);
      await talk.choose('okta_email', 'email');
      await talk.choose('okta_password');
      await talk.answer('select-authenticator-authenticate', { authenticator: 'okta_password' });
      (await talk.answer('challenge-authenticator', { password: ada.password })).isIn(ada.email);
    },
  },

  'Going back': {
    'verify with something else, back and forth': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.somebody(['okta_email', 'phone_number']);
      const talk = await begin().signIn({ username: ada.login, password: ada.password });
      await talk.choose('phone_number', 'sms');
      await talk.answer('select-authenticator-authenticate', { authenticator: 'okta_email' });
      await talk.answer('select-authenticator-authenticate', { authenticator: 'phone_number' });
      await talk.choose('phone_number', 'voice');
      (await talk.code(await scene.org.code(ada.phone))).isIn(ada.email);
    },
    'resend, e-mail': async (scene) => {
      const { talk, ada } = await before(scene, 'okta_email');
      await talk.choose('okta_email', 'email');
      const old = await scene.org.code(ada.email);
      await talk.resend();
      assert.equal((await scene.org.inbox(ada.email)).length, 2);
      if (old !== (await scene.org.code(ada.email))) await refuses(talk, old);
      (await talk.code(await scene.org.code(ada.email))).isIn(ada.email);
    },
    'resend, SMS, not within thirty seconds': async (scene) => {
      const { talk, ada } = await before(scene, 'phone_number');
      await talk.choose('phone_number', 'sms');
      await talk.resend();
      talk.isRefused('errors.E0000109');
      await scene.org.later(31, async () => {
        await talk.resend();
        assert.equal((await scene.org.inbox(ada.phone)).length, 2);
      });
      (await talk.code(await scene.org.code(ada.phone))).isIn(ada.email);
    },
    'cancel at the choice, at the code and at the start': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.somebody(['okta_email', 'phone_number']);
      for (const reach of [
        (talk) => talk,
        (talk) => talk.choose('okta_email', 'email'),
        (talk) => talk.choose('phone_number', 'sms'),
      ]) {
        const talk = await begin().signIn({ username: ada.login, password: ada.password });
        await reach(talk);
        assert.equal((await talk.cancel()).at.status, 'CANCELED');
      }
      const talk = await begin().start();
      assert.equal((await talk.cancel()).at.status, 'CANCELED');
    },
  },

  'Limits': {
    'five wrong codes': async (scene) => {
      const { talk, ada } = await before(scene, 'okta_email');
      await talk.choose('okta_email', 'email');
      for (let attempt = 0; attempt < 5; attempt += 1) await refuses(talk, await scene.org.wrongCode(ada.email));
      await talk.code(await scene.org.code(ada.email));
      talk.isRefused('tooManyRequests');
    },
    'ten wrong passwords lock the account': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.somebody(['okta_email']);
      for (let attempt = 0; attempt < 10; attempt += 1) {
        (await begin().signIn({ username: ada.login, password: 'not-the-password' })).isRefused('errors.E0000004');
      }
      (await begin().signIn({ username: ada.login, password: ada.password })).isRefused('errors.E0000004');
    },
    'an expired code': async (scene) => {
      const { talk, ada } = await before(scene, 'okta_email');
      await talk.choose('okta_email', 'email');
      const code = await scene.org.code(ada.email);
      await scene.org.later(299, () => refuses(talk, code === '000000' ? '111111' : '000000'));
      await scene.org.later(301, async () => {
        await talk.code(code);
        assert.equal(talk.at.status, 'TERMINAL');
        assert.deepEqual(talk.said, ['idx.session.expired']);
      });
    },
    'an unknown user and a wrong password get the same response': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.somebody();
      for (const username of ['nobody@example.com', ada.login]) {
        const talk = await begin().signIn({ username, password: 'not-the-password' });
        talk.isRefused('errors.E0000004');
        assert.equal(talk.step, 'identify');
      }
    },
  },
};

async function identifierFirst(scene, factor) {
  const begin = await scene.app({
    global_session: { establish_with: 'any-factor' },
    sign_on: [{ authenticate_with: 'any-1-factor' }],
    enrollment: { okta_password: 'OPTIONAL', [factor]: 'OPTIONAL' },
  });
  const ada = await scene.somebody([factor]);
  const talk = await begin().signIn({ username: ada.login });
  return { talk, ada };
}
