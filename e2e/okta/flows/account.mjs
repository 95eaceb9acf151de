//! Sign-up, invitation, recovery, unlock, expired passwords, incomplete profiles and policies.

import assert from 'node:assert/strict';

import { Passkey } from '../../world/software-authenticator.mjs';
import { totp } from '../../world/totp.mjs';
import { only } from '../run-flows.mjs';
import { REDIRECT_URI } from '../sdk.mjs';

const PASSWORD = 'Battery-Staple-7';
const NEW = 'Another-Horse-3';
const PASSWORD_ALONE = { sign_on: [{ authenticate_with: 'password' }] };

/** A new user. */
function stranger({ number }) {
  return { firstName: 'Grace', lastName: 'Hopper', email: `grace${number}@example.com` };
}

/** Signs up with a profile and a password, up to the next authenticator. */
async function signUp(scene, enrollment, more = {}) {
  const begin = await scene.app({ ...PASSWORD_ALONE, enrollment: { okta_password: 'REQUIRED', ...enrollment }, ...more });
  const grace = stranger(scene);
  const attempt = await begin().register();
  await attempt.answer('enroll-profile', grace);
  assert.deepEqual([attempt.steps, attempt.options], [['select-authenticator-enroll'], ['okta_password']]);
  await attempt.choose('okta_password');
  await attempt.answer('enroll-authenticator', { password: 'short' });
  attempt.expectRefused('password.passwordRequirementsNotMet');
  await attempt.answer('enroll-authenticator', { password: PASSWORD });
  return { attempt, grace, begin };
}

/** Signs up, verifies the e-mail address, and enrols one optional authenticator. */
function signUpWith(factor, setUp) {
  return async (scene) => {
    const { attempt, grace } = await signUp(scene, { okta_email: 'REQUIRED', [factor]: 'OPTIONAL' });
    await attempt.choose('okta_email');
    await attempt.code(await scene.org.code(grace.email));
    assert.ok(attempt.steps.includes('skip'));
    await attempt.choose(factor);
    await setUp(attempt, scene, grace);
    attempt.expectSignedIn(grace.email);
  };
}

async function recovery(scene, factor, policy = {}) {
  const begin = await scene.app({
    ...PASSWORD_ALONE,
    password: { recovery: ['okta_email', 'phone_number'], ...policy },
  });
  const ada = await scene.newUser(factor ? [factor] : [], { answer: 'the small one' });
  return { begin, ada };
}

/** Resets a forgotten password with one of the factors. */
function recoverBy(factor, method) {
  return async (scene) => {
    const { begin, ada } = await recovery(scene, factor);
    const attempt = await begin().recover();
    await attempt.answer('identify-recovery', { username: ada.login });
    await attempt.choose(factor, method);
    await attempt.code(await scene.org.code(factor === 'okta_email' ? ada.email : ada.phone));
    assert.equal(attempt.step, 'reset-authenticator');
    await attempt.answer('reset-authenticator', { password: 'short' });
    attempt.expectRefused('password.passwordRequirementsNotMet');
    (await attempt.answer('reset-authenticator', { password: NEW, revokeSessions: true })).expectSignedIn(ada.email);
    (await begin().signIn({ username: ada.login, password: ada.password })).expectRefused('errors.E0000004');
    (await begin().signIn({ username: ada.login, password: NEW })).expectSignedIn(ada.email);
  };
}

/** Unlocks an account with one of the factors. */
function unlockBy(factor, method, goesOn = false) {
  return async (scene) => {
    const begin = await scene.app({ ...PASSWORD_ALONE, password: { unlock_continues_to_app: goesOn } });
    const ada = await scene.newUser([factor], { status: 'LOCKED_OUT' });
    (await begin().signIn({ username: ada.login, password: ada.password })).expectRefused('errors.E0000004');
    const attempt = await begin().unlock();
    await attempt.answer('select-authenticator-unlock-account', { username: ada.login, authenticator: factor, methodType: method });
    await attempt.code(await scene.org.code(factor === 'okta_email' ? ada.email : ada.phone));
    if (goesOn) {
      assert.deepEqual(attempt.messages, ['oie.selfservice.unlock_user.landing.to.app.success.message']);
      return (await attempt.answer('challenge-authenticator', { password: ada.password })).expectSignedIn(ada.email);
    }
    assert.equal(attempt.at.status, 'TERMINAL');
    assert.deepEqual(attempt.messages, ['oie.selfservice.unlock_user.success.message']);
    (await begin().signIn({ username: ada.login, password: ada.password })).expectSignedIn(ada.email);
  };
}

