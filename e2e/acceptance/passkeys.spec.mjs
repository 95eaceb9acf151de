//! Acceptance: offers of passkeys after a sign-in and on the first page, with Chromium's virtual authenticator.

import { generateKeyPairSync } from 'node:crypto';

import { button, chooseIfAskedHow, heading, identify, offer, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { plugIn } from '../world/virtual-authenticator.mjs';

const SIGN_IN = 'Sign in with a passkey';
const STOPPED = 'That was cancelled or took too long. You can try again.';

const OTHER_DOMAIN = "Your organization's passkeys do not work at this address. Choose another way.";

const passkeys = (settings, more = {}) => ({
  passkeys: { name: 'Passkeys', ...settings },
  sign_on: [{ authenticate_with: 'any-1-factor' }],
  ...more,
});

/** A passkey of an account that does not exist. */
function stranger() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const base64 = (words) => Buffer.from(words).toString('base64');
  return {
    credentialId: base64('stranger'),
    isResidentCredential: true,
    rpId: 'localhost',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    userHandle: base64('00ustranger'),
    signCount: 1,
  };
}

/** Whether the browser makes passkeys without asking; here it asks the same key. */
function upgrades(page, isAble) {
  return page.addInitScript((isAble) => {
    PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: isAble });
    const create = navigator.credentials.create.bind(navigator.credentials);
    navigator.credentials.create = ({ mediation, ...options }) => create(options);
  }, isAble);
}

/** Signs in with the password, up to the offer. */
async function offered(page, who) {
  await page.goto('/');
  await identify(page, who);
  await expect(heading(page, 'Sign in faster with a passkey')).toBeVisible();
}

/** Accepts the offer, and comes back later. */
async function makePasskey(page, who) {
  await offered(page, who);
  await button(page, 'Create a passkey').click();
  await expect(welcome(page)).toBeVisible();
  await page.context().clearCookies();
  await page.goto('/');
}

