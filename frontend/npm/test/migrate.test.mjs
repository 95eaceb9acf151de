//! The command that reads a configuration of Okta's Sign-In Widget.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { built } from './built.mjs';

const run = promisify(execFile);
const element = path.join(await built(), 'element');
const { migrate, print } = await import(pathToFileURL(path.join(element, 'migrate.js')));
const E2E = fileURLToPath(new URL('../../../e2e/package.json', import.meta.url));
const WIDGET = path.dirname(createRequire(E2E).resolve('@okta/okta-signin-widget/package.json'));

const unknown = (configuration) => migrate(configuration).notes.filter(({ note }) => note.includes('does not list')).map(({ option }) => option);

/** An option by its path, as a configuration. */
const having = (option) => option.split('.').reduceRight((inner, name) => ({ [name]: inner }), 'x');

test('every option that the documentation of the widget names is known', async () => {
  const readme = await readFile(path.join(WIDGET, 'README.md'), 'utf8');
  const headings = readme.slice(readme.indexOf('\n## Configuration'), readme.indexOf('\n## Events')).match(/^#{3,5} [a-zA-Z.]+$/gm).map((line) => line.replace(/^#+ /, ''));
  const options = headings.filter((name) => /^[a-z]/.test(name) && !['assets', 'colors', 'parseSchema', 'preSubmit', 'postSubmit'].includes(name));
  assert.ok(options.length > 30);
  assert.deepEqual(options.flatMap((option) => unknown(having(option))), []);
});

test('every option and every feature that the types of the widget name is known', async () => {
  const types = await readFile(path.join(WIDGET, 'types/src/types/options.d.ts'), 'utf8');
  const members = types.slice(types.indexOf('interface WidgetOptions'), types.indexOf('interface AuthParams')).match(/^ {4}\w+(?=\?:)/gm).map((name) => name.trim());
  const features = types.match(/type Feature = ([^;]+);/)[1].match(/\w+/g).map((name) => `features.${name}`);
  assert.ok(members.length > 35 && features.length > 20);
  const groups = ['assets', 'authParams', 'colors', 'consent', 'customButtons', 'features', 'hcaptcha', 'helpLinks', 'hooks', 'i18n', 'idpDiscovery', 'idps', 'piv', 'recaptcha', 'registration'];
  const options = [...members.filter((name) => !groups.includes(name)), ...features];
  assert.deepEqual(options.flatMap((option) => unknown(having(option))), []);
  assert.deepEqual(unknown({ idps: [{ id: '0oa1' }], customButtons: [{ title: 'Help' }], i18n: { en: {} }, hooks: { identify: {} }, piv: { certAuthUrl: 'x' } }), []);
});

test('a configuration becomes a page, its styles and the settings of the server', () => {
  const { attributes, tokens, settings, notes } = migrate({
    issuer: 'https://acme.okta.com/oauth2/default',
    clientId: '0oa1',
    scopes: ['openid', 'profile'],
    language: 'de',
    colors: { brand: '#005a3c' },
    theme: { tokens: { BorderRadiusMain: '2px', TypographyFamilyBody: 'Inter, sans-serif', PaletteWarningMain: 'orange' } },
    transformUsername: (name) => `${name}@acme.example.com`,
    sunshine: true,
  });
  assert.deepEqual(attributes, { lang: 'de' });
  assert.deepEqual(tokens, { '--accent': '#005a3c', '--strong': '#005a3c', '--radius': '2px', '--font': 'Inter, sans-serif' });
  assert.deepEqual(settings, { LATCHKEY_ISSUER: 'https://acme.okta.com/oauth2/default', LATCHKEY_CLIENT_ID: '0oa1', LATCHKEY_SCOPES: 'openid profile' });
  assert.deepEqual(notes.map(({ option }) => option), ['clientId', 'theme.tokens.PaletteWarningMain', 'transformUsername', 'sunshine']);
});

test('a logo, links, buttons, texts and the name of the brand become what can be pasted', async () => {
  const migration = migrate({
    logo: '/logo.svg?a&b',
    logoText: 'ACME',
    brandName: 'The "ACME"',
    helpSupportNumber: '+1 555 0100',
    helpLinks: { help: 'https://acme.example.com/help', custom: [{ text: 'What is <ACME>?', href: '/what', target: '_blank' }] },
    customButtons: [{ title: 'Call us', click: () => {} }],
    i18n: { en: { 'primaryauth.title': 'Sign in to ACME', 'errors.E0000004': 'That was wrong.' }, de: { 'primaryauth.title': 'Bei ACME anmelden' } },
  });
  const printed = print(migration);
  assert.ok(
    printed.includes(`<latchkey-sign-in>
  <img slot="logo" src="/logo.svg?a&amp;b" alt="ACME">
  <p slot="footer">+1 555 0100</p>
  <a slot="after-form" href="https://acme.example.com/help">Help</a>
  <a slot="after-form" href="/what" target="_blank">What is &lt;ACME>?</a>
  <button slot="after-form" type="button">Call us</button>
  The sign-in cannot be shown here.
</latchkey-sign-in>`),
    printed,
  );
  assert.deepEqual(migration.texts, { 'Sign In': 'Sign in to ACME', 'errors.E0000004': 'That was wrong.', de: { 'Sign In': 'Bei ACME anmelden' } });
  assert.ok(printed.includes(`.text = ${JSON.stringify(migration.texts, null, 2)};`) && printed.includes('[brand]\nname = "The \\"ACME\\""'), printed);
  assert.deepEqual(migration.notes.map(({ option }) => option), ['customButtons', 'i18n']);
  assert.equal(migrate({ logoText: 'ACME', logo: '/logo.svg' }).pieces[0].attributes.alt, 'ACME');
  assert.ok(!print(migrate({ logoText: 'ACME' })).includes('<img'));
});

test('the texts of the table are texts of our screens', async () => {
  const known = await readFile(new URL('../../text/de.json', import.meta.url), 'utf8');
  const source = await readFile(new URL('../element/src/widget-options.ts', import.meta.url), 'utf8');
  const texts = [...source.match(/const TEXTS[^}]*/)[0].matchAll(/: "(.*)",$/gm)].map(([, text]) => text);
  assert.ok(texts.length > 10);
  assert.deepEqual(texts.filter((text) => !(text in JSON.parse(known))), []);
});

