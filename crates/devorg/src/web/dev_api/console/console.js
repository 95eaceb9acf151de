// The console: shows the org's state and updates at each change.

const $ = (selector) => document.querySelector(selector);

/** Creates an element with attributes, handlers and children. Strings become text nodes. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

async function post(path, body = {}, method = 'POST') {
  const response = await fetch(`/dev/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: method === 'POST' ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) showStatus(answer.error);
  return answer;
}

function showStatus(text) {
  $('#state').textContent = text;
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  showStatus(`Copied ${text}`);
}

const time = (iso) => iso.slice(11, 19);
const copyButton = (text, key) => h('button', { onclick: () => copy(text), 'data-key': key, 'aria-label': `Copy ${text}` }, 'Copy');
const tag = (text, bad) => h('span', { class: bad ? 'tag bad' : 'tag' }, text);

const CHANNELS = { email: 'Mail', sms: 'Text message', voice: 'Call' };

function message(sent) {
  return h('li', {},
    h('div', { class: 'row' }, tag(CHANNELS[sent.channel]), h('strong', {}, sent.to), h('span', { class: 'quiet' }, time(sent.at))),
    h('div', { class: 'quiet' }, sent.subject),
    h('div', { class: 'row' },
      sent.code && h('span', { class: 'code' }, sent.code),
      sent.code && copyButton(sent.code, `${sent.id}-code`),
      sent.link && h('a', { class: 'button', href: sent.link, target: '_blank', rel: 'noreferrer', 'data-key': `${sent.id}-link` }, 'Open the link'),
      sent.link && h('button', { onclick: () => copy(sent.link), 'data-key': `${sent.id}-copy` }, 'Copy the link')));
}

const PAIRING_ACTIONS = { qrcode: 'scan the code', email: 'open the mailed link', sms: 'open the texted link' };

/** A pending task of a user's device, with its buttons. */
function deviceTask({ login, app, asks, ...it }) {
  const act = (name, text, body, chosen) =>
    h('button', { class: chosen && 'yes', onclick: body, 'data-key': `${login}-${name}` }, text);
  const answer = (approve, number) => () => post('push', { login, approve, number });
  const tasks = {
    push: () => [
      h('p', {}, 'Did you just try to sign in? ', it.number && h('span', { class: 'quiet' }, `The page shows ${it.number}.`)),
      h('div', { class: 'row' },
        it.numbers.map((number) => act(`number-${number}`, String(number), answer(true, number), number === it.number)),
        it.numbers.length === 0 && act('yes', 'Approve', answer(true), true),
        act('no', 'No, it is not me', answer(false))),
    ],
    pairing: () => [
      h('p', {}, `Okta Verify waits to ${PAIRING_ACTIONS[it.channel]}.`),
      h('div', { class: 'row' },
        act('pair', 'Add account', () => post('okta-verify', { login }), true),
        h('a', { class: 'button', href: it.link, target: '_blank', rel: 'noreferrer', 'data-key': `${login}-phone` }, 'Open as on the phone')),
    ],
    card: () => [
      h('p', {}, `${it.label}: a page waits for it.`),
      h('div', { class: 'row' }, act('card', 'Hold the card to the reader', () => post('card', { login }), true)),
    ],
    code: () => [
      h('p', {}, `${it.label} shows`),
      h('div', { class: 'row' }, h('span', { class: 'code' }, it.code), copyButton(it.code, `${login}-code`),
        h('span', { class: 'quiet' }, `then ${it.next}`)),
    ],
  };
  return h('li', {},
    h('div', { class: 'row' }, h('strong', {}, login), h('span', { class: 'quiet' }, app)),
    tasks[asks]());
}

function enrolment(enrolled) {
  const detail = enrolled.number ?? enrolled.question ?? enrolled.name ?? '';
  return h('li', { class: 'row' }, h('span', {}, enrolled.label), h('span', { class: 'quiet' }, detail),
    enrolled.code && h('code', {}, enrolled.code), enrolled.code && copyButton(enrolled.code, `${enrolled.id}-code`));
}

function person(user) {
  const path = `users/${encodeURIComponent(user.login)}`;
  const name = [user.profile.firstName, user.profile.lastName].filter(Boolean).join(' ');
  const act = (text, body) => h('button', { onclick: body, 'data-key': `${user.id}-${text}` }, text);
  return h('li', {},
    h('div', { class: 'row' }, h('strong', {}, user.login), h('span', { class: 'quiet' }, name),
      user.status !== 'ACTIVE' && tag(user.status, true),
      user.hasPassword && tag('Password'),
      user.enroll.map((key) => tag(`to set up: ${key}`, true))),
    h('ul', {}, user.enrolments.map(enrolment)),
    h('div', { class: 'row' },
      act('End sessions', () => post(`${path}/end-sessions`)),
      act('Temporary code', async () => showStatus(`Temporary access code: ${(await post(`${path}/access-code`)).code}`)),
      act('Recovery token', async () => copy((await post(`${path}/invite`, { to: 'recover' })).recoveryToken))));
}

