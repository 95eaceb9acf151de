//! Which flow is played with which authenticator, by which clients: the table in `docs/devorg-coverage.md`, written
//! from the tests themselves. `node okta/coverage.mjs --write` brings it up to date, and a test says when it is not.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { account } from './flows/account.mjs';
import { elsewhere } from './flows/elsewhere.mjs';
import { enroll } from './flows/enroll.mjs';
import { verify } from './flows/verify.mjs';
import { CLIENTS } from './sdk.mjs';

export const FILE = fileURLToPath(new URL('../../docs/devorg-coverage.md', import.meta.url));

const FILES = { verify, enroll, account, elsewhere };

const HEAD = `# What Okta's own clients do at the dev org

\`node okta/coverage.mjs --write\` in \`e2e\` writes this page from the tests themselves, and a test fails when it is out of date.
Every line is a test named \`FLOW: LINE\` in the file at the head of its table, run by \`npm run okta\`. The clients are
okta-auth-js 7.14.5, 8.0.1, and 8.0.1 in step mode, each as a confidential and as a public client: six in all. What Okta's
Sign-In Widget 7.49.0 does is at the end.
`;

const TAIL = `
The widget has no page for two things that the SDK does above. It has no setting for an activation token, which only
confidential clients may send. And for Duo it loads a frame from \`https://HOST/frame/web/v1/auth\`, where the org names HOST,
and listens to messages of that origin only; the dev org has no certificate for such a host, so it names none.
`;

const WIDGET = ['sign-in', 'choices', 'factors', 'account', 'elsewhere'];

export async function table() {
  const parts = [HEAD];
  for (const [file, flows] of Object.entries(FILES)) {
    for (const [flow, by] of Object.entries(flows)) {
      const rows = Object.entries(by).map(([authenticator, tell]) => `| ${authenticator} | ${players(tell)} |`);
      parts.push(`## ${flow}\n\n| \`e2e/okta/${file}.test.mjs\` | clients |\n|---|---|\n${rows.join('\n')}\n`);
    }
  }
  return [...parts, await widget()].join('\n');
}

/** What the widget's tests are called. A name with a gap stands for one of each that fills it. */
async function widget() {
  const rows = await Promise.all(WIDGET.map(async (name) => {
    const text = await readFile(new URL(`../widget/${name}.spec.mjs`, import.meta.url), 'utf8');
    const titles = [...text.matchAll(/\btest\((['`])(.+?)\1, async/g)].map(([, , title]) => title);
    const filled = titles.flatMap((title) => (/\$\{(\w+)\}/.test(title) ? fill(title, text) : [title]));
    return filled.map((title) => `| ${title} | \`${name}.spec.mjs\` |`);
  }));
  return `## The Sign-In Widget, its second and its third generation\n\n| test | in \`e2e/widget\` |\n|---|---|\n${rows.flat().join('\n')}\n${TAIL}`;
}

/** The gap's name, in capitals and of many, is the list it is filled from. */
function fill(title, text) {
  const [gap, name] = /\$\{(\w+)\}/.exec(title);
  const [, list] = new RegExp(`^const ${name.toUpperCase()}S = \\{\\n(.*?)^\\};`, 'ms').exec(text);
  return [...list.matchAll(/^ {2}'?(\w[\w -]*?)'?:/gm)].map(([, member]) => title.replace(gap, member));
}

/** How many clients play it, and which if not all. */
function players(tell) {
  const all = CLIENTS.filter((client) => !tell.only || tell.only(client));
  if (all.length === CLIENTS.length) return 'all six';
  const is = (holds) => all.every(holds);
  if (is(({ isConfidential }) => isConfidential)) return `the ${all.length} confidential ones`;
  if (is(({ isConfidential }) => !isConfidential)) return `the ${all.length} public ones`;
  return `the ${all.length} in legacy mode`;
}

if (process.argv.includes('--write')) await writeFile(FILE, await table());
