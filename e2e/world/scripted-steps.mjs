//! Steps as responses of the server's API: the dev org asks for them never, or only at the end of a long flow.

const ALLOW = [
  { label: 'Allow Access', value: true },
  { label: 'Don\'t Allow', value: false },
];
const authenticator = (key, type, displayName, more = {}) => ({ key, type, displayName, ...more });
const onDevice = (deviceChallenge) => authenticator('okta_verify', 'app', 'Okta Verify', { contextualData: { deviceChallenge: { probeTimeout: 100, needsPermission: false, ...deviceChallenge } } });
const code = { name: 'verificationCode', type: 'string', required: true };

/** Steps by the name of the page. */
const STEPS = {
  consent: { name: 'consent', consent: { app: 'Shop', scopes: [{ label: 'email' }] }, inputs: [{ name: 'consent', type: 'boolean', required: true, label: 'Allow Access', options: ALLOW }] },
  'email-consent': {
    name: 'email-challenge-consent',
    consent: { details: [{ label: 'Browser', value: '@Chrome' }, { label: 'App', value: '@Shop' }] },
    inputs: [{ name: 'consent', type: 'boolean', required: true, options: [{ label: 'Yes, it\'s me', value: true }, { label: 'No, it\'s not me', value: false }] }],
  },
  'stay-signed-in': { name: 'keep-me-signed-in', inputs: [{ name: 'keepMeSignedIn', type: 'boolean', required: true, label: 'Keep me signed in' }] },
  profile: {
    name: 'profile-update',
    canSkip: true,
    inputs: [
      {
        name: 'userProfile',
        type: 'object',
        required: true,
        form: {
          value: [
            { name: 'secondEmail', type: 'string', label: 'Secondary email' },
            { name: 'phone', type: 'number', label: 'Mobile phone', required: true },
            { name: 'news', type: 'boolean', label: 'Get a push notification' },
            { name: 'first', type: 'date', label: 'What did you earn your first medal or award for?' },
            { name: 'method', type: 'string', label: 'Method', required: true, options: ['Email', 'Phone'].map((label) => ({ label, value: label })) },
          ],
        },
      },
    ],
  },
  device: { name: 'device-challenge-poll', poll: { required: true, refresh: 60_000 }, authenticator: onDevice({ method: 'LOOPBACK', challengeRequest: 'a.b.c', addresses: [] }) },
  'open-app': { name: 'challenge-poll', poll: { required: true, refresh: 60_000 }, authenticator: onDevice({ method: 'CUSTOM_URI', addresses: [], href: 'com-okta-authenticator:/deviceChallenge', downloadHref: 'https://example.com/' }) },
  launch: { name: 'launch-authenticator' },
  link: { name: 'enroll-poll', poll: { required: true, refresh: 60_000 }, authenticator: authenticator('okta_verify', 'app', 'Okta Verify', { contextualData: { selectedChannel: 'email', email: 'm***y@example.com' } }) },
  wait: { name: 'poll', poll: { required: true, refresh: 60_000 } },
  call: { name: 'challenge-authenticator', canResend: true, authenticator: authenticator('phone_number', 'phone', 'Phone', { methods: [{ type: 'voice' }] }), inputs: [code] },
  'access-code': { name: 'challenge-authenticator', authenticator: authenticator('tac', 'tac', 'Temporary Access Code'), inputs: [code] },
  identity: {
    name: 'redirect-idverify',
    type: 'ID_PROOFING',
    href: '/login/redirect/scripted/IDV_PERSONA',
    idp: { id: 'IDV_PERSONA', name: '@Persona' },
    consent: {
      details: [
        { label: 'Terms of use', value: 'https://withpersona.com/legal/terms-of-use' },
        { label: 'Privacy policy', value: 'https://withpersona.com/legal/privacy-policy' },
      ],
    },
  },
  providers: { name: 'redirect-idp', type: 'GOOGLE', href: '/login/redirect/scripted/1', idp: { id: '1', name: '@Google' } },
};

const ENDS = {
  'ended-well': { class: 'INFO', message: '', i18n: { key: 'idx.recovery.completed', params: [] } },
  'ended-badly': { class: 'ERROR', message: '', i18n: { key: 'idx.return.link.expired', params: [] } },
  'other-tab': { class: 'INFO', message: '', i18n: { key: 'idx.transferred.to.new.tab', params: [] } },
};
const ENGLISH = {
  'ended-well': 'You can now sign in with your existing username and new password.',
  'ended-badly': 'This link has expired or was used already. Return to the tab where you asked for it to get a new one.',
  'other-tab': 'Success! Your sign-in continues in another tab. You may close this one.',
};

/** Opens the page at this step or end, with these further members. Returns a list to which the page's answers are added. */
export async function openAtStep(page, name, members = {}) {
  const step = STEPS[name];
  const others = name === 'providers' ? [step, { ...step, type: 'OIDC', href: '/login/redirect/scripted/2', idp: { id: '2', name: '@GitHub' } }] : [step];
  const transaction = step
    ? { transaction: 'scripted', status: 'PENDING', nextStep: step, availableSteps: others, enabledFeatures: [], messages: [] }
    : { transaction: 'scripted', status: 'TERMINAL', availableSteps: [], enabledFeatures: [], messages: [{ ...ENDS[name], message: ENGLISH[name] }] };
  const sent = [];
  await page.route('**/api/idx/*', async (route) => {
    if (route.request().url().endsWith('/proceed')) sent.push(route.request().postDataJSON());
    await route.fulfill({ json: { ...transaction, ...members } });
  });
  await page.goto('/login');
  return sent;
}
