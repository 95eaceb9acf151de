//! Okta's own Sign-In Widget: Okta Verify on this machine, which the dev org plays.

import { createServer } from 'node:net';

import { signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const asking = (fastpass) => ({
  global_session: { establish_with: 'any-factor' },
  sign_on: [{ authenticate_with: 'any-1-factor' }],
  enrollment: { okta_password: 'OPTIONAL', okta_email: 'OPTIONAL', okta_verify: 'OPTIONAL' },
  // Long enough for a busy machine.
  fastpass: { probe_timeout_milliseconds: 10_000, ...fastpass },
});

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

forEachGeneration((generation) => {
  test('a device that is asked first signs its user in', async ({ enter, org, page }) => {
    test.skip(generation === 'second', 'it does not reach the stand-in, and asks for the username');
    const ada = await org.newUser();
    const port = await org.startDevice(ada.login);
    await enter(asking({ probe: true, ports: [await freePort(), port] }));
    await signedIn(page, ada.email);
  });

  test('without a device the widget asks for the username', async ({ enter, page }) => {
    await enter(asking({ probe: true, ports: [await freePort()] }));
    await expect(page.getByLabel('Username')).toBeVisible();
  });
});
