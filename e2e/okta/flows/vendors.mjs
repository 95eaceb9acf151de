//! Authenticators of other vendors: links to their pages, Duo's frame, a company's app, and a card.

import assert from 'node:assert/strict';

import { totp } from '../../world/totp.mjs';
import { REDIRECT_URI } from '../sdk.mjs';
import { redeem } from './elsewhere.mjs';

const CARD_PIN = '246810';
const HALF_A_MINUTE = 30_000;

/** A policy: the password, then this factor. */
const asking = (factor, more = {}) => ({
  sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
  enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
  ...more,
});

/** Signs in a user with these members, up to the factor. */
async function before(scene, factor, member, more) {
  const begin = await scene.app(asking(factor, more));
  const ada = await scene.newUser(member === 'factors' ? [factor] : []);
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  await attempt.choose(factor);
  return { attempt, ada };
}

/** Decides on the page that the current step links to, and returns the app's callback address. */
async function visit(attempt, name, answer) {
  const leave = attempt.at.neededToProceed.find((form) => form.name === name);
  assert.equal(leave.method, 'GET');
  const response = await fetch(leave.href, { method: 'POST', redirect: 'manual', body: new URLSearchParams(answer) });
  const back = new URL(response.headers.get('location'));
  assert.equal(back.origin + back.pathname, REDIRECT_URI);
  assert.equal(back.searchParams.get('state'), attempt.at.meta.state);
  return back;
}

/** The step at which the attempt stands after it came back without a code. */
async function again(attempt) {
  attempt.client.transactionManager.clearIdxResponse();
  attempt.at = await attempt.client.idx.proceed({ autoRemediate: false });
  return attempt;
}

/** A page that refuses first, and then approves. */
function byPage(factor, member, more) {
  return async (scene) => {
    const { attempt, ada } = await before(scene, factor, member, more);
    const refused = await visit(attempt, 'redirect-idp', { decision: 'no' });
    assert.ok(attempt.client.idx.isInteractionRequired(refused.search));
    assert.equal((await again(attempt)).step, 'redirect-idp');
    assert.equal(attempt.messages.length, 1);
    assert.equal((await redeem(attempt, await visit(attempt, 'redirect-idp', { decision: 'yes' }))).email, ada.email);
  };
}

/** An account at the org's identity provider: denied first, then another one's, then the user's own. */
function byProvider(member) {
  return async (scene) => {
    const { attempt, ada } = await before(scene, 'external_idp', member);
    const visitProvider = async (answer) => {
      const leave = attempt.at.neededToProceed.find((form) => form.name === 'redirect-idp');
      const provider = await fetch(leave.href, { redirect: 'manual' });
      const answered = await fetch(provider.headers.get('location'), { method: 'POST', redirect: 'manual', body: new URLSearchParams(answer) });
      const back = await fetch(answered.headers.get('location'), { redirect: 'manual' });
      return new URL(back.headers.get('location'));
    };
    const denied = await visitProvider({ email: ada.email, answer: 'no' });
    assert.ok(attempt.client.idx.isInteractionRequired(denied.search));
    assert.equal((await again(attempt)).step, 'redirect-idp');
    assert.equal(attempt.messages.length, 1);
    if (member === 'factors') {
      const other = await visitProvider({ email: `other-${ada.email}`, answer: 'yes' });
      assert.ok(attempt.client.idx.isInteractionRequired(other.search));
      await again(attempt);
    }
    assert.equal((await redeem(attempt, await visitProvider({ email: ada.email, answer: 'yes' }))).email, ada.email);
  };
}

/** What Duo's frame answers: its code, and the half of the request that the org signed for itself. */
const signed = (attempt, code) => `AUTH|${code}:${attempt.authenticator.contextualData.signedToken.split(':')[1]}`;

