//! CAPTCHAs: a proof of work that the page does by itself, and vendors in a frame of another origin.

import { createHash } from 'node:crypto';

import { button, chooseIfAsked, enterCode, heading, identify, offer, password, recover, setPassword, signUp, username, welcome } from './person.mjs';
import { expect, test } from './test.mjs';
import { App } from './world/app.mjs';
import { freePort } from './world/loopback.mjs';
import { MARY } from './world/org.mjs';

const PASSWORD_ONLY = { sign_on: [{ authenticate_with: 'password' }] };
const ALTCHA = { ...PASSWORD_ONLY, captcha: { type: 'ALTCHA', max_number: 5_000 } };
const WORKING = 'Checking that you are not a robot…';

const status = (page) => page.getByRole('status').filter({ hasText: /check/i });

/** Holds the next challenge until the returned function is called. */
async function holdChallenge(page) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/api/idx/captcha', async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** A challenge whose number is `number`, as Node's own cryptography makes it. */
function challengeOf(algorithm, salt, number) {
  const challenge = createHash(algorithm.replace('-', '')).update(`${salt}${number}`).digest('hex');
  return { algorithm, challenge, maxNumber: 20_000, salt, signature: 'a signature' };
}

/** The numbers of digits change the place of the padding, and salts of these lengths the number of blocks. */
const CHALLENGES = [0, 7, 43, 60, 130, 250].map((length, at) => ['s'.repeat(length), [0, 9, 10, 998, 1_003, 12_345][at]]);

