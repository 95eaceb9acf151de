//! A sign-in without a page: the requests of a public client.

const CLIENT = 'latchkey-public';
const CALLBACK = 'http://localhost:8080/login/callback';

/** Sends username and password; the result chooses an authenticator and polls. */
export async function begin(org, { login, password }) {
  const post = async (path, body, type = 'application/json') => {
    const response = await fetch(org.url + path, { method: 'POST', headers: { 'content-type': type }, body });
    return response.json();
  };
  const query = new URLSearchParams({
    client_id: CLIENT,
    scope: 'openid',
    redirect_uri: CALLBACK,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    state: 'a-state',
  });
  const { interaction_handle } = await post('/oauth2/default/v1/interact', String(query), 'application/x-www-form-urlencoded');
  const { stateHandle } = await post('/idp/idx/introspect', JSON.stringify({ interactionHandle: interaction_handle }));
  const step = (path, values) => post(`/idp/idx/${path}`, JSON.stringify({ stateHandle, ...values }));
  let at = await step('identify', { identifier: login, credentials: { passcode: password } });
  return {
    async choose(label, methodType) {
      const { options } = at.remediation.value[0].value.find(({ name }) => name === 'authenticator');
      const [id] = options.find((option) => option.label === label).value.form.value;
      at = await step('challenge', { authenticator: { id: id.value, methodType } });
    },
    async poll() {
      at = await step('authenticators/poll', {});
      return at.successWithInteractionCode ? 'SUCCESS' : 'PENDING';
    },
  };
}
