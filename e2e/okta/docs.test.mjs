//! What `docs/devorg.md` tells people to type does what it says.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { OktaAuth } from 'okta-auth-js-8';

import { MARY, Org } from '../world/org.mjs';

const TEXT = await readFile(new URL('../../docs/devorg.md', import.meta.url), 'utf8');
const WRITTEN = 'http://localhost:8081';

let org;
before(async () => { org = await Org.start(); });
after(() => org.stop());

/** The blocks in a language, with the org's address for the one that is written. */
function blocks(language, start) {
  const all = [...TEXT.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text);
  return all.filter((text) => text.startsWith(start)).map((text) => text.replaceAll(WRITTEN, org.url));
}

test('the lines for okta-auth-js sign Mary in', async () => {
  const [begin] = blocks('js', 'const auth');
  const [finish] = blocks('js', 'const [{ code');
  const run = new Function('OktaAuth', `return (async () => {\n${begin}\n${finish}\nreturn transaction;\n})();`);
  const { status, tokens } = await run(OktaAuth);
  assert.equal(status, 'SUCCESS');
  assert.equal(tokens.idToken.claims.email, MARY.email);
});

test('the lines for curl are answered', async () => {
  const lines = blocks('sh', 'curl');
  assert.equal(lines.length, 2);
  for (const line of lines) {
    const { stdout } = await promisify(execFile)('sh', ['-c', line.replace('curl ', 'curl -fsS ')]);
    assert.ok(JSON.parse(stdout).client_id ?? JSON.parse(stdout).login, stdout);
  }
});
