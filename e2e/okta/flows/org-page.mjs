//! The org's own sign-in page, to which the SDK sends a browser, and what it redeems when the browser comes back.

import assert from 'node:assert/strict';

import { REDIRECT_URI } from '../sdk.mjs';

const HOSTED = { hosted_sign_in: true, sign_on: [{ authenticate_with: 'password' }], enrollment: { okta_password: 'REQUIRED' } };
const ORIGIN = new URL(REDIRECT_URI).origin;

/** The text of a page, or the address of a redirect. */
export async function arrive(response) {
  const location = response.headers.get('location');
  return location ? new URL(location) : response.text();
}

/** Posts the first form of a page that has all these fields. */
export function post(org, page, fields) {
  const forms = [...page.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)];
  const found = forms.find(([, , inner]) => Object.keys(fields).every((name) => inner.includes(`name="${name}"`)));
  assert.ok(found, `no form with ${Object.keys(fields)} in ${page}`);
  const [, action, inner] = found;
  const hidden = [...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const body = new URLSearchParams([...hidden.map(([, name, value]) => [name, value]), ...Object.entries(fields)]);
  return fetch(new URL(action, org.url), { method: 'POST', body, redirect: 'manual' });
}

/** A client at an application whose users sign in on the org's page, and a function that returns where it sends the browser. */
async function hosted(scene, policies = {}) {
  let address;
  const begin = await scene.app({ ...HOSTED, ...policies });
  const { client } = begin({ setLocation: (url) => { address = url; } });
  // The SDK reads the window's address also if it is given another.
  client.token.parseFromUrl._getLocation = () => new URL(REDIRECT_URI);
  const leave = async () => {
    await client.token.getWithRedirect({ responseType: 'code' });
    return address;
  };
  return { begin, client, leave, ada: await scene.newUser(['okta_email']) };
}

/** The response to the password of a user on the org's page. */
async function afterPassword(scene, address, ada) {
  const page = await (await fetch(address, { redirect: 'manual' })).text();
  return post(scene.org, page, { 'identifier': ada.login, 'credentials.passcode': ada.password });
}

/** The tokens for what came back to the application. */
async function redeem(client, back) {
  assert.equal(back.origin + back.pathname, REDIRECT_URI);
  const { tokens } = await client.token.parseFromUrl({ url: back.href });
  return tokens;
}

/** The cookie of the org in a response. */
const cookieOf = (response) => response.headers.getSetCookie()[0].split(';')[0];

export const orgPage = {
  'The org\'s own page': {
    'authorization code': async (scene) => {
      const { client, leave, ada } = await hosted(scene);
      const back = await arrive(await afterPassword(scene, await leave(), ada));
      const { accessToken, idToken } = await redeem(client, back);
      assert.equal(idToken.claims.email, ada.email);
      assert.ok(accessToken.scopes.includes('profile'));
    },
    'a second sign-in in the same browser': async (scene) => {
      const { client, leave, ada } = await hosted(scene);
      const first = await afterPassword(scene, await leave(), ada);
      await redeem(client, await arrive(first));
      const headers = { cookie: cookieOf(first) };
      const back = await arrive(await fetch(await leave(), { headers, redirect: 'manual' }));
      assert.equal((await redeem(client, back)).idToken.claims.email, ada.email);
    },
    'consent, given': async (scene) => {
      const { client, leave, ada } = await hosted(scene, { consent: 'user' });
      const question = await arrive(await afterPassword(scene, await leave(), ada));
      const back = await arrive(await post(scene.org, question, { consent: 'true' }));
      assert.equal((await redeem(client, back)).idToken.claims.email, ada.email);
    },
    'consent, refused': async (scene) => {
      const { client, leave, ada } = await hosted(scene, { consent: 'user' });
      const question = await arrive(await afterPassword(scene, await leave(), ada));
      const back = await arrive(await post(scene.org, question, { consent: 'false' }));
      await assert.rejects(redeem(client, back), { errorCode: 'access_denied' });
    },
    'sign-out': async (scene) => {
      const { client, leave, ada } = await hosted(scene);
      const granted = await afterPassword(scene, await leave(), ada);
      const { idToken } = await redeem(client, await arrive(granted));
      const headers = { cookie: cookieOf(granted) };
      const address = client.getSignOutRedirectUrl({ idToken, postLogoutRedirectUri: ORIGIN, state: 'done' });
      const back = await arrive(await fetch(address, { headers, redirect: 'manual' }));
      assert.deepEqual([back.origin, back.searchParams.get('state')], [ORIGIN, 'done']);
      const next = await arrive(await fetch(await leave(), { headers, redirect: 'manual' }));
      assert.match(next, /name="credentials.passcode"/);
    },
    'the prompt "none" without a session': async (scene) => {
      const { client, leave } = await hosted(scene);
      const address = new URL(await leave());
      address.searchParams.set('prompt', 'none');
      const back = await arrive(await fetch(address, { redirect: 'manual' }));
      await assert.rejects(redeem(client, back), { errorCode: 'login_required' });
    },
    'an application that shows the sign-in itself': async (scene) => {
      const { begin, client, leave, ada } = await hosted(scene, { hosted_sign_in: false });
      const back = await arrive(await fetch(await leave(), { redirect: 'manual' }));
      assert.ok(client.idx.isInteractionRequired(back.search));
      await assert.rejects(redeem(client, back), { errorCode: 'interaction_required' });
      (await begin().signIn({ username: ada.login, password: ada.password })).expectSignedIn(ada.email);
    },
    'the interaction code, switched off in the middle': async (scene) => {
      const policies = {
        hosted_sign_in: false,
        sign_on: [{ authenticate_with: 'password-and-another', factors: ['okta_email'] }],
        enrollment: { okta_password: 'REQUIRED', okta_email: 'OPTIONAL' },
      };
      const { begin, ada } = await hosted(scene, policies);
      const attempt = await begin().signIn({ username: ada.login, password: ada.password });
      await attempt.choose('okta_email', 'email');
      await scene.app({ ...policies, hosted_sign_in: true });
      await assert.rejects(attempt.code(await scene.org.code(ada.email)), { errorCode: 'unauthorized_client' });
    },
    'an application without the interaction code': async (scene) => {
      const { client } = await hosted(scene);
      await assert.rejects(client.idx.interact(), { errorCode: 'unauthorized_client' });
    },
  },
};
