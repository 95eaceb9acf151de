//! Okta's four guides for embedded sign-in, to the letter: each step that they name, with its inputs.

import assert from 'node:assert/strict';

import { MARY } from '../../world/org.mjs';
import { only } from '../play.mjs';

// The applications of the guides are public clients.
const isPublic = (play) => only(({ isConfidential }) => !isConfidential, play);

const CREDENTIALS = { username: MARY.login, password: MARY.password };

/** The steps of the wire where the attempt stands, without those that lead back to an earlier choice. */
const at = (talk, ...steps) => assert.deepEqual(talk.steps.slice(0, steps.length), steps);

/** The names of the fields inside the first field of the first form. */
const fields = (talk) => {
  const [{ form }] = talk.at.neededToProceed[0].value;
  return form.value.map(({ name }) => name);
};

/** A list of authenticators of just these, and nothing else to do but what is listed. */
function lists(talk, steps, options) {
  assert.deepEqual(talk.steps, steps);
  assert.deepEqual(talk.options, options);
}

async function register(scene, clientId) {
  const grace = { firstName: 'Grace', lastName: 'Hopper', email: `walked${scene.number}@example.com` };
  const talk = await scene.talk({ clientId }).register();
  at(talk, 'enroll-profile');
  assert.deepEqual(fields(talk), ['firstName', 'lastName', 'email']);
  await talk.answer('enroll-profile', grace);
  return { talk, grace };
}

/** As far as the optional phone. */
async function untilPhone(scene) {
  const { talk, grace } = await register(scene, 'guide-registration');
  lists(talk, ['select-authenticator-enroll'], ['okta_password']);
  await talk.choose('okta_password');
  at(talk, 'enroll-authenticator');
  await talk.answer('enroll-authenticator', { password: MARY.password });
  lists(talk, ['select-authenticator-enroll'], ['okta_email', 'phone_number']);
  await talk.choose('okta_email');
  at(talk, 'enroll-authenticator');
  assert.deepEqual(fields(talk), ['passcode']);
  await talk.code(await scene.org.code(grace.email));
  lists(talk, ['select-authenticator-enroll', 'skip'], ['phone_number']);
  return { talk, grace };
}

export const guides = {
  'Guide to the letter': {
    'password and phone': isPublic(async (scene) => {
      const talk = await scene.talk({ clientId: 'guide-password-phone' }).signIn(CREDENTIALS);
      lists(talk, ['select-authenticator-authenticate'], ['phone_number']);
      await talk.answer(talk.step, { authenticator: 'phone_number' });
      at(talk, 'authenticator-verification-data');
      await talk.answer(talk.step, { methodType: 'sms' });
      at(talk, 'challenge-authenticator');
      assert.deepEqual([talk.authenticator.key, fields(talk)], ['phone_number', ['passcode']]);
      (await talk.code(await scene.org.code(MARY.phone))).isIn(MARY.email);
    }),
    'password and e-mail': isPublic(async (scene) => {
      const talk = await scene.talk({ clientId: 'guide-password-email' }).signIn(CREDENTIALS);
      lists(talk, ['select-authenticator-authenticate'], ['okta_email']);
      await talk.answer(talk.step, { authenticator: 'okta_email' });
      at(talk, 'challenge-authenticator');
      assert.deepEqual([talk.authenticator.key, fields(talk)], ['okta_email', ['passcode']]);
      (await talk.code(await scene.org.code(MARY.email))).isIn(MARY.email);
    }),
    'e-mail only': isPublic(async (scene) => {
      const talk = await scene.talk({ clientId: 'guide-email-only' }).signIn({ username: MARY.login });
      at(talk, 'challenge-authenticator');
      assert.deepEqual([talk.authenticator.type, talk.authenticator.key], ['email', 'okta_email']);
      (await talk.code(await scene.org.code(MARY.email))).isIn(MARY.email);
    }),
    'e-mail only, by the mailed link': isPublic(async (scene) => {
      const talk = await scene.talk({ clientId: 'guide-email-only' }).signIn({ username: MARY.login });
      at(talk, 'challenge-authenticator');
      const [{ link }] = await scene.org.inbox(MARY.email);
      assert.equal((await fetch(link)).status, 200);
      (await talk.poll()).isIn(MARY.email);
    }),
    'registration without the phone': isPublic(async (scene) => {
      const { talk, grace } = await untilPhone(scene);
      (await talk.skip()).isIn(grace.email);
    }),
    'registration with the phone': isPublic(async (scene) => {
      const { talk, grace } = await untilPhone(scene);
      await talk.choose('phone_number');
      at(talk, 'authenticator-enrollment-data');
      assert.deepEqual(fields(talk), ['id', 'methodType', 'phoneNumber']);
      const phoneNumber = `+1555${4_000_000 + scene.number}`;
      await talk.answer(talk.step, { methodType: 'sms', phoneNumber });
      at(talk, 'enroll-authenticator');
      (await talk.code(await scene.org.code(phoneNumber))).isIn(grace.email);
    }),
  },
};