// A public client may not send an activation token.
const confidential = (tell) => only(({ isConfidential }) => isConfidential, tell);

export const account = {
  'Sign up': {
    'password and e-mail, phone skipped': async (scene) => {
      const { attempt, grace } = await signUp(scene, { okta_email: 'REQUIRED', phone_number: 'OPTIONAL' });
      assert.deepEqual(attempt.steps, ['select-authenticator-enroll'], 'what is required is not skipped');
      await attempt.choose('okta_email');
      await attempt.code(await scene.org.wrongCode(grace.email));
      attempt.expectRefused('api.authn.error.PASSCODE_INVALID');
      await attempt.code(await scene.org.code(grace.email));
      assert.deepEqual([attempt.steps, attempt.options], [['select-authenticator-enroll', 'skip'], ['phone_number']]);
      (await attempt.skip()).expectSignedIn(grace.email);
    },
    'phone, SMS': signUpWith('phone_number', async (attempt, scene) => {
      const phoneNumber = `+1555${2_000_000 + scene.number}`;
      await attempt.answer('authenticator-enrollment-data', { methodType: 'sms', phoneNumber: '+1' });
      attempt.expectRefused('api.factors.error.sms.invalid_phone');
      await attempt.answer('authenticator-enrollment-data', { methodType: 'sms', phoneNumber });
      await attempt.code(await scene.org.code(phoneNumber));
    }),
    'phone, voice': signUpWith('phone_number', async (attempt, scene) => {
      const phoneNumber = `+1555${2_000_000 + scene.number}`;
      await attempt.answer('authenticator-enrollment-data', { methodType: 'voice', phoneNumber });
      await attempt.code(await scene.org.code(phoneNumber));
    }),
    'security question': signUpWith('security_question', (attempt) =>
      attempt.answer('enroll-authenticator', { questionKey: 'disliked_food', answer: 'the small one' }),
    ),
    'Google Authenticator': signUpWith('google_otp', (attempt) =>
      attempt.code(totp(attempt.authenticator.contextualData.sharedSecret, Date.now())),
    ),
    'passkey': signUpWith('webauthn', (attempt) => {
      const { challenge } = attempt.authenticator.contextualData.activationData;
      return attempt.answer('enroll-authenticator', new Passkey(new URL(REDIRECT_URI).origin).make(challenge));
    }),
    'Okta Verify': signUpWith('okta_verify', async (attempt, scene, grace) => {
      await scene.org.pair(grace.email);
      await attempt.poll();
    }),
    'e-mail alone, optional password skipped': async (scene) => {
      const begin = await scene.app({
        global_session: { establish_with: 'any-factor' },
        sign_on: [{ authenticate_with: 'any-1-factor' }],
        enrollment: { okta_email: 'REQUIRED', okta_password: 'OPTIONAL' },
      });
      const grace = stranger(scene);
      const attempt = await begin().register();
      await attempt.answer('enroll-profile', grace);
      if (attempt.step === 'select-authenticator-enroll') await attempt.choose('okta_email');
      await attempt.code(await scene.org.code(grace.email));
      assert.deepEqual([attempt.steps, attempt.options], [['select-authenticator-enroll', 'skip'], ['okta_password']]);
      (await attempt.skip()).expectSignedIn(grace.email);
    },
    'without e-mail verification': async (scene) => {
      const { attempt, grace } = await signUp(scene, { phone_number: 'OPTIONAL' }, { profile: { email_verification: false } });
      assert.deepEqual([attempt.steps, attempt.options], [['select-authenticator-enroll', 'skip'], ['phone_number']]);
      (await attempt.skip()).expectSignedIn();
      assert.notEqual(attempt.at.tokens.idToken.claims.email_verified, true);
      assert.deepEqual(await scene.org.inbox(grace.email), []);
    },
    'an invalid address and one that is taken': async (scene) => {
      const begin = await scene.app();
      const grace = stranger(scene);
      const ada = await scene.newUser();
      const attempt = await begin().register();
      await attempt.answer('enroll-profile', { ...grace, email: 'no-email' });
      assert.deepEqual(attempt.messages, ['registration.error.invalidLoginEmail', 'registration.error.doesNotMatchPattern']);
      await attempt.answer('enroll-profile', { ...grace, email: ada.email });
      assert.deepEqual(attempt.messages, ['registration.error.notUniqueWithinOrg']);
    },
    'custom attributes': async (scene) => {
      const attributes = [
        { name: 'email', label: 'Email', required: true },
        { name: 'plate', label: 'Plate', pattern: '[A-Z]{2}[0-9]+', required: true },
        { name: 'size', label: 'Size', enum: ['S', 'M'], required: true },
        { name: 'age', label: 'Age', type: 'number' },
        { name: 'news', label: 'News', type: 'boolean' },
      ];
      const begin = await scene.app({ ...PASSWORD_ALONE, profile: { email_verification: false, attributes } });
      const { email } = stranger(scene);
      const attempt = await begin().register();
      const right = { email, plate: 'AB12', size: 'M', age: 42, news: true };
      for (const [wrong, key] of [
        [{ plate: 'ab' }, 'registration.error.doesNotMatchPattern'],
        [{ size: 'XL' }, 'registration.error.doesNotMatchPattern'],
        [{ age: true }, 'registration.error.typeMismatch'],
      ]) {
        await attempt.answer('enroll-profile', { ...right, ...wrong });
        attempt.expectRefused(key);
      }
      await attempt.answer('enroll-profile', right);
      assert.equal(attempt.step, 'select-authenticator-enroll');
    },
    'refused if the policy forbids it': async (scene) => {
      const begin = await scene.app({ profile: { self_service_registration: false } });
      const attempt = await begin().start();
      assert.ok(!attempt.at.enabledFeatures.includes('enroll-profile'));
    },
  },

  'Invitation': {
    'activation token': confidential(async (scene) => {
      const begin = await scene.app(PASSWORD_ALONE);
      const ada = await scene.newUser([], { password: undefined, status: 'STAGED' });
      const { activationToken } = await scene.org.invite(ada.login, 'activate');
      const attempt = await begin({ activationToken }).startWithToken({ activationToken });
      await attempt.choose('okta_password');
      await attempt.answer('enroll-authenticator', { password: PASSWORD });
      await attempt.choose('okta_email');
      await attempt.code(await scene.org.code(ada.email));
      (await attempt.skip()).expectSignedIn(ada.email);
      (await begin().signIn({ username: ada.login, password: PASSWORD })).expectSignedIn(ada.email);
    }),
    'activation token, with e-mail as the second factor': confidential(async (scene) => {
      const begin = await scene.app();
      const ada = await scene.newUser(['okta_email'], { password: undefined, status: 'STAGED' });
      const { activationToken } = await scene.org.invite(ada.login, 'activate');
      const attempt = await begin({ activationToken }).startWithToken({ activationToken });
      await attempt.choose('okta_password');
      await attempt.answer('enroll-authenticator', { password: PASSWORD });
      (await attempt.skip()).expectSignedIn(ada.email);
    }),
    'invalid activation token': confidential(async (scene) => {
      const begin = await scene.app();
      await assert.rejects(begin({ activationToken: 'none' }).startWithToken({ activationToken: 'none' }), /activation token is invalid/);
    }),
    'recovery token': async (scene) => {
      const begin = await scene.app(PASSWORD_ALONE);
      const ada = await scene.newUser();
      const { recoveryToken } = await scene.org.invite(ada.login, 'recover');
      const attempt = await begin({ recoveryToken }).startWithToken({ recoveryToken });
      assert.equal(attempt.step, 'reset-authenticator');
      (await attempt.answer('reset-authenticator', { password: NEW })).expectSignedIn(ada.email);
    },
  },

  'Forgotten password': {
    'e-mail': recoverBy('okta_email', 'email'),
    'phone, SMS': recoverBy('phone_number', 'sms'),
    'phone, voice': recoverBy('phone_number', 'voice'),
    'e-mail and the security question': async (scene) => {
      const { begin, ada } = await recovery(scene, 'security_question', { recovery_additional_question: true });
      const attempt = await begin().recover();
      await attempt.answer('identify-recovery', { username: ada.login });
      await attempt.choose('okta_email', 'email');
      await attempt.code(await scene.org.code(ada.email));
      assert.equal(attempt.step, 'challenge-authenticator');
      await attempt.answer('challenge-authenticator', { answer: 'the large one' });
      attempt.expectRefused('authfactor.challenge.question_factor.answer_invalid');
      await attempt.answer('challenge-authenticator', { answer: 'the small one' });
      (await attempt.answer('reset-authenticator', { password: NEW })).expectSignedIn(ada.email);
    },
    'an unknown user gets the same steps and cannot finish': async (scene) => {
      const { begin } = await recovery(scene);
      const attempt = await begin().recover();
      await attempt.answer('identify-recovery', { username: 'nobody@example.com' });
      await attempt.choose('okta_email', 'email');
      await attempt.code('123456');
      attempt.expectRefused('api.authn.error.PASSCODE_INVALID');
    },
    'a locked account is unlocked': async (scene) => {
      const { begin } = await recovery(scene);
      const ada = await scene.newUser([], { status: 'LOCKED_OUT' });
      const attempt = await begin().recover();
      await attempt.answer('identify-recovery', { username: ada.login });
      await attempt.choose('okta_email', 'email');
      await attempt.code(await scene.org.code(ada.email));
      (await attempt.answer('reset-authenticator', { password: NEW })).expectSignedIn(ada.email);
    },
    // In step mode the SDK fails on a terminal response after a form that it does not know.
    'recovery that does not continue to the app ends with a message': only(({ isStepwise }) => !isStepwise, async (scene) => {
      const { begin, ada } = await recovery(scene, null, { recovery_continues_to_app: false });
      const attempt = await begin().recover();
      await attempt.answer('identify-recovery', { username: ada.login });
      await attempt.choose('okta_email', 'email');
      await attempt.code(await scene.org.code(ada.email));
      await attempt.answer('reset-authenticator', { password: NEW });
      assert.deepEqual([attempt.at.status, attempt.messages], ['TERMINAL', ['idx.recovery.completed']]);
    }),
    'refused if the policy forbids it': async (scene) => {
      const begin = await scene.app({ password: { recovery: [] } });
      assert.ok(!(await begin().start()).at.enabledFeatures.includes('recover-password'));
    },
  },

  'Locked account': {
    'e-mail': unlockBy('okta_email', 'email'),
    'phone, SMS': unlockBy('phone_number', 'sms'),
    'phone, voice': unlockBy('phone_number', 'voice'),
    'e-mail, continuing to the app': unlockBy('okta_email', 'email', true),
    // It also fails on a terminal response to a poll.
    'e-mail, by magic link': only(({ isStepwise }) => !isStepwise, async (scene) => {
      const begin = await scene.app(PASSWORD_ALONE);
      const ada = await scene.newUser(['okta_email'], { status: 'LOCKED_OUT' });
      const attempt = await begin().unlock();
      await attempt.answer('select-authenticator-unlock-account', { username: ada.login, authenticator: 'okta_email', methodType: 'email' });
      const [{ link }] = await scene.org.inbox(ada.email);
      assert.equal((await fetch(link)).status, 200);
      await attempt.poll();
      assert.deepEqual(attempt.messages, ['oie.selfservice.unlock_user.success.message']);
    }),
  },

  'Password expiry': {
    'expired': async (scene) => {
      const begin = await scene.app();
      const ada = await scene.newUser(['okta_email'], { status: 'PASSWORD_EXPIRED' });
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      assert.equal(attempt.step, 'reenroll-authenticator');
      await attempt.answer('reenroll-authenticator', { newPassword: ada.password });
      attempt.expectRefused('password.passwordRequirementsNotMet');
      await attempt.answer('reenroll-authenticator', { newPassword: NEW });
      await attempt.choose('okta_email', 'email');
      (await attempt.code(await scene.org.code(ada.email))).expectSignedIn(ada.email);
    },
    'about to expire, kept': async (scene) => {
      const { attempt, ada } = await expiring(scene);
      (await attempt.skip()).expectSignedIn(ada.email);
    },
    'about to expire, changed': async (scene) => {
      const { attempt, ada } = await expiring(scene);
      (await attempt.answer('reenroll-authenticator-warning', { newPassword: NEW })).expectSignedIn(ada.email);
    },
  },

  'Step-up and policies': {
    'step-up by acr_values': async (scene) => {
      const begin = await scene.app(PASSWORD_ALONE);
      const ada = await scene.newUser(['okta_email']);
      (await begin().signIn({ username: ada.login, password: ada.password })).expectSignedIn(ada.email);
      const attempt = await begin({ acrValues: 'urn:okta:loa:2fa:any' }).signIn({ username: ada.login, password: ada.password });
      await attempt.choose('okta_email', 'email');
      (await attempt.code(await scene.org.code(ada.email))).expectSignedIn(ada.email);
      assert.equal(attempt.at.tokens.idToken.claims.acr, 'urn:okta:loa:2fa:any');
    },
    'rules by group': async (scene) => {
      const [denied, staff, other] = [
        await scene.newUser([], { groups: ['Contractors'] }),
        await scene.newUser([], { groups: ['Staff'] }),
        await scene.newUser(['okta_email']),
      ];
      const begin = await scene.app({
        sign_on: [
          { groups: ['Contractors'], access: 'DENIED' },
          { groups: ['Staff'], authenticate_with: 'password' },
          { authenticate_with: 'password-and-another' },
        ],
      });
      const signIn = ({ login, password }) => begin().signIn({ username: login, password });
      assert.deepEqual((await signIn(denied)).messages, ['security.access_denied']);
      (await signIn(staff)).expectSignedIn(staff.email);
      assert.equal((await signIn(other)).step, 'authenticator-verification-data');
    },
    'a profile without a required attribute': async (scene) => {
      const { attempt, ada } = await incomplete(scene, true);
      assert.deepEqual(attempt.steps, ['profile-update']);
      (await attempt.answer('profile-update', { userProfile: { colour: 'mauve' } })).expectRefused('registration.error.doesNotMatchPattern');
      (await attempt.answer('profile-update', { userProfile: { colour: 'blue' } })).expectSignedIn(ada.email);
    },
    'a profile without an optional attribute': async (scene) => {
      const { attempt, ada } = await incomplete(scene, false);
      assert.deepEqual(attempt.steps, ['profile-update', 'skip']);
      (await attempt.answer('skip', { skip: true })).expectSignedIn(ada.email);
    },
  },
};

async function expiring(scene) {
  const begin = await scene.app({ ...PASSWORD_ALONE, password: { expire_after_days: 30, warn_before_days: 7 } });
  const ada = await scene.newUser([], { password_age_days: 25 });
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  assert.deepEqual([attempt.steps, attempt.messages], [['reenroll-authenticator-warning', 'skip'], ['idx.password.expiring.message']]);
  assert.equal(attempt.authenticator.settings.daysToExpiry, 5);
  return { attempt, ada };
}

/** The SDK does not know this form in a sign-in flow, so the attempt begins without a flow. */
async function incomplete(scene, required) {
  const begin = await scene.app({
    ...PASSWORD_ALONE,
    profile: { progressive: true, attributes: [{ name: 'colour', label: 'Colour', required, enum: ['red', 'blue'] }] },
  });
  const ada = await scene.newUser();
  const attempt = await begin().start();
  await attempt.answer('identify', { username: ada.login, password: ada.password });
  return { attempt, ada };
}
