//! What leaves the page: links in mails, identity providers, browsers that stay signed in; and the guides' set-ups.

import assert from 'node:assert/strict';

import { MARY } from '../../world/org.mjs';
import { Passkey } from '../../world/passkey.mjs';
import { only } from '../play.mjs';
import { REDIRECT_URI } from '../sdk.mjs';

const PROVIDER = '0oadevsocial00000001';
const BY_MAIL = {
  sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_email'] }],
  enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' },
};

/** Somebody waits for a mail; gives the link in it. */
async function mailed(scene, policies = {}) {
  const begin = await scene.app({ ...BY_MAIL, ...policies });
  const ada = await scene.somebody(['okta_email']);
  const talk = await begin().signIn({ username: ada.login, password: ada.password });
  await talk.choose('okta_email', 'email');
  assert.equal(talk.authenticator.contextualData.useEmailMagicLink, true);
  const [{ link }] = await scene.org.inbox(ada.email);
  return { begin, ada, talk, link };
}

/** Where a page redirects to. */
async function follow(link, options = {}) {
  const response = await fetch(link, { redirect: 'manual', ...options });
  return new URL(response.headers.get('location'));
}

/** Leaves for the provider and comes back as `answer`; where to, at the app. */
async function federate(talk, answer) {
  const leave = talk.at.neededToProceed.find(({ name }) => name === 'redirect-idp');
  assert.equal(leave.method, 'GET');
  const page = await follow(leave.href);
  // Its form comes back to the address it was shown at.
  const back = await follow(page, { method: 'POST', body: new URLSearchParams(answer) });
  const app = await follow(back);
  assert.equal(app.origin + app.pathname, REDIRECT_URI);
  assert.equal(app.searchParams.get('state'), talk.at.meta.state);
  return app;
}

/** Whom the code in an address is for. */
async function redeem(talk, back) {
  const { idx, tokenManager } = talk.client;
  await idx.handleInteractionCodeRedirect(back.href);
  const { claims } = tokenManager.getTokensSync().idToken;
  // It would wait for the tokens to expire.
  tokenManager.clear();
  return claims;
}

/** Whether the org lets the browser of `earlier` in again without asking anything. */
async function comesIn(talk, earlier) {
  const [cookie] = [earlier.at.context.headers['set-cookie']].flat()[0].split(';');
  talk.client.http.setRequestHeader('Cookie', cookie);
  return (await talk.start()).at.interactionCode !== undefined;
}

const identity = ({ email }) => ({ email, firstName: 'Ada', lastName: 'Lovelace', answer: 'yes' });

/** Signs up at one of the guides' applications, up to what can be chosen after the profile. */
async function registerAt(scene, clientId) {
  const grace = { firstName: 'Grace', lastName: 'Hopper', email: `guide${scene.number}@example.com` };
  const talk = await scene.talk({ clientId }).register();
  await talk.answer('enroll-profile', grace);
  return { talk, grace };
}

// The guides' applications are public clients.
const isPublic = (tell) => only(({ isConfidential }) => !isConfidential, tell);