test.describe('the offer after the sign-in', () => {
  test.use({ policies: passkeys({ promotion: {} }) });

  test('a person creates a passkey and is signed in', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, false);
    const ada = await org.newUser();
    await makePasskey(page, ada);
    await identify(page, ada);
    await expect(welcome(page)).toBeVisible();
  });

  test('a person can postpone the offer until the next sign-in', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, false);
    const ada = await org.newUser();
    await offered(page, ada);
    await button(page, 'Not now').click();
    await expect(welcome(page)).toBeVisible();
    await page.context().clearCookies();
    await offered(page, ada);
  });

  test('a browser that supports it creates a passkey without asking', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, true);
    const ada = await org.newUser();
    await page.goto('/');
    await identify(page, ada);
    await expect(welcome(page)).toBeVisible();
    const { enrolments } = await (await fetch(`${org.url}/dev/users/${ada.login}`)).json();
    expect(enrolments.map(({ key }) => key)).toContain('webauthn');
  });

  test('a person who closes the browser’s dialog can try again', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, false);
    await page.addInitScript(() => {
      const create = navigator.credentials.create.bind(navigator.credentials);
      let isFirst = true;
      navigator.credentials.create = async (options) => {
        if (!isFirst) return create(options);
        isFirst = false;
        throw new DOMException('', 'NotAllowedError');
      };
    });
    await offered(page, await org.newUser());
    await button(page, 'Create a passkey').click();
    await expect(page.getByText(STOPPED)).toBeVisible();
    await button(page, 'Create a passkey').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('the button on the first page', () => {
  test.use({ policies: passkeys({ button: true, promotion: {} }) });

  test('a person signs in with a passkey alone', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, false);
    await makePasskey(page, await org.newUser());
    await button(page, SIGN_IN).click();
    await expect(welcome(page)).toBeVisible();
  });

  test('a passkey that the org does not know is refused, and the password still works', async ({ page, org }) => {
    await plugIn(page, stranger());
    await upgrades(page, false);
    const ada = await org.newUser();
    await page.goto('/');
    await button(page, SIGN_IN).click();
    await expect(page.getByText(/^Unable to sign in\./)).toBeVisible();
    await identify(page, ada);
    await button(page, 'Not now').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('without a passkey the person closes the dialog, and the page says what to do', async ({ page, org }) => {
    await plugIn(page);
    await page.addInitScript(() => {
      navigator.credentials.get = async () => {
        throw new DOMException('', 'NotAllowedError');
      };
    });
    await upgrades(page, false);
    const ada = await org.newUser();
    await page.goto('/');
    await button(page, SIGN_IN).click();
    await expect(page.getByText(STOPPED)).toBeVisible();
    await identify(page, ada);
    await button(page, 'Not now').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('the older button on the first page', () => {
  test.use({ policies: passkeys({ launch: true, promotion: {} }) });

  test('a person signs in with a passkey that says whose it is', async ({ page, org }) => {
    const key = await plugIn(page);
    await upgrades(page, false);
    await makePasskey(page, await org.newUser());
    await button(page, SIGN_IN).click();
    await expect(heading(page, 'Use your passkey')).toBeVisible();
    const answering = page.waitForRequest('**/api/idx/proceed');
    await button(page, 'Verify').click();
    const [made] = await key.credentials();
    const { userHandle, ...signed } = (await answering).postDataJSON();
    expect(Object.keys(signed).sort()).toEqual(['authenticatorData', 'clientData', 'signatureData']);
    expect(Buffer.from(userHandle, 'base64url')).toEqual(Buffer.from(made.userHandle, 'base64'));
    await expect(welcome(page)).toBeVisible();
  });

  test('a passkey that the org does not know is refused, and the password still works', async ({ page, org }) => {
    await plugIn(page, stranger());
    await upgrades(page, false);
    const ada = await org.newUser();
    await page.goto('/');
    await button(page, SIGN_IN).click();
    await button(page, 'Verify').click();
    await expect(page.getByText(/^Unable to sign in\./)).toBeVisible();
    await offer(page, 'Back to sign in').click();
    await identify(page, ada);
    await button(page, 'Not now').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('the button beside autofill', () => {
  test.use({ policies: passkeys({ button: true, promotion: {} }, { passkey_autofill: true }) });

  test('the button cancels autofill and asks for a passkey', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, false);
    // The key would confirm autofill at once, before a person has seen it.
    await page.addInitScript(() => {
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = (options) => {
        if (options.mediation !== 'conditional') return get(options);
        return new Promise((_, stop) => options.signal.addEventListener('abort', () => stop(options.signal.reason)));
      };
    });
    await makePasskey(page, await org.newUser());
    await expect(page.getByLabel('Username', { exact: true })).toHaveAttribute('autocomplete', 'username webauthn');
    await button(page, SIGN_IN).click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('an org whose passkeys are for the domain of the page', () => {
  test.use({ policies: passkeys({ rp_id: 'localhost', button: true, promotion: {} }) });

  test('a passkey is made for the domain and signs the person in', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, false);
    await makePasskey(page, await org.newUser());
    await button(page, SIGN_IN).click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('an org whose passkeys are for another domain', () => {
  test.use({ policies: passkeys({ rp_id: 'acme.invalid', button: true, promotion: {} }) });

  test('the page says so, and the person signs in by password', async ({ page, org }) => {
    await plugIn(page);
    await upgrades(page, false);
    const ada = await org.newUser();
    await page.goto('/');
    await button(page, SIGN_IN).click();
    await expect(page.getByText(OTHER_DOMAIN)).toBeVisible();
    await identify(page, ada);
    await button(page, 'Create a passkey').click();
    await expect(page.getByText(OTHER_DOMAIN)).toBeVisible();
    await button(page, 'Not now').click();
    await expect(welcome(page)).toBeVisible();
  });
});

for (const [name, setUp, verify] of [
  ['Passkeys', 'Set up a passkey', 'Use your passkey'],
  ['Acme key', 'Set up Acme key', 'Verify with Acme key'],
]) {
  test.describe(`an org that says ${name}`, () => {
    test.use({ policies: { passkeys: { name }, sign_on: [{ authenticate_with: 'password-and-another', factors: ['webauthn'] }] } });

    test('the pages use this name, too', async ({ page, org }) => {
      await plugIn(page);
      const ada = await org.newUser();
      await page.goto('/');
      await identify(page, ada);
      await chooseIfAskedHow(page, name);
      await expect(heading(page, setUp)).toBeVisible();
      await button(page, 'Set up').click();
      await expect(welcome(page)).toBeVisible();
      await page.context().clearCookies();
      await page.goto('/');
      await identify(page, ada);
      await expect(heading(page, verify)).toBeVisible();
      await button(page, 'Verify').click();
      await expect(welcome(page)).toBeVisible();
    });
  });
}
