//! Okta FastPass: the page passes challenges on to Okta Verify on this machine, which the dev org plays, or goes on without.

import { button, choose, chooseIfAsked, enterCode, heading, identify, identifyFirst, link, offer, username, welcome } from './person.mjs';
import { PASSWORD_ALONE } from './policies.mjs';
import { expect, test } from './test.mjs';
import { App } from './world/app.mjs';
import { freePort } from './world/loopback.mjs';
import { MARY } from './world/org.mjs';

const SIGN_IN = 'Sign in with Okta FastPass';
const WITHOUT = 'Continue without Okta FastPass';
const CANCEL = '/authenticators/poll/cancel';
/** Long enough for a busy machine; a port at which nothing listens refuses at once. */
const PROBE_TIMEOUT_MS = 10_000;
const STEP_MS = 10;

/** An app that takes any one factor, and asks devices by this policy. */
const asking = (fastpass) => ({
  global_session: { establish_with: 'any-factor' },
  sign_on: [{ authenticate_with: 'any-1-factor' }],
  enrollment: { okta_password: 'OPTIONAL', okta_email: 'OPTIONAL', okta_verify: 'OPTIONAL' },
  fastpass,
});

/** Fixtures: an app with this policy, and devices that answer so, one after the other; `undefined` is a port at which none listens. */
const withDevices = (fastpass, ...answers) => ({
  allowedDomain: 'localhost',
  app: async ({ org }, use) => {
    const ports = [];
    for (const one of answers) ports.push(one ? await org.startDevice(MARY.login, { answers: one }) : await freePort());
    const app = await App.start(org, asking({ ports, probe_timeout_milliseconds: PROBE_TIMEOUT_MS, ...fastpass }), { LATCHKEY_FASTPASS_PORTS: ports.join(' ') });
    await use(app);
    await app.stop();
  },
});

async function chooseFastPass(page) {
  await identifyFirst(page);
  await choose(page, 'Use Okta FastPass');
}