export const elsewhere = {
  'Magic link': {
    'opened in the same browser, with a callback in the app': async (scene) => {
      const { talk, ada, link } = await mailed(scene, { email_callback: REDIRECT_URI });
      const back = await follow(link);
      assert.equal(back.origin + back.pathname, REDIRECT_URI);
      assert.ok(talk.client.idx.isEmailVerifyCallback(back.search));
      (await talk.arriveBy(back.search)).isIn(ada.email);
    },
    'opened in another browser, with a callback in the app': async (scene) => {
      const { talk, ada, link } = await mailed(scene, { email_callback: REDIRECT_URI });
      const back = await follow(link);
      // Another browser knows nothing of the attempt, so the SDK there has but the code to show.
      const code = back.searchParams.get('otp');
      assert.equal(code, await scene.org.code(ada.email));
      (await talk.code(code)).isIn(ada.email);
    },
    'opened anywhere, without a callback in the app': async (scene) => {
      const { talk, ada, link } = await mailed(scene);
      assert.equal((await talk.poll()).step, 'challenge-authenticator');
      assert.match(await (await fetch(link)).text(), /Return to the original tab/);
      (await talk.poll()).isIn(ada.email);
      assert.equal((await fetch(link)).status, 400, 'it is good once');
    },
    'expired': async (scene) => {
      const { link } = await mailed(scene);
      await scene.org.later(301, async () => assert.equal((await fetch(link)).status, 400));
    },
    'not sent if the app does not use them': async (scene) => {
      const begin = await scene.app({ ...BY_MAIL, email_magic_link: false });
      const ada = await scene.somebody(['okta_email']);
      const talk = await begin().signIn({ username: ada.login, password: ada.password });
      await talk.choose('okta_email', 'email');
      assert.equal(talk.authenticator.contextualData.useEmailMagicLink, false);
      assert.equal((await scene.org.inbox(ada.email))[0].link, null);
    },
  },

  'Identity provider': {
    'alone': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const ada = await scene.somebody();
      const talk = await begin().start();
      const back = await federate(talk, identity(ada));
      assert.equal(back.searchParams.get('error'), null);
      assert.equal((await redeem(talk, back)).email, ada.email);
    },
    'a new user': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const email = `social${scene.number}@example.com`;
      const talk = await begin().start();
      assert.equal((await redeem(talk, await federate(talk, identity({ email })))).email, email);
    },
    'followed by another factor': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER] });
      const ada = await scene.somebody(['okta_email']);
      const talk = await begin().start();
      const back = await federate(talk, identity(ada));
      assert.ok(talk.client.idx.isInteractionRequired(back.search));
      // The same attempt goes on from where it stands now.
      talk.client.transactionManager.clearIdxResponse();
      talk.at = await talk.client.idx.proceed(talk.client.options.idx.enableLegacyMode ? {} : { autoRemediate: false });
      await talk.choose('okta_email', 'email');
      (await talk.code(await scene.org.code(ada.email))).isIn(ada.email);
    },
    'denied by the user': async (scene) => {
      const begin = await scene.app({ identity_providers: [PROVIDER], sign_on: [{ authenticate_with: 'any-1-factor' }] });
      const talk = await begin().start();
      const back = await federate(talk, { answer: 'no' });
      assert.ok(talk.client.idx.isInteractionRequired(back.search));
      talk.client.transactionManager.clearIdxResponse();
      const at = await talk.client.idx.proceed({ autoRemediate: false });
      assert.deepEqual(at.messages.map(({ i18n }) => i18n.key), ['idx.identity.provider.auth.error']);
    },
  },

  'Session of the browser': {
    'for the lifetime in the policy': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password' }] });
      const ada = await scene.somebody();
      for (const [rememberMe, isLong] of [[false, false], [true, true]]) {
        const talk = await begin().signIn({ username: ada.login, password: ada.password, rememberMe });
        talk.isIn(ada.email);
        await scene.org.later(24 * 60 * 60, async () => assert.equal(await comesIn(begin(), talk), isLong));
      }
    },
    'not beyond the rule\'s reauthentication time': async (scene) => {
      const begin = await scene.app({ sign_on: [{ authenticate_with: 'password', reauthenticate_after_minutes: 10 }] });
      const ada = await scene.somebody();
      const talk = await begin().signIn({ username: ada.login, password: ada.password });
      for (const [seconds, isIn] of [[60, true], [601, false]]) {
        await scene.org.later(seconds, async () => assert.equal(await comesIn(begin(), talk), isIn));
      }
    },
  },

  'The apps of the guides': {
    'guide-password-phone': isPublic(async (scene) => {
      const { talk } = await registerAt(scene, 'guide-password-phone');
      await talk.choose('okta_password');
      await talk.answer('enroll-authenticator', { password: MARY.password });
      assert.deepEqual(talk.options, ['phone_number']);
      await talk.choose('phone_number');
      const phoneNumber = `+1555${3_000_000 + scene.number}`;
      await talk.answer('authenticator-enrollment-data', { methodType: 'sms', phoneNumber });
      (await talk.code(await scene.org.code(phoneNumber))).isIn();
    }),
    'guide-email-only': isPublic(async (scene) => {
      const { talk, grace } = await registerAt(scene, 'guide-email-only');
      if (talk.step === 'select-authenticator-enroll') await talk.choose('okta_email');
      await talk.code(await scene.org.code(grace.email));
      (await talk.skip()).isIn(grace.email);
    }),
    'guide-social': isPublic(async (scene) => {
      const talk = await scene.talk({ clientId: 'guide-social' }).start();
      assert.equal((await redeem(talk, await federate(talk, identity(MARY)))).email, MARY.email);
    }),
    'guide-passkey': isPublic(async (scene) => {
      const options = { clientId: 'guide-passkey' };
      const ada = await scene.somebody([], { enroll: ['webauthn'] });
      const key = new Passkey(new URL(REDIRECT_URI).origin);
      let talk = await scene.talk(options).signIn({ username: ada.login });
      await talk.choose('okta_password');
      await talk.answer('challenge-authenticator', { password: ada.password });
      await talk.choose('webauthn');
      const { challenge, user } = talk.authenticator.contextualData.activationData;
      (await talk.answer('enroll-authenticator', key.make(challenge))).isIn(ada.email);

      // The browser offers it on the first page, before anybody has said who they are.
      talk = await scene.talk(options).start();
      const step = 'challenge-webauthn-autofillui-authenticator';
      const { challengeData } = talk.at.context.webauthnAutofillUIChallenge.value;
      const credentials = { ...key.use(challengeData.challenge), userHandle: user.id };
      const { tokens } = await talk.client.idx.proceed({ step, credentials });
      assert.equal(tokens.idToken.claims.email, ada.email);
    }),
    'guide-step-up': isPublic(async (scene) => {
      const options = { clientId: 'guide-step-up', acrValues: 'urn:okta:loa:2fa:any' };
      const talk = await scene.talk(options).signIn({ username: MARY.login, password: MARY.password });
      assert.deepEqual(talk.options.toSorted(), ['okta_email', 'phone_number']);
    }),
    'guide-progressive-profile': isPublic(async (scene) => {
      const talk = await scene.talk({ clientId: 'guide-progressive-profile' }).start();
      await talk.answer('identify', { username: MARY.login, password: MARY.password });
      assert.equal(talk.step, 'profile-update');
    }),
    'latchkey-email': async (scene) => {
      const options = scene.client.isConfidential
        ? { clientId: 'latchkey-email', clientSecret: 'latchkey-dev-secret' }
        : { clientId: 'latchkey-email-public' };
      const talk = await scene.talk(options).signIn({ username: MARY.login });
      await talk.choose('okta_email', 'email');
      (await talk.code(await scene.org.code(MARY.email))).isIn(MARY.email);
    },
  },
};
