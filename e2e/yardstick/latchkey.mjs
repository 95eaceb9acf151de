//! The responses of our server that the client needs to draw the sign-in page, and the page's policy.

const STEP = {
  name: 'identify',
  inputs: [
    { name: 'username', label: 'Username', type: 'string', required: true },
    { name: 'password', label: 'Password', type: 'string', required: true, secret: true },
    { name: 'rememberMe', label: 'Keep me signed in', type: 'boolean', required: false },
  ],
};

const TRANSACTION = {
  transaction: 'yardstick',
  status: 'PENDING',
  nextStep: STEP,
  availableSteps: [STEP, { name: 'select-enroll-profile' }, { name: 'unlock-account' }],
  enabledFeatures: ['recover-password', 'enroll-profile', 'unlock-account'],
  messages: [],
  app: 'Latchkey',
};

/** The sections of the page that this first form does not have. */
const LEFT_OUT = ['or', 'providers', 'provider', 'passkey'];

/** The page as the server draws it with this first form. */
export function drawn(page) {
  const less = LEFT_OUT.reduce((html, name) => html.replace(new RegExp(`{{#${name}}}[^]*{{/${name}}}`), ''), page);
  return less.replace(/{{[#/]\w+}}/g, '');
}

/** A policy costs time too, and the page must be measured without what the policy forbids. */
export const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
};

/** The server's response, or undefined for other paths. */
export function answer({ method, pathname }) {
  if (!pathname.startsWith('/api/')) return undefined;
  if (method === 'GET' && pathname === '/api/session') return { json: { authenticated: false } };
  if (method === 'GET' && pathname === '/api/idx') return { status: 204 };
  if (method === 'POST' && pathname.startsWith('/api/idx/')) return { json: TRANSACTION };
  return { status: 404, type: 'application/problem+json', json: { status: 404, title: 'Not here' } };
}
