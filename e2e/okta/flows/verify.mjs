//! Verification with second factors: each refuses a wrong answer and accepts a right one.

import assert from 'node:assert/strict';

import { Passkey } from '../../world/software-authenticator.mjs';
import { totp } from '../../world/totp.mjs';
import { only } from '../run-flows.mjs';
import { REDIRECT_URI } from '../sdk.mjs';

const INVALID = 'api.authn.error.PASSCODE_INVALID';
const UNLIKE = 'authfactor.challenge.soft_token.invalid_passcode';
const HALF_A_MINUTE = 30_000;

/** A policy: password and this factor, without enrolment. */
const with_ = (factor) => ({
  sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
  enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
});

/** Signs in a user with this factor, up to the factor. */
async function before(scene, factor, more) {
  const begin = await scene.app(with_(factor));
  const ada = await scene.newUser([factor], more);
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  return { attempt, ada, begin };
}

/** The message after a wrong code. */
async function refuses(attempt, code, key = INVALID) {
  await attempt.code(code);
  attempt.expectRefused(key);
}

function byPhone(methodType) {
  return async (scene) => {
    const { attempt, ada } = await before(scene, 'phone_number');
    await attempt.choose('phone_number', methodType);
    assert.match(attempt.authenticator.profile.phoneNumber, /^\+1 XXX-XXX-\d{4}$/);
    const [sent] = await scene.org.inbox(ada.phone);
    assert.equal(sent.channel, methodType);
    await refuses(attempt, sent.code === '000000' ? '111111' : '000000');
    (await attempt.code(sent.code)).expectSignedIn(ada.email);
  };
}

/** A code by the clock of a device that the dev org shows. */
function byToken(factor, key = INVALID) {
  return async (scene) => {
    const { attempt, ada } = await before(scene, factor);
    await attempt.choose(factor);
    await refuses(attempt, '000', key);
    (await attempt.code(await scene.org.shownBy(ada.login, factor))).expectSignedIn(ada.email);
  };
}

