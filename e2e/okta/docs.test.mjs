//! The examples in `docs/devorg.md` work.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { OktaAuth } from 'okta-auth-js-8';

import { MARY, Org } from '../world/org.mjs';

const TEXT = await readFile(new URL('../../docs/devorg.md', import.meta.url), 'utf8');
const WRITTEN = 'http://localhost:8081';

let org;
before(async () => { org = await Org.start(); });
after(() => org.stop());

/** The code blocks in a language, with the address of this org. */
function blocks(language, start) {
  const all = [...TEXT.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text);
  return all.filter((text) => text.startsWith(start)).map((text) => text.replaceAll(WRITTEN, org.url));
}

test('the example for okta-auth-js signs Mary in', async () => {
  const [begin] = blocks('js', 'const auth');
  const [finish] = blocks('js', 'const [{ code');
  const run = new Function('OktaAuth', `return (async () => {\n${begin}\n${finish}\nreturn transaction;\n})();`);
  const { status, tokens } = await run(OktaAuth);
  assert.equal(status, 'SUCCESS');
  assert.equal(tokens.idToken.claims.email, MARY.email);
});

test('the examples for curl succeed', async () => {
  const lines = blocks('sh', 'curl');
  assert.equal(lines.length, 2);
  for (const line of lines) {
    // Some machines have no curl.
    const [, url, type, body] = /^curl (\S+) -H 'content-type: (\S+)'[\s\\]+-d '(.*)'\s*$/s.exec(line);
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    assert.equal(response.status, 201);
    const { client_id, login } = await response.json();
    assert.ok(body.includes(client_id ?? login), line);
  }
});