test('a language that Latchkey does not have is kept and said', () => {
  const { attributes, notes } = migrate({ language: 'fi' });
  assert.deepEqual([attributes, notes[0].option], [{ lang: 'fi' }, 'language']);
});

test('what is printed can be pasted: quotes in values end nothing', () => {
  const text = print(migrate({ language: '"><script>', scopes: "openid 'x" }));
  assert.ok(text.includes('lang="&quot;><script>"') && text.includes("LATCHKEY_SCOPES='openid '\\''x'"), text);
});

test('the tokens of the table are tokens of our style sheet', async () => {
  const sheet = await readFile(new URL('../../../style/tokens.css', import.meta.url), 'utf8');
  const tokens = (await readFile(new URL('../element/src/widget-options.ts', import.meta.url), 'utf8')).match(/"--[a-z-]+"/g);
  assert.deepEqual(tokens.filter((token) => !sheet.includes(`  ${token.slice(1, -1)}:`)), []);
});

test('the settings of the table are settings of our server', async () => {
  const settings = await readFile(new URL('../../../backend/src/config/settings.rs', import.meta.url), 'utf8');
  const named = (await readFile(new URL('../element/src/widget-options.ts', import.meta.url), 'utf8')).match(/LATCHKEY_[A-Z_]+/g);
  assert.deepEqual(named.filter((name) => !settings.includes(`"${name.replace('LATCHKEY_', '').toLowerCase()}"`)), []);
});

test('the command reads JSON and modules, and says what it needs', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-widget-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const command = path.join(element, 'migrate-command.js');
  const file = async (name, text) => (await writeFile(path.join(folder, name), text), path.join(folder, name));
  const json = await run('node', [command, await file('config.json', '{ "colors": { "brand": "#005a3c" } }')]);
  const module = await run('node', [command, await file('config.mjs', 'export default { colors: { brand: "#005a3c" }, hooks: {} };')]);
  for (const { stdout } of [json, module]) assert.ok(stdout.includes('<latchkey-sign-in>') && stdout.includes('  --accent: #005a3c;'), stdout);
  await assert.rejects(run('node', [command]), { code: 2 });
  await assert.rejects(run('node', [command, path.join(folder, 'none.json')]), ({ code, stderr }) => code === 1 && stderr.includes('none.json cannot be read'));
});
