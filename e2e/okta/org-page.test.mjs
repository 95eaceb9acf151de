//! The org's own sign-in page, reached as Okta's own SDK reaches it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Org } from '../world/org.mjs';
import { arrive, orgPage, post } from './flows/org-page.mjs';
import { runFlows } from './run-flows.mjs';
import { REDIRECT_URI, stepwise } from './sdk.mjs';

runFlows(orgPage);

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

/** Answers a form of a page, and returns the next page or the address of the app. */
const submit = async (page, fields) => arrive(await post(org, page, fields));

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
