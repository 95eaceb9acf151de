//! The responses of an org that a sign-in page needs to draw itself: discovery, a handle, and the first step.

const ION = 'application/ion+json; okta-version=1.0.0';
const STATE_HANDLE = '02yardstickYardstickYardstickYardstickYardst';
const PATH = '/oauth2/default';

export const issuer = (origin) => origin + PATH;

/** The org's response, or undefined for other paths. */
export function answer({ method, pathname, origin }) {
  switch (`${method} ${pathname}`) {
    case `GET ${PATH}/.well-known/openid-configuration`:
      return { json: configuration(origin) };
    case `POST ${PATH}/v1/interact`:
      return { json: { interaction_handle: 'yardstick-interaction-handle-0123456789abcdef' } };
    case 'POST /idp/idx/introspect':
    case 'POST /idp/idx/identify':
      return { type: ION, json: identify(origin) };
    default:
      return undefined;
  }
}

function configuration(origin) {
  const base = `${issuer(origin)}/v1`;
  return {
    issuer: issuer(origin),
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/userinfo`,
    jwks_uri: `${base}/keys`,
    introspection_endpoint: `${base}/introspect`,
    revocation_endpoint: `${base}/revoke`,
    end_session_endpoint: `${base}/logout`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email'],
    code_challenge_methods_supported: ['S256'],
  };
}

/** A step with username and password, recovery and registration. */
function identify(origin) {
  const form = (name, path, ...fields) => ({
    name,
    rel: ['create-form'],
    href: `${origin}/idp/idx/${path}`,
    method: 'POST',
    produces: ION,
    accepts: 'application/json; okta-version=1.0.0',
    value: [...fields, { name: 'stateHandle', required: true, value: STATE_HANDLE, visible: false, mutable: false }],
  });
  return {
    version: '1.0.0',
    stateHandle: STATE_HANDLE,
    expiresAt: '2099-12-31T23:59:59.000Z',
    intent: 'LOGIN',
    remediation: {
      type: 'array',
      value: [
        form(
          'identify',
          'identify',
          { name: 'identifier', label: 'Username', required: true },
          {
            name: 'credentials',
            type: 'object',
            required: true,
            form: { value: [{ name: 'passcode', label: 'Password', secret: true }] },
          },
          { name: 'rememberMe', type: 'boolean', label: 'Keep me signed in' },
        ),
        form('select-enroll-profile', 'enroll'),
        form('unlock-account', 'unlock-account'),
      ],
    },
    currentAuthenticator: {
      type: 'object',
      value: {
        recover: form('recover', 'recover'),
        type: 'password',
        key: 'okta_password',
        id: 'autYardstickPassword',
        displayName: 'Password',
        methods: [{ type: 'password' }],
      },
    },
    cancel: form('cancel', 'cancel'),
    app: { type: 'object', value: { name: 'oidc_client', label: 'Yardstick', id: '0oaYardstick' } },
  };
}