test.describe('ALTCHA', () => {
  test.use({ policies: ALTCHA });

  for (const algorithm of ['SHA-256', 'SHA-384', 'SHA-512']) {
    test(`the page finds the number of a challenge with ${algorithm}`, async ({ page }) => {
      for (const [salt, number] of CHALLENGES) {
        const altcha = challengeOf(algorithm, salt, number);
        await page.route('**/api/idx/captcha', (route) => route.fulfill({ json: { altcha } }));
        await page.goto('/');
        await expect(status(page)).toHaveText('The check is complete.');
        const sent = page.waitForRequest('**/api/idx/proceed');
        await identify(page);
        const { captchaToken } = (await sent).postDataJSON().captchaVerify;
        const { took, ...solution } = JSON.parse(Buffer.from(captchaToken, 'base64'));
        const { maxNumber, ...given } = altcha;
        expect(solution).toEqual({ ...given, number });
        expect(took).toBeGreaterThanOrEqual(0);
        await page.unrouteAll();
      }
    });
  }

  test('a person signs in without solving anything', async ({ page }) => {
    await page.goto('/');
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  });

  test('the button says that it waits for the proof, and then submits the form', async ({ page }) => {
    const release = await holdChallenge(page);
    await page.goto('/');
    await identify(page);
    await expect(status(page)).toHaveText(WORKING);
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'true');
    await expect(button(page, 'Next')).toBeFocused();
    release();
    await expect(welcome(page)).toBeVisible();
  });

  test('missing fields are reported before the wait for the proof', async ({ page }) => {
    const release = await holdChallenge(page);
    await page.goto('/');
    await expect(heading(page, 'Sign In')).toBeVisible();
    await username(page).fill(MARY.login);
    await button(page, 'Next').click();
    await expect(password(page)).toBeFocused();
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'false');
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    release();
    await expect(welcome(page)).toBeVisible();
  });

  test('a wrong password needs a new proof', async ({ page, org }) => {
    await page.goto('/');
    await identify(page, { ...MARY, password: 'Wrong-Horse-1' });
    await expect(page.getByText(/^Unable to sign in\./)).toBeVisible();
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
    expect(await org.calls('/api/v1/altcha')).toBe(2);
  });

  test('a refused token has a message, and the next one is accepted', async ({ page }) => {
    await page.route('**/api/idx/captcha', async (route) => {
      const response = await route.fetch();
      const task = await response.json();
      await route.fulfill({ response, json: { ...task, altcha: { ...task.altcha, signature: '00' } } });
    }, { times: 1 });
    await page.goto('/');
    await identify(page);
    await expect(page.getByText('The check that you are not a robot failed. Please try again.')).toBeVisible();
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('a challenge that failed to load can be loaded again', async ({ page, org }) => {
    await org.fault('/api/v1/altcha', { kind: 'status', status: 503, body: {} });
    await page.goto('/');
    await expect(status(page)).toHaveText('The check could not be completed. Please try again.');
    await org.clearFaults();
    await button(page, 'Try again').click();
    await expect(status(page)).toHaveText('The check is complete.');
    await identify(page);
    await expect(welcome(page)).toBeVisible();
  });

  test('a person signs up', async ({ page, org }) => {
    await signUp(page, org);
    await button(page, 'Skip').click();
    await expect(welcome(page)).toBeVisible();
    expect(await org.calls('/api/v1/altcha')).toBeGreaterThan(1);
  });

  test('a person recovers a password', async ({ page, org }) => {
    await recover(page);
    await chooseIfAsked(page, 'Email');
    await enterCode(page, await org.code(MARY.email));
    await setPassword(page, 'Battery-Staple-8');
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('a vendor without a frame', () => {
  test.use({ policies: { ...PASSWORD_ONLY, captcha: { type: 'HCAPTCHA' } } });

  test('the page names the setting that is missing', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByText('The operator has to set captcha_origin.')).toBeVisible();
    await identify(page);
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'false');
    await expect(heading(page, 'Sign In')).toBeVisible();
  });
});

/** The vendors by the paths of their stand-ins in the dev org. */
const VENDORS = { HCAPTCHA: 'hcaptcha/1/api.js', RECAPTCHA_V2: 'recaptcha/api.js' };

for (const [type, path] of Object.entries(VENDORS)) {
  test.describe(`${type} in a frame of another origin`, () => {
    test.use({
      visitsOrg: true,
      allowedDomain: 'localhost',
      app: async ({ org }, use) => {
        const port = await freePort();
        const app = await App.start(org, { ...PASSWORD_ONLY, captcha: { type } }, {
          LATCHKEY_BIND: `127.0.0.1:${port}`,
          LATCHKEY_PUBLIC_URL: `http://localhost:${port}`,
          LATCHKEY_CAPTCHA_ORIGIN: `http://captcha.localhost:${port}`,
          LATCHKEY_CAPTCHA_SCRIPT: `${org.url}/captcha/${path}`,
        });
        await use(app);
        await app.stop();
      },
    });

    test('a person signs in with the token of the frame', async ({ page }) => {
      await page.goto('/');
      await expect(page.getByTitle('Check that you are not a robot')).toBeAttached();
      await identify(page);
      await expect(welcome(page)).toBeVisible();
    });

    test('a person signs up with the token of the frame', async ({ page, org }) => {
      await signUp(page, org);
      await button(page, 'Skip').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('a person recovers a password with the token of the frame', async ({ page, org }) => {
      await recover(page);
      await chooseIfAsked(page, 'Email');
      await enterCode(page, await org.code(MARY.email));
      await setPassword(page, 'Battery-Staple-8');
      await expect(welcome(page)).toBeVisible();
    });

    test('the script of the vendor runs in the frame only', async ({ page }) => {
      const frames = [];
      page.on('request', (request) => {
        if (request.url().includes('/api.js')) frames.push(new URL(request.frame().url()).hostname);
      });
      await page.goto('/');
      await identify(page);
      await expect(welcome(page)).toBeVisible();
      expect(frames).toEqual(['captcha.localhost']);
    });

    test('a closed challenge leaves the form unchanged', async ({ page }) => {
      await page.route('**/token', (route) => route.fulfill({ status: 400, json: { error: 'closed' }, headers: { 'access-control-allow-origin': '*' } }), { times: 1 });
      await page.goto('/');
      await identify(page);
      await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'false');
      await expect(password(page)).toHaveValue(MARY.password);
      await button(page, 'Next').click();
      await expect(welcome(page)).toBeVisible();
    });
  });
}

test('the page of an org without a CAPTCHA loads nothing for one', async ({ page }) => {
  const asked = [];
  page.on('request', (request) => request.url().includes('captcha') && asked.push(request.url()));
  await page.goto('/');
  await identify(page);
  await expect(offer(page, 'Back to sign in')).toBeVisible();
  expect(asked).toEqual([]);
});
