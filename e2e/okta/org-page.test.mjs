//! The org's own sign-in page, reached as Okta's own SDK reaches it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Org } from '../world/org.mjs';
import { REDIRECT_URI, stepwise } from './sdk.mjs';

let org;
before(async () => { org = await Org.start(); });
after(() => org.stop());

/** The address to which the SDK sends the browser to enrol authenticators. */
function addressToEnroll(options) {
  let address;
  const client = stepwise(org, { setLocation: (url) => { address = url; } });
  client.endpoints.authorize.enrollAuthenticator(options);
  return address;
}

/** Fills the first form of a page that has all these fields, and returns the next page or the address of the app. */
async function submit(page, fields) {
  const forms = [...page.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)];
  const found = forms.find(([, , inner]) => Object.keys(fields).every((name) => inner.includes(`name="${name}"`)));
  assert.ok(found, `no form with ${Object.keys(fields)} in ${page}`);
  const [, action, inner] = found;
  const hidden = [...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const body = new URLSearchParams([...hidden.map(([, name, value]) => [name, value]), ...Object.entries(fields)]);
  return arrive(await fetch(new URL(action, org.url), { method: 'POST', body, redirect: 'manual' }));
}

async function arrive(response) {
  const location = response.headers.get('location');
  return location ? new URL(location) : response.text();
}

test('the SDK sends a person to enrol a security question, who comes back with the state alone', async () => {
  const ada = await org.newUser({ factors: ['okta_password', 'okta_email'] });
  const address = addressToEnroll({ enrollAmrValues: 'kba', acrValues: 'urn:okta:loa:1fa:any' });
  assert.equal(new URL(address).searchParams.get('prompt'), 'enroll_authenticator');
  let page = await arrive(await fetch(address, { redirect: 'manual' }));
  page = await submit(page, { identifier: ada.login, 'credentials.passcode': ada.password });
  page = await submit(page, { 'authenticator.methodType': 'email' });
  page = await submit(page, { 'credentials.passcode': await org.code(ada.email) });
  const [, choice] = /name="authenticator" value="([^"]*)" required> Security Question</.exec(page);
  page = await submit(page, { authenticator: choice.replaceAll('&quot;', '"') });
  const question = { 'credentials.questionKey': 'disliked_food', 'credentials.answer': 'liver' };
  const back = await submit(page, question);
  assert.equal(back.origin + back.pathname, REDIRECT_URI);
  assert.deepEqual([...back.searchParams.keys()], ['state']);
  assert.ok((await org.enrolments(ada.login)).some(({ key }) => key === 'security_question'));
});

test('an enrolment without an authenticator that the org knows goes back to the app with an error', async () => {
  const address = addressToEnroll({ enrollAmrValues: 'telepathy', acrValues: 'urn:okta:loa:1fa:any' });
  const response = await fetch(address, { redirect: 'manual' });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /enroll_amr_values/);
});