export const verify = {
  'Password, then': {
    'e-mail, code': async (scene) => {
      const { attempt, ada } = await before(scene, 'okta_email');
      await attempt.choose('okta_email', 'email');
      assert.match(attempt.authenticator.profile.email, /^a\*\*\*\d+@example\.com$/);
      await refuses(attempt, await scene.org.wrongCode(ada.email));
      (await attempt.code(await scene.org.code(ada.email))).expectSignedIn(ada.email);
    },
    'phone, SMS': byPhone('sms'),
    'phone, voice': byPhone('voice'),
    'either of two phones': async (scene) => {
      const second = `+1555${String(2_000_000 + scene.number)}`;
      const { attempt, ada } = await before(scene, 'phone_number', { more_phones: [second] });
      const { options } = attempt.at.neededToProceed[0].value.find(({ name }) => name === 'authenticator');
      const numbers = options.map(({ relatesTo }) => relatesTo.profile.phoneNumber.slice(-4));
      assert.deepEqual(numbers, [ada.phone.slice(-4), second.slice(-4)]);
      const valueOf = (member) => options[1].value.form.value.find(({ name }) => name === member).value;
      const authenticator = { key: 'phone_number', id: valueOf('id'), enrollmentId: valueOf('enrollmentId'), methodType: 'sms' };
      await attempt.answer('select-authenticator-authenticate', { authenticator });
      assert.equal((await scene.org.inbox(ada.phone)).length, 0);
      (await attempt.code(await scene.org.code(second))).expectSignedIn(ada.email);
    },
    'security question': async (scene) => {
      const { attempt, ada } = await before(scene, 'security_question', { answer: 'the small one' });
      await attempt.choose('security_question');
      await attempt.answer('challenge-authenticator', { answer: 'the large one' });
      attempt.expectRefused('authfactor.challenge.question_factor.answer_invalid');
      (await attempt.answer('challenge-authenticator', { answer: 'the small one' })).expectSignedIn(ada.email);
    },
    'Google Authenticator, with a clock thirty seconds fast': async (scene) => {
      const { attempt, ada, begin } = await before(scene, 'google_otp');
      await attempt.choose('google_otp');
      await refuses(attempt, '000000', UNLIKE);
      const secret = await scene.org.secretOf(ada.login, 'google_otp');
      const early = totp(secret, Date.now() + HALF_A_MINUTE);
      (await attempt.code(early)).expectSignedIn(ada.email);

      const again = await begin().signIn({ username: ada.login, password: ada.password });
      await again.choose('google_otp');
      await refuses(again, early, 'authfactor.challenge.soft_token.used_passcode');
    },
    'passkey': async (scene) => {
      const begin = await scene.app(with_('webauthn'));
      const ada = await scene.newUser([], { enroll: ['webauthn'] });
      const key = new Passkey(new URL(REDIRECT_URI).origin);
      let attempt = await begin().signIn({ username: ada.login, password: ada.password });
      await attempt.choose('webauthn');
      const { activationData } = attempt.authenticator.contextualData;
      (await attempt.answer('enroll-authenticator', key.make(activationData.challenge))).expectSignedIn(ada.email);

      attempt = await begin().signIn({ username: ada.login, password: ada.password });
      await attempt.choose('webauthn');
      const { challenge } = attempt.authenticator.contextualData.challengeData;
      await attempt.answer('challenge-authenticator', new Passkey(key.origin).use(challenge));
      attempt.expectRefused('authfactor.webauthn.error.assertion_validation_failure');
      (await attempt.answer('challenge-authenticator', key.use(challenge))).expectSignedIn(ada.email);
    },
    'Okta Verify, push approved by its number': async (scene) => {
      const { attempt, ada } = await before(scene, 'okta_verify');
      await attempt.choose('okta_verify', 'push');
      assert.equal((await attempt.poll()).step, 'challenge-poll');
      const number = Number(attempt.authenticator.contextualData.correctAnswer);
      await scene.org.answerPush(ada.login, { approve: true, number });
      (await attempt.poll()).expectSignedIn(ada.email);
    },
    'Okta Verify, push rejected, then sent again': async (scene) => {
      const { attempt, ada } = await before(scene, 'okta_verify');
      await attempt.choose('okta_verify', 'push');
      await scene.org.answerPush(ada.login, { approve: false });
      await attempt.poll();
      assert.deepEqual(attempt.messages, ['api.authn.poll.error.push_rejected']);
      await attempt.answer('select-authenticator-authenticate', { authenticator: 'okta_verify' });
      await attempt.choose('okta_verify', 'push');
      await scene.org.answerPush(ada.login, { approve: true });
      (await attempt.poll()).expectSignedIn(ada.email);
    },
    'Okta Verify, code': async (scene) => {
      const { attempt, ada } = await before(scene, 'okta_verify');
      await attempt.choose('okta_verify', 'totp');
      await refuses(attempt, '000000');
      (await attempt.code(await scene.org.shownBy(ada.login, 'okta_verify'))).expectSignedIn(ada.email);
    },
    'YubiKey': byToken('yubikey_token'),
    'Symantec VIP': byToken('symantec_vip', UNLIKE),
    'RSA SecurID': byToken('rsa_token'),
    'custom OTP': byToken('custom_otp'),
    'temporary access code': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password-and-another' }] });
      const ada = await scene.newUser();
      const { code } = await scene.org.accessCode(ada.login);
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      await attempt.choose('tac');
      await refuses(attempt, code === '000000' ? '111111' : '000000');
      (await attempt.code(code)).expectSignedIn(ada.email);
    },
  },

  'Identifier first, then': {
    'password': async (scene) => {
      const begin = await scene.app({
        global_session: { establish_with: 'any-factor' },
        sign_on: [{ authenticate_with: 'password' }],
      });
      const ada = await scene.newUser();
      const attempt = await begin().signIn({ username: ada.login });
      await attempt.choose('okta_password');
      await attempt.answer('challenge-authenticator', { password: 'not-the-password' });
      assert.equal(attempt.at.requestDidSucceed, false);
      (await attempt.answer('challenge-authenticator', { password: ada.password })).expectSignedIn(ada.email);
    },
    ...Object.fromEntries(
      [['e-mail, code', 'okta_email', 'email'], ['phone, SMS', 'phone_number', 'sms']].map(([name, factor, method]) => [
        name,
        async (scene) => {
          const { attempt, ada } = await identifierFirst(scene, factor);
          await attempt.choose(factor, method);
          (await attempt.code(await scene.org.code(method === 'sms' ? ada.phone : ada.email))).expectSignedIn(ada.email);
        },
      ]),
    ),
    'Google Authenticator': async (scene) => {
      const { attempt, ada } = await identifierFirst(scene, 'google_otp');
      await attempt.choose('google_otp');
      (await attempt.code(await scene.org.shownBy(ada.login, 'google_otp'))).expectSignedIn(ada.email);
    },
    'Okta Verify, push': async (scene) => {
      const { attempt, ada } = await identifierFirst(scene, 'okta_verify');
      await attempt.choose('okta_verify', 'push');
      await scene.org.answerPush(ada.login, { approve: true });
      (await attempt.poll()).expectSignedIn(ada.email);
    },
    'either of two factors': async (scene) => {
      const { attempt, ada } = await identifierFirst(scene, 'okta_email');
      assert.deepEqual(attempt.options.toSorted(), ['okta_email', 'okta_password']);
      await attempt.choose('okta_email', 'email');
      await attempt.choose('okta_password');
      await attempt.answer('select-authenticator-authenticate', { authenticator: 'okta_password' });
      (await attempt.answer('challenge-authenticator', { password: ada.password })).expectSignedIn(ada.email);
    },
  },

  'Before the username': {
    'a passkey, by the older button': only(({ isStepwise }) => isStepwise, async (scene) => {
      const begin = await scene.app({ passkeys: { launch: true, promotion: {} }, sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const ada = await scene.newUser();
      const key = new Passkey(new URL(REDIRECT_URI).origin);
      let attempt = await begin().signIn({ username: ada.login, password: ada.password });
      const { challenge, user } = attempt.authenticator.contextualData.activationData;
      (await attempt.answer('enroll-authenticator-promotion', { credentials: key.make(challenge) })).expectSignedIn(ada.email);

      attempt = await begin().start();
      await attempt.answer('launch-webauthn-authenticator');
      const { challengeData } = attempt.authenticator.contextualData;
      const credentials = { ...key.use(challengeData.challenge), userHandle: user.id };
      (await attempt.answer('challenge-authenticator', { credentials })).expectSignedIn(ada.email);
    }),
  },
  'Going back': {
    'verify with something else, back and forth': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.newUser(['okta_email', 'phone_number']);
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      await attempt.choose('phone_number', 'sms');
      await attempt.answer('select-authenticator-authenticate', { authenticator: 'okta_email' });
      await attempt.answer('select-authenticator-authenticate', { authenticator: 'phone_number' });
      await attempt.choose('phone_number', 'voice');
      (await attempt.code(await scene.org.code(ada.phone))).expectSignedIn(ada.email);
    },
    'resend, e-mail': async (scene) => {
      const { attempt, ada } = await before(scene, 'okta_email');
      await attempt.choose('okta_email', 'email');
      const old = await scene.org.code(ada.email);
      await attempt.resend();
      assert.equal((await scene.org.inbox(ada.email)).length, 2);
      if (old !== (await scene.org.code(ada.email))) await refuses(attempt, old);
      (await attempt.code(await scene.org.code(ada.email))).expectSignedIn(ada.email);
    },
    'resend, SMS, not within thirty seconds': async (scene) => {
      const { attempt, ada } = await before(scene, 'phone_number');
      await attempt.choose('phone_number', 'sms');
      await attempt.resend();
      attempt.expectRefused('errors.E0000109');
      await scene.org.later(31, async () => {
        await attempt.resend();
        assert.equal((await scene.org.inbox(ada.phone)).length, 2);
      });
      (await attempt.code(await scene.org.code(ada.phone))).expectSignedIn(ada.email);
    },
    'cancel at the choice, at the code and at the start': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.newUser(['okta_email', 'phone_number']);
      for (const reach of [
        (attempt) => attempt,
        (attempt) => attempt.choose('okta_email', 'email'),
        (attempt) => attempt.choose('phone_number', 'sms'),
      ]) {
        const attempt = await begin().signIn({ username: ada.login, password: ada.password });
        await reach(attempt);
        assert.equal((await attempt.cancel()).at.status, 'CANCELED');
      }
      const attempt = await begin().start();
      assert.equal((await attempt.cancel()).at.status, 'CANCELED');
    },
  },

  'Limits': {
    'five wrong codes': async (scene) => {
      const { attempt, ada } = await before(scene, 'okta_email');
      await attempt.choose('okta_email', 'email');
      for (let tries = 0; tries < 5; tries += 1) await refuses(attempt, await scene.org.wrongCode(ada.email));
      await attempt.code(await scene.org.code(ada.email));
      attempt.expectRefused('tooManyRequests');
    },
    'ten wrong passwords lock the account': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.newUser(['okta_email']);
      for (let tries = 0; tries < 10; tries += 1) {
        (await begin().signIn({ username: ada.login, password: 'not-the-password' })).expectRefused('errors.E0000004');
      }
      (await begin().signIn({ username: ada.login, password: ada.password })).expectRefused('errors.E0000004');
    },
    'an expired code': async (scene) => {
      const { attempt, ada } = await before(scene, 'okta_email');
      await attempt.choose('okta_email', 'email');
      const code = await scene.org.code(ada.email);
      await scene.org.later(299, () => refuses(attempt, code === '000000' ? '111111' : '000000'));
      await scene.org.later(301, async () => {
        await attempt.code(code);
        assert.equal(attempt.at.status, 'TERMINAL');
        assert.deepEqual(attempt.messages, ['idx.session.expired']);
      });
    },
    'an unknown user and a wrong password get the same response': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.newUser();
      for (const username of ['nobody@example.com', ada.login]) {
        const attempt = await begin().signIn({ username, password: 'not-the-password' });
        attempt.expectRefused('errors.E0000004');
        assert.equal(attempt.step, 'identify');
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
  const ada = await scene.newUser([factor]);
  const attempt = await begin().signIn({ username: ada.login });
  return { attempt, ada };
}
