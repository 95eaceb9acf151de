//! Writes `docs/devorg-coverage.md` from the tests: which flow runs with which authenticator and client.
//! `node okta/coverage.mjs --write` updates it, and a test fails when it is out of date.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { access } from './flows/access.mjs';
import { account } from './flows/account.mjs';
import { elsewhere } from './flows/elsewhere.mjs';
import { enroll } from './flows/enroll.mjs';
import { fastpass } from './flows/fastpass.mjs';
import { guides } from './flows/guides.mjs';
import { orgPage } from './flows/org-page.mjs';
import { vendors } from './flows/vendors.mjs';
import { verify } from './flows/verify.mjs';
import { CLIENTS } from './sdk.mjs';

export const FILE = fileURLToPath(new URL('../../docs/devorg-coverage.md', import.meta.url));

const FILES = { guides, verify, enroll, account, access, elsewhere, 'org-page': orgPage, fastpass, vendors };

const HEAD = `# What Okta's clients do with the dev org

\`node okta/coverage.mjs --write\` in \`e2e\` writes this page from the tests, and a test fails when it is out of date. Every line is
a test named \`FLOW: LINE\` in the file at the head of its table, run by \`npm run okta\`. The clients are
okta-auth-js 7.14.5, 8.0.1, and 8.0.1 in step mode, each confidential and public: six in all. The last table covers Okta's
Sign-In Widget 7.49.0.
`;

const TAIL = `
The widget does not cover two flows of the SDK. It has no setting for an activation token, which only confidential clients may
send. For Duo it loads a frame from \`https://HOST/frame/web/v1/auth\` and accepts messages of that origin only; the dev org has
no certificate for such a host, so it names none.
`;

const WIDGET = ['sign-in', 'choices', 'factors', 'account', 'access', 'elsewhere', 'captcha', 'passkeys', 'fastpass', 'vendors'];

export async function table() {
  const parts = [HEAD];
  for (const [file, flows] of Object.entries(FILES)) {
    for (const [flow, by] of Object.entries(flows)) {
      const rows = Object.entries(by).map(([authenticator, run]) => `| ${authenticator} | ${clientsOf(run)} |`);
      parts.push(`## ${flow}\n\n| \`e2e/okta/${file}.test.mjs\` | clients |\n|---|---|\n${rows.join('\n')}\n`);
    }
  }
  return [...parts, await widget()].join('\n');
}

/** The titles of the widget's tests. A title with a placeholder stands for one test for each value. */
async function widget() {
  const rows = await Promise.all(WIDGET.map(async (name) => {
    const text = await readFile(new URL(`../widget/${name}.spec.mjs`, import.meta.url), 'utf8');
    const titles = [...text.matchAll(/\btest\((['`])(.+?)\1, async/g)].map(([, , title]) => title);
    const filled = titles.flatMap((title) => (/\$\{(\w+)\}/.test(title) ? fill(title, text) : [title]));
    return filled.map((title) => `| ${title} | \`${name}.spec.mjs\` |`);
  }));
  return `## The Sign-In Widget, its second and its third generation\n\n| test | in \`e2e/widget\` |\n|---|---|\n${rows.flat().join('\n')}\n${TAIL}`;
}

/** Fills a placeholder from the list with its name in capitals and the plural. */
function fill(title, text) {
  const [gap, name] = /\$\{(\w+)\}/.exec(title);
  const [, list] = new RegExp(`^const ${name.toUpperCase()}S = \\{\\n(.*?)^\\};`, 'ms').exec(text);
  return [...list.matchAll(/^ {2}'?(\w[\w -]*?)'?:/gm)].map(([, member]) => title.replace(gap, member));
}

/** The clients that run a flow. */
function clientsOf(run) {
  const all = CLIENTS.filter((client) => !run.only || run.only(client));
  if (all.length === CLIENTS.length) return 'all six';
  const is = (holds) => all.every(holds);
  if (is(({ isConfidential }) => isConfidential)) return `the ${all.length} confidential ones`;
  if (is(({ isConfidential }) => !isConfidential)) return `the ${all.length} public ones`;
  return `the ${all.length} in ${is(({ isStepwise }) => isStepwise) ? 'step' : 'legacy'} mode`;
}

if (process.argv.includes('--write')) await writeFile(FILE, await table());
