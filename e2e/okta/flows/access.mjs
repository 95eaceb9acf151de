//! What an org asks once the user is known: consent, a better device, factors that will be required; and codes with letters.

import assert from 'node:assert/strict';

import { only } from '../run-flows.mjs';

const PASSWORD = { sign_on: [{ authenticate_with: 'password' }], enrollment: { okta_password: 'REQUIRED' } };
const DEVICE = 'idx.error.code.access_denied.device_assurance.remediation';

/** Steps that the SDK does not know. Step mode answers them by name. */
const byName = (play) => only(({ isStepwise }) => isStepwise, play);

/** A user after the password, at an application with these policies. */
async function signIn(scene, policies, factors) {
  const begin = await scene.app({ ...PASSWORD, ...policies });
  const ada = await scene.newUser(factors);
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  return { attempt, ada };
}

export const access = {
  'Access': {
    'consent to all scopes': byName(async (scene) => {
      const { attempt, ada } = await signIn(scene, { consent: 'user' });
      assert.deepEqual(attempt.steps, ['consent']);
      const scopes = attempt.at.neededToProceed[0].scopes.map(({ name }) => name);
      assert.deepEqual(scopes.toSorted(), ['email', 'offline_access', 'openid', 'profile']);
      (await attempt.answer('consent', { consent: true })).expectSignedIn(ada.email);
    }),
    'consent, scope by scope': byName(async (scene) => {
      const { attempt } = await signIn(scene, { consent: 'granular' });
      assert.deepEqual(attempt.steps, ['granular-consent']);
      const optedScopes = { openid: true, profile: true, email: false, offline_access: false };
      (await attempt.answer('granular-consent', { consent: true, optedScopes })).expectSignedIn();
      const { accessToken, idToken, refreshToken } = attempt.at.tokens;
      assert.deepEqual(accessToken.scopes.toSorted(), ['openid', 'profile']);
      assert.deepEqual([idToken.claims.email, refreshToken], [undefined, undefined]);
    }),
    'whether to stay signed in': byName(async (scene) => {
      const { attempt, ada } = await signIn(scene, { global_session: { ask_after_sign_in: true } });
      assert.deepEqual(attempt.steps, ['keep-me-signed-in']);
      (await attempt.answer('keep-me-signed-in', { keepMeSignedIn: true })).expectSignedIn(ada.email);
    }),
    'a step that no client knows': byName(async (scene) => {
      const attributes = [{ name: 'seat', label: 'Seat', required: true, pattern: '[A-F][0-9]+' }];
      const messages = [{ key: 'shop.rules', text: 'Shoes off, please.', class: 'WARNING' }];
      const { attempt, ada } = await signIn(scene, { scripted_step: { name: 'accept-house-rules', attributes, messages } });
      assert.deepEqual([attempt.steps, attempt.messages], [['accept-house-rules'], ['shop.rules']]);
      await attempt.answer('accept-house-rules', { seat: '9' });
      assert.equal(attempt.at.requestDidSucceed, false);
      (await attempt.answer('accept-house-rules', { seat: 'C12' })).expectSignedIn(ada.email);
    }),
    'a device that does not fulfil the policy': async (scene) => {
      const { attempt } = await signIn(scene, { device_assurance: {} });
      assert.equal(attempt.at.status, 'TERMINAL');
      assert.equal(attempt.messages[0], `${DEVICE}.title`);
      const linked = attempt.at.messages.filter(({ links }) => links);
      assert.ok(linked.length > 0 && linked.every(({ links }) => links[0].url.startsWith('https://')));
    },
    'a device in its grace period': byName(async (scene) => {
      const { attempt, ada } = await signIn(scene, { device_assurance: { grace_days: 7 } });
      assert.deepEqual(attempt.steps, ['device-assurance-grace-period']);
      assert.equal(attempt.at.messages[0].class, 'WARNING');
      (await attempt.answer('device-assurance-grace-period')).expectSignedIn(ada.email);
    }),
    'a required authenticator in its grace period, skipped': async (scene) => {
      const enrollment = { okta_password: 'REQUIRED', security_question: 'REQUIRED' };
      const { attempt, ada } = await signIn(scene, { enrollment, enrollment_grace: { security_question: { skips: 1 } } });
      assert.deepEqual([attempt.steps, attempt.options], [['select-authenticator-enroll', 'skip'], ['security_question']]);
      (await attempt.skip()).expectSignedIn(ada.email);
    },
    'a mailed code of ten letters and digits': async (scene) => {
      const policies = {
        sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_email'] }],
        enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' },
        email_code: { format: 'alphanumeric', length: 10 },
      };
      const { attempt, ada } = await signIn(scene, policies, ['okta_email']);
      await attempt.choose('okta_email', 'email');
      const [field] = attempt.at.neededToProceed[0].value[0].form.value;
      assert.deepEqual([field.format, field.minLength, field.maxLength], ['alphanumeric', 10, 10]);
      const code = await scene.org.code(ada.email);
      assert.match(code, /^[A-Z0-9]{10}$/);
      (await attempt.code(code.toLowerCase())).expectSignedIn(ada.email);
    },
  },
};