export const vendors = {
  'Another vendor': {
    'smart card': byPage('smart_card_idp', 'factors'),
    'smart card, enrolled': byPage('smart_card_idp', 'enroll'),
    'identity provider as an authenticator': byProvider('factors'),
    'identity provider as an authenticator, enrolled': byProvider('enroll'),
    'Duo, on its own page': byPage('duo', 'factors', { vendors: { duo: 'page' } }),
    'Duo, on its own page, enrolled': byPage('duo', 'enroll', { vendors: { duo: 'page' } }),
    'Duo, in a frame': async (scene) => {
      const { attempt, ada } = await before(scene, 'duo', 'factors');
      const code = await scene.org.shownBy(ada.login, 'duo');
      await attempt.answer('challenge-authenticator', { credentials: { signatureData: `AUTH|${code}:APP|another` } });
      attempt.expectRefused('oie.authenticator.duo.method.duo.verification_failed');
      (await attempt.answer('challenge-authenticator', { credentials: { signatureData: signed(attempt, code) } })).expectSignedIn(ada.email);
    },
    'Duo, in a frame, enrolled': async (scene) => {
      const { attempt, ada } = await before(scene, 'duo', 'enroll');
      const [{ code }] = await scene.org.devices(ada.login);
      (await attempt.answer('enroll-authenticator', { credentials: { signatureData: signed(attempt, code) } })).expectSignedIn(ada.email);
    },
    'a company\'s app': async (scene) => {
      const { attempt, ada } = await before(scene, 'custom_app', 'factors');
      await attempt.choose('custom_app', 'push');
      assert.equal(attempt.step, 'challenge-poll');
      await scene.org.answerPush(ada.login, { approve: true });
      (await attempt.poll()).expectSignedIn(ada.email);
    },
    'a card with a PIN': async (scene) => {
      const { attempt, ada } = await before(scene, 'nfc_pin', 'factors');
      assert.equal((await attempt.poll()).step, 'challenge-poll');
      await scene.org.holdCard(ada.login);
      assert.equal((await attempt.poll()).step, 'challenge-authenticator');
      await attempt.code('111111');
      attempt.expectRefused('api.authenticator.error.nfc.pin_incorrect');
      (await attempt.code(CARD_PIN)).expectSignedIn(ada.email);
    },
    'a card with a PIN, enrolled': async (scene) => {
      const { attempt, ada } = await before(scene, 'nfc_pin', 'enroll');
      assert.equal(attempt.step, 'enroll-poll');
      await scene.org.holdCard(ada.login);
      assert.equal((await attempt.poll()).step, 'enroll-authenticator');
      (await attempt.code('135791')).expectSignedIn(ada.email);
    },
    'a server on the company\'s premises': async (scene) => {
      const { attempt, ada } = await before(scene, 'onprem_mfa', 'factors');
      await attempt.code('000');
      attempt.expectRefused('api.authn.error.PASSCODE_INVALID');
      (await attempt.code(await scene.org.shownBy(ada.login, 'onprem_mfa'))).expectSignedIn(ada.email);
    },
    'a token that has to show its next code after wrong ones': async (scene) => {
      const { attempt, ada } = await before(scene, 'rsa_token', 'factors');
      for (const wrong of ['000000', '111111']) {
        await attempt.code(wrong);
        attempt.expectRefused('api.authn.error.PASSCODE_INVALID');
      }
      const secret = await scene.org.secretOf(ada.login, 'rsa_token');
      const now = Date.now();
      await attempt.code(totp(secret, now));
      attempt.expectRefused('errors.E0000113');
      (await attempt.code(totp(secret, now + HALF_A_MINUTE))).expectSignedIn(ada.email);
    },
    'a card with a PIN, from the first page': async (scene) => {
      const begin = await scene.app({
        vendors: { card_button: true },
        global_session: { establish_with: 'any-factor' },
        sign_on: [{ authenticate_with: 'any-1-factor', factors: ['nfc_pin'] }],
        enrollment: { nfc_pin: 'OPTIONAL' },
      });
      const ada = await scene.newUser(['nfc_pin']);
      const attempt = await begin().start();
      await attempt.answer('launch-nfc-authenticator');
      assert.equal(attempt.step, 'challenge-poll');
      await scene.org.holdCard(ada.login);
      assert.equal((await attempt.poll()).step, 'challenge-authenticator');
      (await attempt.code(CARD_PIN)).expectSignedIn(ada.email);
    },
    'a certificate on the first page': async (scene) => {
      const certificates = '0oadevcertificates01';
      const begin = await scene.app({ identity_providers: [certificates], sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const ada = await scene.newUser();
      const attempt = await begin().start();
      const back = await visit(attempt, 'redirect-idp', { decision: 'yes', login: ada.login });
      assert.equal((await redeem(attempt, back)).email, ada.email);
    },
    'a service that verifies identities': async (scene) => {
      const begin = await scene.app({
        sign_on: [{ authenticate_with: 'password' }],
        enrollment: { okta_password: 'REQUIRED' },
        vendors: { identity_verification: 'persona' },
      });
      const ada = await scene.newUser();
      // In a sign-in flow the SDK has no use for this step, so the attempt is begun without a flow.
      const attempt = await begin().start();
      await attempt.answer('identify', { username: ada.login, password: ada.password }).catch(() => {});
      await again(attempt);
      const back = await visit(attempt, 'redirect-idverify', { decision: 'yes' });
      assert.equal((await redeem(attempt, back)).email, ada.email);
    },
  },
};
