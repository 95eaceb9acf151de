//! Okta's four guides for embedded sign-in, to the letter: each step that they name, with its inputs.

import assert from 'node:assert/strict';

import { MARY } from '../../world/org.mjs';
import { only } from '../run-flows.mjs';

// The applications of the guides are public clients.
const isPublic = (play) => only(({ isConfidential }) => !isConfidential, play);

const CREDENTIALS = { username: MARY.login, password: MARY.password };

/** The steps of the wire where the attempt stands, without those that lead back to an earlier choice. */
const at = (attempt, ...steps) => assert.deepEqual(attempt.steps.slice(0, steps.length), steps);

/** The names of the fields inside the first field of the first form. */
const fields = (attempt) => {
  const [{ form }] = attempt.at.neededToProceed[0].value;
  return form.value.map(({ name }) => name);
};

/** A list of authenticators of just these, and nothing else to do but what is listed. */
function lists(attempt, steps, options) {
  assert.deepEqual(attempt.steps, steps);
  assert.deepEqual(attempt.options, options);
}

async function register(scene, clientId) {
  const grace = { firstName: 'Grace', lastName: 'Hopper', email: `walked${scene.number}@example.com` };
  const attempt = await scene.attempt({ clientId }).register();
  at(attempt, 'enroll-profile');
  assert.deepEqual(fields(attempt), ['firstName', 'lastName', 'email']);
  await attempt.answer('enroll-profile', grace);
  return { attempt, grace };
}

/** As far as the optional phone. */
async function untilPhone(scene) {
  const { attempt, grace } = await register(scene, 'guide-registration');
  lists(attempt, ['select-authenticator-enroll'], ['okta_password']);
  await attempt.choose('okta_password');
  at(attempt, 'enroll-authenticator');
  await attempt.answer('enroll-authenticator', { password: MARY.password });
  lists(attempt, ['select-authenticator-enroll'], ['okta_email', 'phone_number']);
  await attempt.choose('okta_email');
  at(attempt, 'enroll-authenticator');
  assert.deepEqual(fields(attempt), ['passcode']);
  await attempt.code(await scene.org.code(grace.email));
  lists(attempt, ['select-authenticator-enroll', 'skip'], ['phone_number']);
  return { attempt, grace };
}

export const guides = {
  'Guide to the letter': {
    'password and phone': isPublic(async (scene) => {
      const attempt = await scene.attempt({ clientId: 'guide-password-phone' }).signIn(CREDENTIALS);
      lists(attempt, ['select-authenticator-authenticate'], ['phone_number']);
      await attempt.answer(attempt.step, { authenticator: 'phone_number' });
      at(attempt, 'authenticator-verification-data');
      await attempt.answer(attempt.step, { methodType: 'sms' });
      at(attempt, 'challenge-authenticator');
      assert.deepEqual([attempt.authenticator.key, fields(attempt)], ['phone_number', ['passcode']]);
      (await attempt.code(await scene.org.code(MARY.phone))).expectSignedIn(MARY.email);
    }),
    'password and e-mail': isPublic(async (scene) => {
      const attempt = await scene.attempt({ clientId: 'guide-password-email' }).signIn(CREDENTIALS);
      lists(attempt, ['select-authenticator-authenticate'], ['okta_email']);
      await attempt.answer(attempt.step, { authenticator: 'okta_email' });
      at(attempt, 'challenge-authenticator');
      assert.deepEqual([attempt.authenticator.key, fields(attempt)], ['okta_email', ['passcode']]);
      (await attempt.code(await scene.org.code(MARY.email))).expectSignedIn(MARY.email);
    }),
    'e-mail only': isPublic(async (scene) => {
      const attempt = await scene.attempt({ clientId: 'guide-email-only' }).signIn({ username: MARY.login });
      at(attempt, 'challenge-authenticator');
      assert.deepEqual([attempt.authenticator.type, attempt.authenticator.key], ['email', 'okta_email']);
      (await attempt.code(await scene.org.code(MARY.email))).expectSignedIn(MARY.email);
    }),
    'e-mail only, by the mailed link': isPublic(async (scene) => {
      const attempt = await scene.attempt({ clientId: 'guide-email-only' }).signIn({ username: MARY.login });
      at(attempt, 'challenge-authenticator');
      const [{ link }] = await scene.org.inbox(MARY.email);
      assert.equal((await fetch(link)).status, 200);
      (await attempt.poll()).expectSignedIn(MARY.email);
    }),
    'registration without the phone': isPublic(async (scene) => {
      const { attempt, grace } = await untilPhone(scene);
      (await attempt.skip()).expectSignedIn(grace.email);
    }),
    'registration with the phone': isPublic(async (scene) => {
      const { attempt, grace } = await untilPhone(scene);
      await attempt.choose('phone_number');
      at(attempt, 'authenticator-enrollment-data');
      assert.deepEqual(fields(attempt), ['id', 'methodType', 'phoneNumber']);
      const phoneNumber = `+1555${4_000_000 + scene.number}`;
      await attempt.answer(attempt.step, { methodType: 'sms', phoneNumber });
      at(attempt, 'enroll-authenticator');
      (await attempt.code(await scene.org.code(phoneNumber))).expectSignedIn(grace.email);
    }),
  },
};
