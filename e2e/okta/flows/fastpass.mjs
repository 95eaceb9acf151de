//! Okta Verify on the user's device (FastPass): a page passes the challenge on, and the SDK polls.

import assert from 'node:assert/strict';

import { REDIRECT_URI } from '../sdk.mjs';

const UNREACHABLE = { reason: 'OV_UNREACHABLE_BY_LOOPBACK', statusCode: null };
const OTHER_PROFILE = 503;

/** Signs in by an authenticator of a split Okta Verify that is paired with a phone, up to that authenticator. */
async function splitWith(scene, key) {
  const ada = await scene.newUser(['okta_verify']);
  const begin = await scene.app({
    sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_verify'] }],
    enrollment: { okta_password: 'REQUIRED', okta_verify: 'OPTIONAL' },
    list_of_one: true,
    fastpass: { split: true },
  });
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  await attempt.choose(key);
  assert.equal(attempt.authenticator.key, key);
  return { attempt, ada };
}

/** Begins an attempt at an application that asks devices by this policy, with a device for each of these answers. */
async function before(scene, fastpass, answers = ['signature']) {
  const ada = await scene.newUser(['okta_email']);
  const ports = [];
  for (const one of answers) ports.push(await scene.org.startDevice(ada.login, { answers: one }));
  const begin = await scene.app({
    global_session: { establish_with: 'any-factor' },
    sign_on: [{ authenticate_with: 'any-1-factor' }],
    enrollment: { okta_password: 'OPTIONAL', okta_email: 'OPTIONAL', okta_verify: 'OPTIONAL' },
    fastpass: { ports, ...fastpass },
  });
  return { attempt: begin(), ada };
}

/** What a page of the client's origin does with a challenge. Returns the status of the device that took it. */
async function passOn({ challengeMethod, domain, ports, challengeRequest }) {
  assert.equal(challengeMethod, 'LOOPBACK');
  const headers = { 'content-type': 'application/json', 'origin': new URL(REDIRECT_URI).origin };
  for (const port of ports) {
    const probe = await fetch(`${domain}:${port}/probe`, { headers });
    assert.ok(probe.ok);
    const body = JSON.stringify({ challengeRequest });
    const { status } = await fetch(`${domain}:${port}/challenge`, { method: 'POST', headers, body });
    if (status !== OTHER_PROFILE) return status;
  }
  return OTHER_PROFILE;
}

/** The challenge before the user is known. */
const firstChallenge = (attempt) => attempt.at.context.authenticatorChallenge.value;

async function expectSigned(attempt, challenge, email) {
  const { step } = attempt;
  assert.equal((await attempt.poll()).step, step, 'nothing is signed yet');
  assert.equal(await passOn(challenge), 200);
  (await attempt.poll()).expectSignedIn(email);
}

export const fastpass = {
  'Okta Verify on the device': {
    'asked first': async (scene) => {
      const { attempt, ada } = await before(scene, { probe: true });
      assert.equal((await attempt.start()).step, 'device-challenge-poll');
      await expectSigned(attempt, firstChallenge(attempt), ada.email);
    },
    'asked first, beside that of another user': async (scene) => {
      const { attempt, ada } = await before(scene, { probe: true }, ['other-profile', 'signature']);
      await attempt.start();
      await expectSigned(attempt, firstChallenge(attempt), ada.email);
    },
    'asked by the button': async (scene) => {
      const { attempt, ada } = await before(scene, {});
      await attempt.start();
      assert.equal((await attempt.answer('launch-authenticator')).step, 'device-challenge-poll');
      await expectSigned(attempt, firstChallenge(attempt), ada.email);
    },
    'as an authenticator': async (scene) => {
      const { attempt, ada } = await before(scene, {});
      await attempt.signIn({ username: ada.login });
      await attempt.choose('okta_verify', 'signed_nonce');
      assert.equal(attempt.step, 'challenge-poll');
      await expectSigned(attempt, attempt.authenticator.contextualData.challenge.value, ada.email);
    },
    'out of reach, left for the username and for another authenticator': async (scene) => {
      const { attempt, ada } = await before(scene, { probe: true });
      await attempt.start();
      await attempt.act('authenticatorChallenge-cancel', UNREACHABLE);
      assert.equal(attempt.step, 'identify');
      assert.ok(attempt.steps.includes('launch-authenticator'), `${attempt.steps}`);
      await attempt.answer('identify', { username: ada.login });
      await attempt.choose('okta_verify', 'signed_nonce');
      await attempt.act('currentAuthenticator-cancel', UNREACHABLE);
      await attempt.choose('okta_email', 'email');
      (await attempt.code(await scene.org.code(ada.email))).expectSignedIn(ada.email);
    },
    'as one of three authenticators': async (scene) => {
      const { attempt, ada } = await before(scene, { split: true });
      await attempt.signIn({ username: ada.login });
      assert.ok(attempt.options.includes('okta_verify_fastpass'), `${attempt.options}`);
      await attempt.choose('okta_verify_fastpass');
      await expectSigned(attempt, attempt.authenticator.contextualData.challenge.value, ada.email);
    },
    'a push, as one of three authenticators': async (scene) => {
      const { attempt, ada } = await splitWith(scene, 'okta_verify_push');
      assert.equal(attempt.step, 'challenge-poll');
      await scene.org.answerPush(ada.login, { approve: true });
      (await attempt.poll()).expectSignedIn(ada.email);
    },
    'a code, as one of three authenticators': async (scene) => {
      const { attempt, ada } = await splitWith(scene, 'okta_verify_totp');
      await attempt.code('000000');
      attempt.expectRefused('api.authn.error.PASSCODE_INVALID');
      (await attempt.code(await scene.org.shownBy(ada.login, 'okta_verify'))).expectSignedIn(ada.email);
    },
    'failed': async (scene) => {
      const { attempt } = await before(scene, { probe: true }, ['error']);
      await attempt.start();
      const statusCode = await passOn(firstChallenge(attempt));
      assert.equal(statusCode, 500);
      await attempt.act('authenticatorChallenge-cancel', { reason: 'OV_RETURNED_ERROR', statusCode });
      assert.equal(attempt.step, 'identify');
    },
  },
};