const ASSURANCE = {
  'any-1-factor': 'any one factor',
  password: 'the password',
  'password-and-another': 'the password and another factor',
  'any-2-factors': 'two factors of different kinds',
};
const CAPTCHA = { ALTCHA: 'ALTCHA (proof of work)', HCAPTCHA: 'hCaptcha (played here)', RECAPTCHA_V2: 'reCAPTCHA v2 (played here)' };
const CAPTCHA_PAGE = { SIGN_IN: 'sign-in', SSPR: 'password reset', SSR: 'registration' };
const list = (items) => items.join(', ') || 'nothing';

/** The names of the identity providers by id. */
let providers = {};

/** How an application offers passkeys. */
function passkeySentences({ passkeys: { name, button, promotion }, passkey_autofill: autofill }) {
  const called = name || 'Passkeys';
  const how = [autofill && 'the browser offers them', button && 'a button takes them'].filter(Boolean);
  return [
    ...(how.length ? [`${called} on the first page: ${how.join(', ')}.`] : []),
    ...(promotion ? [`${called} are offered after the sign-in, ${promotion.skip_count ? `at most ${promotion.skip_count} times` : 'as often as they are skipped'}.`] : []),
  ];
}

const PASS_ON = {
  LOOPBACK: 'over loopback',
  CUSTOM_URI: 'by an app address',
  UNIVERSAL_LINK: 'by a universal link',
  APP_LINK: 'by an app link',
  CHROME_DTC: 'by Chrome',
  APPLE_SSO_EXTENSION: "by Apple's extension",
};

/** How an application uses Okta Verify on the user's own device. */
function fastpassSentences({ fastpass }) {
  if (!fastpass) return [];
  const { method, ports, probe, button, split } = fastpass;
  return [
    `Okta Verify on the device is asked ${PASS_ON[method]}, at the ports ${list(ports)}${probe ? ', before the username' : ''}.`,
    ...(button ? ['A button on the first page starts it.'] : []),
    ...(split ? ['Codes, push and FastPass are three authenticators.'] : []),
  ];
}

/** The policies of an application as sentences. */
function policies(app) {
  const by = (inclusion) => Object.keys(app.enrollment).filter((key) => app.enrollment[key] === inclusion);
  const rules = app.sign_on.map((rule) => {
    const who = rule.groups.length ? `Members of ${list(rule.groups)}` : 'Everyone';
    if (rule.access === 'DENIED') return `${who}: access denied.`;
    const only = rule.factors.length ? `, using ${list(rule.factors)}` : '';
    return `${who}: ${ASSURANCE[rule.authenticate_with]}${only}.`;
  });
  const { password } = app;
  return [
    `The first page asks for ${app.global_session.establish_with === 'password' ? 'username and password' : 'the username'}.`,
    ...rules,
    ...(app.list_of_one ? ['A single authenticator is listed for a choice.'] : []),
    ...(app.challenge_email_at_once ? ['E-mail alone is challenged at once.'] : []),
    ...(app.identity_providers.length ? [`Sign-in with an identity provider: ${list(app.identity_providers.map((id) => providers[id]))}.`] : []),
    `Required to set up: ${list(by('REQUIRED'))}. Optional: ${list(by('OPTIONAL'))}.`,
    app.profile.self_service_registration
      ? `Users can register with ${list(app.profile.attributes.map((a) => a.label))}; the address is ${app.profile.email_verification ? '' : 'not '}verified.`
      : 'Self-service registration is off.',
    `A forgotten password is recovered with ${list(password.recovery)}; a locked account is unlocked with ${list(password.unlock)}.`,
    ...(app.captcha ? [`${CAPTCHA[app.captcha.type]} on ${list(app.captcha.enabled_pages.map((page) => CAPTCHA_PAGE[page]))}.`] : []),
    ...passkeySentences(app),
    ...fastpassSentences(app),
    password.max_attempts ? `${password.max_attempts} wrong passwords lock the account.` : 'Wrong passwords never lock the account.',
  ];
}

function application(app) {
  return h('li', {},
    h('details', { 'data-key': app.client_id },
      h('summary', {}, h('strong', {}, app.label || app.client_id), ' ', h('code', {}, app.client_id), ' ',
        tag(app.client_secret ? 'confidential' : 'public')),
      h('ul', {}, policies(app).map((sentence) => h('li', {}, sentence))),
      h('p', { class: 'quiet' }, `Redirects to ${list(app.redirect_uris)}`)));
}

/** What each of Okta's guides for embedded sign-in shows, by the client id of its app. */
const GUIDES = {
  'guide-password-phone': 'Password, a list with the phone alone, SMS or voice, the code.',
  'guide-password-email': 'Password, a list with e-mail alone, the mailed code.',
  'guide-email-only': 'Username, then the mailed code or link. No password.',
  'guide-registration': 'Sign up: password, e-mail, and a phone that can be skipped.',
};

function guide({ client_id: id }) {
  const setting = `LATCHKEY_CLIENT_ID=${id}`;
  return h('li', {},
    h('div', {}, GUIDES[id]),
    h('div', { class: 'row' }, h('code', {}, setting), copyButton(setting, `${id}-setting`)));
}

