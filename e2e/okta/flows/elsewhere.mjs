//! Magic links, identity providers, browser sessions, and the applications of Okta's guides.

import assert from 'node:assert/strict';

import { MARY } from '../../world/org.mjs';
import { Passkey } from '../../world/software-authenticator.mjs';
import { only } from '../run-flows.mjs';
import { REDIRECT_URI } from '../sdk.mjs';

const PROVIDER = '0oadevsocial00000001';
const BY_MAIL = {
  sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_email'] }],
  enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' },
};

/** Begins a sign-in up to the mail, and returns its link. */
async function mailed(scene, policies = {}) {
  const begin = await scene.app({ ...BY_MAIL, ...policies });
  const ada = await scene.newUser(['okta_email']);
  const attempt = await begin().signIn({ username: ada.login, password: ada.password });
  await attempt.choose('okta_email', 'email');
  assert.equal(attempt.authenticator.contextualData.useEmailMagicLink, true);
  const [{ link }] = await scene.org.inbox(ada.email);
  return { begin, ada, attempt, link };
}

/** The target of a redirect. */
async function follow(link, options = {}) {
  const response = await fetch(link, { redirect: 'manual', ...options });
  return new URL(response.headers.get('location'));
}

/** Answers the org's own page on which a mailed link asks. */
function answerPage({ url }, consent) {
  return fetch(url, { method: 'POST', body: new URLSearchParams({ path: 'consent', consent }) });
}

/** Signs in at the provider as `answer`, and returns the app's callback address. */
async function federate(attempt, answer) {
  const leave = attempt.at.neededToProceed.find(({ name }) => name === 'redirect-idp');
  assert.equal(leave.method, 'GET');
  const page = await follow(leave.href);
  // The provider's form posts to its own address.
  const back = await follow(page, { method: 'POST', body: new URLSearchParams(answer) });
  const app = await follow(back);
  assert.equal(app.origin + app.pathname, REDIRECT_URI);
  assert.equal(app.searchParams.get('state'), attempt.at.meta.state);
  return app;
}

/** The user of the code in an address. */
export async function redeem(attempt, back) {
  const { idx, tokenManager } = attempt.client;
  await idx.handleInteractionCodeRedirect(back.href);
  const { claims } = tokenManager.getTokensSync().idToken;
  // It would start a timer for the expiry of the tokens.
  tokenManager.clear();
  return claims;
}

/** Whether the org signs in the browser of `earlier` again without a question. */
async function comesIn(attempt, earlier) {
  const [cookie] = [earlier.at.context.headers['set-cookie']].flat()[0].split(';');
  attempt.client.http.setRequestHeader('Cookie', cookie);
  return (await attempt.start()).at.interactionCode !== undefined;
}

const identity = ({ email }) => ({ email, firstName: 'Ada', lastName: 'Lovelace', answer: 'yes' });

/** Signs up at an application of the guides, up to the authenticators after the profile. */
async function registerAt(scene, clientId) {
  const grace = { firstName: 'Grace', lastName: 'Hopper', email: `guide${scene.number}@example.com` };
  const attempt = await scene.attempt({ clientId }).register();
  await attempt.answer('enroll-profile', grace);
  return { attempt, grace };
}

// The applications of the guides are public clients.
const isPublic = (tell) => only(({ isConfidential }) => !isConfidential, tell);