test.describe('with Okta Verify on this device', () => {
  test.describe('that is asked first', () => {
    test.use(withDevices({ probe: true }, 'signature'));

    test('a person is signed in without typing anything', async ({ page, org }) => {
      await page.goto('/');
      await expect(welcome(page)).toBeVisible();
      expect(await org.calls(CANCEL)).toBe(0);
    });

    test('in the element too, if the policy of its page allows it', async ({ page, app }) => {
      const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' http://localhost:*; img-src data:";
      const body = '<!doctype html><html lang="en"><title>Shop</title><latchkey-sign-in></latchkey-sign-in><script type="module" src="/latchkey.js"></script>';
      await page.context().route('**/shop', (route) => route.fulfill({ body, contentType: 'text/html', headers: { 'content-security-policy': policy } }));
      // A page that Playwright answers counts as one of the internet, which needs the permission.
      await page.context().grantPermissions(['local-network-access']);
      await page.goto(`${app.url}/shop`);
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('that the person asks for', () => {
    test.use(withDevices({ chrome_permission: true }, undefined, 'other-profile', 'signature'));

    test('the button signs in, past a closed port and the Okta Verify of another user', async ({ page }) => {
      await page.goto('/');
      await button(page, SIGN_IN).click();
      await expect(welcome(page)).toBeVisible();
    });

    test('the page asks the org as soon as Okta Verify has answered', async ({ page }) => {
      await page.route('**/api/idx/proceed', async (route) => {
        const response = await route.fetch();
        const transaction = await response.json();
        // Longer than the test: a poll that waits for its interval comes too late.
        transaction.nextStep.poll.refresh = 600_000;
        await route.fulfill({ response, json: transaction });
      });
      await page.goto('/');
      await button(page, SIGN_IN).click();
      await expect(welcome(page)).toBeVisible();
    });

    test('FastPass is a method of Okta Verify', async ({ page }) => {
      await chooseFastPass(page);
      await expect(welcome(page)).toBeVisible();
    });

    test('the way out is in sight while Okta Verify has the challenge', async ({ page }) => {
      await page.route('**/challenge', () => {});
      await page.goto('/');
      await button(page, SIGN_IN).click();
      await expect(heading(page, SIGN_IN)).toBeVisible();
      await offer(page, WITHOUT).click();
      await expect(username(page)).toBeVisible();
      await page.unrouteAll();
    });

    test('a refused permission is explained, and works once it is granted', async ({ page }) => {
      await page.addInitScript(() => {
        globalThis.state = 'denied';
        navigator.permissions.query = async () => ({ state: globalThis.state });
      });
      await page.goto('/');
      await button(page, SIGN_IN).click();
      await expect(page.getByText('Your browser does not let this page connect to Okta Verify')).toBeVisible();
      await expect(page.getByRole('listitem').filter({ hasText: 'Open the site settings' })).toBeVisible();
      await expect(link(page, 'Help')).toBeVisible();
      await expect(offer(page, WITHOUT)).toBeVisible();
      await page.evaluate(() => (globalThis.state = 'granted'));
      await button(page, 'Try again').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('a permission that the browser will ask for is explained', async ({ page }) => {
      await page.addInitScript(() => {
        navigator.permissions.query = async () => ({ state: 'prompt' });
      });
      await page.route('**/challenge', () => {});
      await page.goto('/');
      await button(page, SIGN_IN).click();
      await expect(page.getByText('Your browser may ask whether this page may connect to apps')).toBeVisible();
      await page.unrouteAll();
    });
  });

  test.describe('that fails', () => {
    test.use(withDevices({}, 'error', 'signature'));

    test('the page goes on without it', async ({ page, org }) => {
      await page.goto('/');
      await button(page, SIGN_IN).click();
      await expect.poll(() => org.calls(CANCEL)).toBe(1);
      await identifyFirst(page);
      await chooseIfAsked(page, 'Email');
      await enterCode(page, await org.code(MARY.email));
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('that is opened by a link', () => {
    test.use(withDevices({ probe: true, method: 'APP_LINK' }, 'signature'));

    test('the person follows the link, and the page goes on by itself', async ({ page }) => {
      await page.goto('/');
      await expect(heading(page, 'Open Okta Verify')).toBeVisible();
      await link(page, 'Open Okta Verify').click();
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('as three authenticators', () => {
    test.use(withDevices({ split: true }, 'signature'));

    test('FastPass is one of them', async ({ page }) => {
      await identifyFirst(page);
      await choose(page, 'Okta FastPass');
      await expect(welcome(page)).toBeVisible();
    });
  });
});

test.describe('with the time that Okta gives a port', () => {
  test.use(withDevices({ probe: true, probe_timeout_milliseconds: 100 }, 'signature', 'signature'));

  test('a port that does not answer is left after 100 ms, and the way out is in sight meanwhile', async ({ page }) => {
    // The first port takes the call and never answers. Timers run only where the test says so.
    await page.addInitScript(() => {
      const { fetch } = globalThis;
      globalThis.probes = [];
      globalThis.fetch = (address, init) => {
        if (!String(address).endsWith('/probe')) return fetch(address, init);
        globalThis.probes.push(Date.now());
        if (globalThis.probes.length > 1) return fetch(address, init);
        return new Promise((_, reject) => init.signal.addEventListener('abort', () => reject(init.signal.reason)));
      };
    });
    const begin = Date.now();
    await page.clock.install({ time: begin });
    await page.clock.pauseAt(begin + 1_000);
    const runUntilProbes = (count) => expect(async () => {
      await page.clock.runFor(STEP_MS);
      expect(await page.evaluate(() => globalThis.probes.length)).toBe(count);
    }).toPass({ intervals: [STEP_MS] });

    await page.goto('/');
    await runUntilProbes(1);
    await expect(offer(page, WITHOUT)).toBeVisible();
    const taken = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/challenge'));
    await runUntilProbes(2);
    const [first, second] = await page.evaluate(() => globalThis.probes);
    expect(second - first).toBeGreaterThanOrEqual(100);
    expect(second - first).toBeLessThanOrEqual(100 + STEP_MS);
    expect((await taken).status()).toBe(200);
    await page.clock.resume();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('without Okta Verify on this device', () => {
  test.use(withDevices({ probe: true }, undefined, undefined));

  test('the page looks for it, and asks for the username', async ({ page, org }) => {
    await page.goto('/');
    await expect(username(page)).toBeVisible();
    await expect.poll(() => org.calls(CANCEL)).toBe(1);
    await button(page, SIGN_IN).click();
    await expect(button(page, SIGN_IN)).toBeVisible();
    await expect.poll(() => org.calls(CANCEL)).toBe(2);
  });
});

test.describe('without the setting', () => {
  test.use({ policies: asking({ probe: true, ports: [6511] }) });

  test('no device is asked, and FastPass has no button', async ({ page, org }) => {
    await page.goto('/');
    await expect(username(page)).toBeVisible();
    await expect(button(page, SIGN_IN)).toBeHidden();
    await expect.poll(() => org.calls(CANCEL)).toBe(1);
  });

  test('who chooses FastPass reads why it cannot be used, and goes on', async ({ page, org }) => {
    await org.startDevice(MARY.login);
    await chooseFastPass(page);
    await expect(page.getByText('Okta FastPass cannot be used from this page. Choose another way.')).toBeVisible();
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
});

for (const method of ['CUSTOM_URI', 'CHROME_DTC', 'APPLE_SSO_EXTENSION']) {
  test.describe(`a challenge by ${method}`, () => {
    test.use(withDevices({ probe: true, method }, 'signature'));

    test('leads on', async ({ page }) => {
      await page.goto('/');
      if (method === 'CUSTOM_URI') {
        await expect(link(page, 'Open Okta Verify')).toHaveAttribute('href', /^com-okta-authenticator:/);
        await expect(link(page, 'Download Okta Verify')).toBeVisible();
        await offer(page, WITHOUT).click();
      }
      await expect(username(page)).toBeVisible();
    });
  });
}

test.describe('an app on this device that can make it fulfil a policy', () => {
  const INSTALL = 'Install the Android Device Policy app';

  /** An app with a device policy. Apps listen at the ports that are true; the configuration lists the ports or not. */
  const withApps = (isListed, ...listens) => ({
    allowedDomain: 'localhost',
    app: async ({ org }, use) => {
      const ports = [];
      for (const one of listens) ports.push(one ? await org.startDevice(MARY.login) : await freePort());
      const policies = { ...PASSWORD_ALONE, device_assurance: { app_ports: ports } };
      const app = await App.start(org, policies, isListed ? { LATCHKEY_FASTPASS_PORTS: ports.join(' ') } : {});
      await use(app);
      await app.stop();
    },
  });

  async function beRefused(page) {
    await page.goto('/');
    await identify(page);
    await expect(page.getByText('Your device does not meet the security requirements')).toBeVisible();
  }

  test.describe('and that answers', () => {
    test.use(withApps(true, false, true));

    test('is called past a closed port, and the next sign-in succeeds', async ({ page }) => {
      await beRefused(page);
      await button(page, INSTALL).click();
      await expect(page.getByText('An app on this device takes care of this.')).toBeVisible();
      await link(page, 'Start again').click();
      await identify(page);
      await expect(welcome(page)).toBeVisible();
    });
  });

  test.describe('and that is missing', () => {
    test.use(withApps(true, false));

    test('leaves the link of the org and the way out', async ({ page }) => {
      await beRefused(page);
      await button(page, INSTALL).click();
      await expect(link(page, INSTALL)).toHaveAttribute('href', 'https://help.example.com/devices');
      await expect(button(page, INSTALL)).toBeFocused();
      await expect(link(page, 'Start again')).toBeVisible();
    });
  });

  test.describe('without the setting', () => {
    test.use(withApps(false, true));

    test('the page does not call, and offers the link of the org', async ({ page }) => {
      await beRefused(page);
      await expect(link(page, INSTALL)).toHaveAttribute('href', 'https://help.example.com/devices');
      await expect(button(page, INSTALL)).toBeHidden();
    });
  });
});