const session = (it) => h('li', { class: 'row' }, h('strong', {}, it.login), h('span', { class: 'quiet' }, `since ${time(it.since)}, until ${it.until.slice(0, 16).replace('T', ' ')}`));
const fault = (it) => h('li', { class: 'row' }, h('code', {}, it.path), tag(it.kind, true), h('span', { class: 'quiet' }, it.times ? `${it.times} more` : 'every call'));

const fastpassDevice = (it) => h('li', { class: 'row' }, h('strong', {}, it.login), h('code', {}, `http://localhost:${it.port}`));

function call(it) {
  return h('tr', {},
    h('td', {}, time(it.at)),
    h('td', { class: it.status >= 400 ? 'bad' : null }, String(it.status)),
    h('td', {}, h('code', {}, `${it.method} ${it.path}`)),
    h('td', {}, `${(it.micros / 1000).toFixed(1)} ms`));
}

const VIEWS = { inbox: message, devices: deviceTask, users: person, apps: application, guides: guide, sessions: session, fastpass: fastpassDevice, faults: fault, journal: call };
const current = {};

/** Replaces a list if it changed, and keeps the focus and the open details. */
function replace(name, items) {
  const now = JSON.stringify(items);
  if (current[name] === now) return;
  current[name] = now;
  const target = $(`[data-list="${name}"]`);
  const focus = target.contains(document.activeElement) && document.activeElement.closest('[data-key]')?.dataset.key;
  const open = new Set([...target.querySelectorAll('details[open]')].map((it) => it.dataset.key));
  target.replaceChildren(...items.map(VIEWS[name]));
  for (const it of target.querySelectorAll('details')) it.open = open.has(it.dataset.key);
  if (focus) {
    const again = target.querySelector(`[data-key="${CSS.escape(focus)}"]`);
    (again?.querySelector('summary') ?? again)?.focus();
  }
}

/** All applications. */
let apps = [];

/** Shows the applications that have every word of the filter in their names or policies. */
function showApps() {
  const words = $('#filter').value.toLowerCase().split(/\s+/);
  const text = (app) => [app.label, app.client_id, ...policies(app)].join(' ').toLowerCase();
  const matching = apps.filter((app) => words.every((word) => text(app).includes(word)));
  $('#app-count').textContent = matching.length < apps.length ? `${matching.length} of ${apps.length}` : `${apps.length}`;
  replace('apps', matching);
}

function show(state) {
  document.title = `${state.org.name} · dev org`;
  $('#name').textContent = state.org.name;
  $('#issuer').textContent = state.issuer;
  $('#now').textContent = state.now.slice(0, 19).replace('T', ' ');
  $('#tokens').textContent = `${state.tokens.access} access, ${state.tokens.refresh} refresh`;
  $('#user-count').textContent = state.userCount > state.users.length ? `the first ${state.users.length} of ${state.userCount}` : `${state.userCount}`;
  providers = Object.fromEntries(state.providers.map(({ id, name }) => [id, name]));
  $('#logins').replaceChildren(...state.users.map(({ login }) => h('option', { value: login })));
  $('#devices').hidden = state.devices.length === 0;
  const guides = state.apps.filter(({ client_id: id }) => id in GUIDES);
  $('#guides').hidden = guides.length === 0;
  ({ apps } = state);
  showApps();
  const shown = { ...state, guides };
  for (const name of Object.keys(VIEWS).filter((name) => name !== 'apps')) replace(name, shown[name]);
}

/** Long polling: the org responds at the next change. */
async function follow() {
  let since;
  for (;;) {
    try {
      const response = await fetch(`/dev/state${since === undefined ? '' : `?since=${since}`}`);
      const state = await response.json();
      if (since === undefined) {
        showStatus('Live');
        $('#state').classList.remove('lost');
      }
      since = state.seen;
      show(state);
    } catch {
      since = undefined;
      showStatus('The org does not answer. Trying again…');
      $('#state').classList.add('lost');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

document.addEventListener('click', ({ target }) => {
  if (target.dataset?.clock) post('clock', { advance: Number(target.dataset.clock) });
  if (target.dataset?.copy) copy($(target.dataset.copy).textContent);
});
$('#filter').addEventListener('input', showApps);
$('#reset').addEventListener('click', () => post('reset'));
$('#clear-faults').addEventListener('click', () => post('faults', undefined, 'DELETE'));
$('#stop-fastpass').addEventListener('click', () => post('fastpass', undefined, 'DELETE'));
$('#fastpass').addEventListener('submit', (event) => {
  event.preventDefault();
  const { login, port, answers } = Object.fromEntries(new FormData(event.target));
  post('fastpass', { login, port: Number(port), answers });
});
$('#fault').addEventListener('submit', (event) => {
  event.preventDefault();
  const { path, kind, times } = Object.fromEntries(new FormData(event.target));
  const more = { delay: { ms: 3000 }, status: { status: 500, body: {} }, truncate: { bytes: 40 }, drop: { bytes: 40 } };
  post('faults', { path, kind, ...(times && { times: Number(times) }), ...more[kind] });
});

follow();