export const elsewhere = {
  'Magic link': {
    'opened in the same browser, with a callback in the app': async (scene) => {
      const { attempt, ada, link } = await mailed(scene, { email_callback: REDIRECT_URI });
      const back = await follow(link);
      assert.equal(back.origin + back.pathname, REDIRECT_URI);
      assert.ok(attempt.client.idx.isEmailVerifyCallback(back.search));
      (await attempt.openCallback(back.search)).expectSignedIn(ada.email);
    },
    'opened in another browser, with a callback in the app': async (scene) => {
      const { attempt, ada, link } = await mailed(scene, { email_callback: REDIRECT_URI });
      const back = await follow(link);
      // Another browser does not know the attempt, so the SDK there can only show the code.
      const code = back.searchParams.get('otp');
      assert.equal(code, await scene.org.code(ada.email));
      (await attempt.code(code)).expectSignedIn(ada.email);
    },
    'opened anywhere, without a callback in the app': async (scene) => {
      const { attempt, ada, link } = await mailed(scene);
      assert.equal((await attempt.poll()).step, 'challenge-authenticator');
      assert.match(await (await fetch(link)).text(), /Return to the original tab/);
      (await attempt.poll()).expectSignedIn(ada.email);
      assert.equal((await fetch(link)).status, 400, 'it is good once');
    },
    'opened anywhere, and allowed in the org\'s own page': async (scene) => {
      const { attempt, ada, link } = await mailed(scene, { email_link_consent: true });
      const page = await fetch(link);
      assert.match(await page.text(), /Did you just try to sign in\?/);
      assert.equal((await attempt.poll()).step, 'challenge-authenticator');
      await answerPage(page, true);
      (await attempt.poll()).expectSignedIn(ada.email);
    },
    // In step mode the SDK cannot read the end of an attempt that a poll learns of.
    'opened anywhere, and not allowed in the org\'s own page': only(({ isStepwise }) => !isStepwise, async (scene) => {
      const { attempt, link } = await mailed(scene, { email_link_consent: true });
      await answerPage(await fetch(link), false);
      await attempt.poll();
      assert.deepEqual([attempt.at.status, attempt.messages], ['TERMINAL', ['idx.operation.cancelled.on.other.device']]);
    }),
    // Step mode answers a step that the SDK does not know by its name.
    'opened in the same browser, and allowed in the app': only(({ isStepwise }) => isStepwise, async (scene) => {
      const { attempt, ada, link } = await mailed(scene, { email_callback: REDIRECT_URI, email_link_consent: true });
      await attempt.openCallback((await follow(link)).search);
      assert.deepEqual([attempt.steps, attempt.at.rawIdxState.intent], [['email-challenge-consent'], 'CONSENT']);
      (await attempt.answer('email-challenge-consent', { consent: true })).expectSignedIn(ada.email);
    }),
    'expired': async (scene) => {
      const { link } = await mailed(scene);
      await scene.org.later(301, async () => assert.equal((await fetch(link)).status, 400));
    },
    'not sent if the app does not use them': async (scene) => {
      const begin = await scene.app({ ...BY_MAIL, email_magic_link: false });
      const ada = await scene.newUser(['okta_email']);
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      await attempt.choose('okta_email', 'email');
      assert.equal(attempt.authenticator.contextualData.useEmailMagicLink, false);
      assert.equal((await scene.org.inbox(ada.email))[0].link, null);
    },
  },

  'Identity provider': {
    'alone': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const ada = await scene.newUser();
      const attempt = await begin().start();
      const back = await federate(attempt, identity(ada));
      assert.equal(back.searchParams.get('error'), null);
      assert.equal((await redeem(attempt, back)).email, ada.email);
    },
    'a new user': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const email = `social${scene.number}@example.com`;
      const attempt = await begin().start();
      assert.equal((await redeem(attempt, await federate(attempt, identity({ email })))).email, email);
    },
    'followed by another factor': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER] });
      const ada = await scene.newUser(['okta_email']);
      const attempt = await begin().start();
      const back = await federate(attempt, identity(ada));
      assert.ok(attempt.client.idx.isInteractionRequired(back.search));
      // The attempt continues at its current step.
      attempt.client.transactionManager.clearIdxResponse();
      attempt.at = await attempt.client.idx.proceed(attempt.client.options.idx.enableLegacyMode ? {} : { autoRemediate: false });
      await attempt.choose('okta_email', 'email');
      (await attempt.code(await scene.org.code(ada.email))).expectSignedIn(ada.email);
    },
    'denied by the user': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const attempt = await begin().start();
      const back = await federate(attempt, { answer: 'no' });
      assert.ok(attempt.client.idx.isInteractionRequired(back.search));
      attempt.client.transactionManager.clearIdxResponse();
      const at = await attempt.client.idx.proceed({ autoRemediate: false });
      assert.deepEqual(at.messages.map(({ i18n }) => i18n.key), ['idx.identity.provider.auth.error']);
    },
  },

  'Session of the browser': {
    'for the lifetime in the policy': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password' }] });
      const ada = await scene.newUser();
      for (const [rememberMe, isLong] of [[false, false], [true, true]]) {
        const attempt = await begin().signIn({ username: ada.login, password: ada.password, rememberMe });
        attempt.expectSignedIn(ada.email);
        await scene.org.later(24 * 60 * 60, async () => assert.equal(await comesIn(begin(), attempt), isLong));
      }
    },
    'not beyond the rule\'s reauthentication time': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password', reauthenticate_after_minutes: 10 }] });
      const ada = await scene.newUser();
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      for (const [seconds, isIn] of [[60, true], [601, false]]) {
        await scene.org.later(seconds, async () => assert.equal(await comesIn(begin(), attempt), isIn));
      }
    },
  },

  'The apps of the guides': {
    'guide-password-phone': isPublic(async (scene) => {
      const { attempt } = await registerAt(scene, 'guide-password-phone');
      await attempt.choose('okta_password');
      await attempt.answer('enroll-authenticator', { password: MARY.password });
      assert.deepEqual(attempt.options, ['phone_number']);
      await attempt.choose('phone_number');
      const phoneNumber = `+1555${3_000_000 + scene.number}`;
      await attempt.answer('authenticator-enrollment-data', { methodType: 'sms', phoneNumber });
      (await attempt.code(await scene.org.code(phoneNumber))).expectSignedIn();
    }),
    'guide-email-only': isPublic(async (scene) => {
      const { attempt, grace } = await registerAt(scene, 'guide-email-only');
      if (attempt.step === 'select-authenticator-enroll') await attempt.choose('okta_email');
      await attempt.code(await scene.org.code(grace.email));
      (await attempt.skip()).expectSignedIn(grace.email);
    }),
    'guide-social': isPublic(async (scene) => {
      const attempt = await scene.attempt({ clientId: 'guide-social' }).start();
      assert.equal((await redeem(attempt, await federate(attempt, identity(MARY)))).email, MARY.email);
    }),
    'guide-passkey': isPublic(async (scene) => {
      const options = { clientId: 'guide-passkey' };
      const ada = await scene.newUser([], { enroll: ['webauthn'] });
      const key = new Passkey(new URL(REDIRECT_URI).origin);
      let attempt = await scene.attempt(options).signIn({ username: ada.login });
      await attempt.choose('okta_password');
      await attempt.answer('challenge-authenticator', { password: ada.password });
      await attempt.choose('webauthn');
      const { challenge, user } = attempt.authenticator.contextualData.activationData;
      (await attempt.answer('enroll-authenticator', key.make(challenge))).expectSignedIn(ada.email);

      // Autofill offers it on the first page, before a username.
      attempt = await scene.attempt(options).start();
      const step = 'challenge-webauthn-autofillui-authenticator';
      const { challengeData } = attempt.at.context.webauthnAutofillUIChallenge.value;
      const credentials = { ...key.use(challengeData.challenge), userHandle: user.id };
      const { tokens } = await attempt.client.idx.proceed({ step, credentials });
      assert.equal(tokens.idToken.claims.email, ada.email);
    }),
    'guide-step-up': isPublic(async (scene) => {
      const options = { clientId: 'guide-step-up', acrValues: 'urn:okta:loa:2fa:any' };
      const attempt = await scene.attempt(options).signIn({ username: MARY.login, password: MARY.password });
      assert.deepEqual(attempt.options.toSorted(), ['okta_email', 'phone_number']);
    }),
    'guide-progressive-profile': isPublic(async (scene) => {
      const attempt = await scene.attempt({ clientId: 'guide-progressive-profile' }).start();
      await attempt.answer('identify', { username: MARY.login, password: MARY.password });
      assert.equal(attempt.step, 'profile-update');
    }),
    'latchkey-email': async (scene) => {
      const options = scene.client.isConfidential
        ? { clientId: 'latchkey-email', clientSecret: 'latchkey-dev-secret' }
        : { clientId: 'latchkey-email-public' };
      const attempt = await scene.attempt(options).signIn({ username: MARY.login });
      await attempt.choose('okta_email', 'email');
      (await attempt.code(await scene.org.code(MARY.email))).expectSignedIn(MARY.email);
    },
  },
};
