//! Okta's own Sign-In Widget: Okta Verify on this machine, which the dev org plays.

import { freePort } from '../world/loopback.mjs';
import { either, identify, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const SIGN_IN = 'Sign in with Okta FastPass';
const CANCEL = '/authenticators/poll/cancel';

const PASSWORD = { sign_on: [{ authenticate_with: 'password' }], enrollment: { okta_password: 'REQUIRED' } };

const asking = (fastpass) => ({
  global_session: { establish_with: 'any-factor' },
  sign_on: [{ authenticate_with: 'any-1-factor' }],
  enrollment: { okta_password: 'OPTIONAL', okta_email: 'OPTIONAL', okta_verify: 'OPTIONAL' },
  // Long enough for a busy machine.
  fastpass: { probe_timeout_milliseconds: 10_000, ...fastpass },
});

forEachGeneration(() => {
  test('a device that is asked first signs its user in', async ({ enter, org, page }) => {
    const ada = await org.newUser();
    const port = await org.startDevice(ada.login);
    await enter(asking({ probe: true, ports: [await freePort(), port] }));
    await signedIn(page, ada.email);
  });

  test('the button signs in, past the Okta Verify of another user', async ({ enter, org, page }) => {
    const ada = await org.newUser();
    const ports = [await org.startDevice(ada.login, { answers: 'other-profile' }), await org.startDevice(ada.login)];
    await enter(asking({ ports }));
    await either(page, SIGN_IN).click();
    await signedIn(page, ada.email);
  });

  test('a link opens Okta Verify, and the widget goes on', async ({ enter, org, page }) => {
    const ada = await org.newUser();
    await enter(asking({ probe: true, method: 'UNIVERSAL_LINK', ports: [await org.startDevice(ada.login)] }));
    await either(page, 'Open Okta Verify').click();
    await signedIn(page, ada.email);
  });

  test('after an error of the device the widget asks for the username', async ({ enter, org, page }) => {
    const ada = await org.newUser();
    await enter(asking({ ports: [await org.startDevice(ada.login, { answers: 'error' })] }));
    const leaving = page.waitForRequest((request) => request.url().endsWith(CANCEL));
    await either(page, SIGN_IN).click();
    expect((await leaving).postDataJSON()).toMatchObject({ reason: 'OV_RETURNED_ERROR', statusCode: 500 });
    await expect(page.getByLabel('Username')).toBeVisible();
  });

  test('a browser without Apple\'s extension is asked for the username', async ({ enter, org, page }) => {
    await enter(asking({ probe: true, method: 'APPLE_SSO_EXTENSION', ports: [await org.startDevice((await org.newUser()).login)] }));
    await expect(page.getByLabel('Username')).toBeVisible();
  });

  test('without a device the widget asks for the username', async ({ enter, page }) => {
    await enter(asking({ probe: true, ports: [await freePort()] }));
    await expect(page.getByLabel('Username')).toBeVisible();
  });
});

test.describe('third generation', () => {
  test.use({ generation: 'third' });

  // The second generation shows the messages of a refused form without what can be done.
  test('an app on the device is called past a closed port, and the next sign-in succeeds', async ({ enter, org, page }) => {
    const ada = await org.newUser();
    const ports = [await freePort(), await org.startDevice(ada.login)];
    const again = await enter({ ...PASSWORD, device_assurance: { app_ports: ports } });
    await identify(page, ada);
    const calling = page.waitForResponse((response) => response.url().includes(`:${ports[1]}/azt`) && response.ok());
    await page.getByText('Install the Android Device Policy app').first().click();
    await calling;
    await again();
    await identify(page, ada);
    await signedIn(page, ada.email);
  });
});
