//! What an org may ask once the user is known: consent, a better device, factors that will be required; and codes with letters.

import { button, chooseIfAsked, code, heading, identify, reachTheCode, typeCode, username, welcome } from './person.mjs';
import { PASSWORD_ALONE, passwordAnd } from './policies.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

const start = async (page) => {
  await page.goto('/');
  await identify(page);
};

test.describe('a mailed code with letters', () => {
  test.use({ policies: { ...passwordAnd('okta_email'), email_code: { format: 'alphanumeric', length: 10 } } });

  test('gets a keyboard with capitals, and is taken as it is pasted', async ({ page, org }) => {
    await start(page);
    await chooseIfAsked(page, 'Email');
    await expect(code(page)).toHaveAttribute('inputmode', 'text');
    await expect(code(page)).toHaveAttribute('autocapitalize', 'characters');
    const sent = await org.code(MARY.email);
    expect(sent).toMatch(/^[A-Z0-9]{10}$/);
    await code(page).fill(` ${sent.slice(0, 5).toLowerCase()} ${sent.slice(5)} `);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('a mailed code of eight digits', () => {
  test.use({ policies: { ...passwordAnd('okta_email'), email_code: { length: 8 } } });

  test('keeps the keypad', async ({ page, org }) => {
    await reachTheCode(page);
    await expect(code(page)).toHaveAttribute('inputmode', 'numeric');
    await typeCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });
});

for (const [kind, title] of [['user', 'of the user'], ['admin', 'of an administrator']]) {
  test.describe(`consent ${title}`, () => {
    test.use({ policies: { ...PASSWORD_ALONE, consent: kind, label: 'The Shop' } });

    test.beforeEach(async ({ page }) => {
      await start(page);
      await expect(heading(page, 'Allow access?')).toBeVisible();
      await expect(page.getByText('The Shop asks for this access:')).toBeVisible();
      await expect(page.getByRole('listitem').filter({ hasText: 'View your email address' })).toBeVisible();
    });

    test('is given', async ({ page }) => {
      await button(page, 'Allow Access').click();
      await expect(welcome(page)).toBeVisible();
    });

    test('is refused', async ({ page }) => {
      await button(page, "Don't Allow").click();
      await expect(heading(page, 'This was cancelled')).toBeVisible();
    });
  });
}

test.describe('consent to each scope', () => {
  test.use({ policies: { ...PASSWORD_ALONE, consent: 'granular' } });

  test('leaves out what is not ticked', async ({ page }) => {
    await start(page);
    await expect(page.getByRole('listitem').filter({ hasText: 'Sign you in' })).toBeVisible();
    for (const scope of await page.getByRole('checkbox').all()) await expect(scope).not.toBeChecked();
    await page.getByRole('checkbox', { name: /^View your profile/ }).check();
    await button(page, 'Allow Access').click();
    await expect(welcome(page)).toBeVisible();
    const { user } = await page.evaluate(async () => (await fetch('/api/session', { headers: { 'X-CSRF': '1' } })).json());
    expect([user.name, user.email]).toEqual(['Mary Major', undefined]);
  });
});

test.describe('a device that does not fulfil the policy', () => {
  test.use({ policies: { ...PASSWORD_ALONE, device_assurance: {} } });

  test('is refused with what to do, and with links', async ({ page }) => {
    await start(page);
    await expect(page.getByText("Your device does not meet the security requirements")).toBeVisible();
    await expect(page.getByText('Option 2:')).toBeVisible();
    const update = page.getByRole('link', { name: 'Update to Windows 11' });
    await expect(update).toHaveAttribute('href', 'https://help.example.com/devices');
    await expect(update).toHaveAttribute('rel', /noreferrer/);
    await expect(page.getByRole('link', { name: 'Start again' })).toBeVisible();
  });
});

test.describe('a device that has to be managed', () => {
  test.use({ policies: { ...PASSWORD_ALONE, device_enrollment: 'mdm' } });

  test('ends the sign-in with where it is enrolled, and the way to begin again', async ({ page }) => {
    await start(page);
    const message = 'enroll this device in the device management of your organization: Example Device Management.';
    await expect(page.getByText(message)).toBeVisible();
    await expect(page.locator('a[href="https://devices.example.com/enroll"]')).toBeVisible();
    await page.getByRole('link', { name: 'Start again' }).click();
    await expect(username(page)).toBeVisible();
  });
});

test.describe('a device that needs Okta Verify', () => {
  test.use({ policies: { ...PASSWORD_ALONE, device_enrollment: 'oda' } });

  test('ends the sign-in with the address for the account', async ({ page, org }) => {
    await start(page);
    const { origin } = new URL(org.issuer);
    await expect(page.getByText(`Install Okta Verify on this device, and add an account there with the address ${origin}`)).toBeVisible();
  });
});

test.describe('a device in its grace period', () => {
  test.use({ policies: { ...PASSWORD_ALONE, device_assurance: { grace_days: 7 } } });

  test('is warned about, and the sign-in goes on', async ({ page }) => {
    await start(page);
    await expect(heading(page, 'Your device needs attention')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Update to Windows 11' })).toBeVisible();
    await button(page, 'Continue').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('an authenticator that will be required', () => {
  const until = new Date(Date.now() + 20 * 24 * 60 * 60 * 1000);
  const graces = {
    'so many sign-ins': [{ skips: 3 }, 'Security Question (can still be skipped: 3)'],
    'a date': [
      { until: until.toISOString() },
      `Security Question (required from ${until.toLocaleDateString('en-US', { dateStyle: 'medium' })})`,
    ],
  };
  for (const [title, [grace, label]] of Object.entries(graces)) {
    test.describe(title, () => {
      test.use({
        policies: {
          ...PASSWORD_ALONE,
          enrollment: { okta_password: 'REQUIRED', security_question: 'REQUIRED' },
          enrollment_grace: { security_question: grace },
        },
      });

      test(`says until when it can be put off: ${title}`, async ({ page }) => {
        await start(page);
        await expect(heading(page, 'Choose an authenticator')).toBeVisible();
        await expect(page.getByRole('radio', { name: label, exact: true })).toBeVisible();
        await button(page, 'Remind me later').click();
        await expect(welcome(page)).toBeVisible();
      });
    });
  }
});

test.describe('staying signed in, after the sign-in', () => {
  test.use({ policies: { ...PASSWORD_ALONE, global_session: { ask_after_sign_in: true } } });

  for (const [answer, keepMeSignedIn] of [['Keep me signed in', true], ['Not now', false]]) {
    test(`is asked about and answered: ${answer}`, async ({ page }) => {
      await start(page);
      await expect(heading(page, 'Keep me signed in?')).toBeVisible();
      const answering = page.waitForRequest('**/api/idx/proceed');
      await button(page, answer).click();
      expect((await answering).postDataJSON()).toEqual({ keepMeSignedIn });
      await expect(welcome(page)).toBeVisible();
    });
  }
});

test.describe('a step that no client knows', () => {
  const attributes = [
    { name: 'seat', label: 'Seat', required: true, pattern: '[A-F][0-9]+' },
    { name: 'meal', label: 'Meal', enum: ['Soup', 'Cake'] },
    { name: 'quiet', label: 'Quiet car', type: 'boolean' },
  ];
  const messages = [
    { key: 'shop.rules', text: 'Shoes off, please.', class: 'WARNING' },
    { key: 'tooManyRequests', text: 'The text of the org.', class: 'ERROR' },
  ];
  test.use({ policies: { ...PASSWORD_ALONE, scripted_step: { name: 'accept-house-rules', attributes, messages } } });

  test('is answered in the general form, and each message is in words of ours or of the org', async ({ page }) => {
    await start(page);
    await expect(page.getByText('Shoes off, please.')).toBeVisible();
    await expect(page.getByText('Too many attempts. Wait a moment, and try again.')).toBeVisible();
    const seat = page.getByLabel('Seat');
    await seat.fill('9');
    await page.getByRole('group', { name: 'Meal' }).getByRole('radio', { name: 'Cake' }).check();
    await page.getByRole('checkbox', { name: 'Quiet car' }).check();
    await button(page, 'Next').click();
    await expect(seat).toHaveAccessibleDescription(/Seat/);
    await seat.fill('C12');
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('a mailed link that asks first', () => {
  test.use({ policies: { ...passwordAnd('okta_email'), email_link_consent: true }, visitsOrg: true });

  for (const [answer, ends] of [["Yes, it's me", /^Welcome, /], ["No, it's not me", 'This was cancelled']]) {
    test(`${answer}: the page that waits learns of it`, async ({ page, org }) => {
      await reachTheCode(page);
      const [{ link }] = await org.inbox(MARY.email);
      const tab = await page.context().newPage();
      await tab.goto(link);
      await tab.getByRole('button', { name: answer }).click();
      await page.bringToFront();
      await expect(heading(page, ends)).toBeVisible();
    });
  }
});

test.describe('a mailed link that asks in the app', () => {
  test.use({ policies: { ...passwordAnd('okta_email'), email_link_consent: true, email_callback: 'redirect_uri' }, visitsOrg: true });

  for (const [answer, ends] of [["Yes, it's me", /^Welcome, /], ["No, it's not me", 'This was cancelled']]) {
    test(`${answer}: the tab of the link ends so, and the page that waits`, async ({ page, org }) => {
      await reachTheCode(page);
      // A poll between the two answers would show the question in this page, too.
      let allowPolls;
      const mayPoll = new Promise((resolve) => (allowPolls = resolve));
      await page.route('**/api/idx/poll', async (route) => {
        await mayPoll;
        await route.continue();
      });
      const [{ link }] = await org.inbox(MARY.email);
      const tab = await page.context().newPage();
      await tab.goto(link);
      await expect(heading(tab, 'Did you just try to sign in?')).toBeVisible();
      await expect(tab.getByText('Chrome')).toBeVisible();
      // The refusal is first, and neither answer stands out.
      const answers = tab.getByRole('button', { name: /, it's / });
      await expect(answers).toHaveText(["No, it's not me", "Yes, it's me"]);
      expect(await answers.evaluateAll((all) => new Set(all.map((one) => getComputedStyle(one).backgroundColor)).size)).toBe(1);
      await button(tab, answer).click();
      await expect(heading(tab, ends)).toBeVisible();
      allowPolls();
      await page.bringToFront();
      await expect(heading(page, ends)).toBeVisible();
    });
  }
});

test.describe('a device that shows a code', () => {
  test.use({ policies: PASSWORD_ALONE });

  test.beforeEach(async ({ org }) => {
    // The app of the tests is confidential; the device is a client of its own.
    await org.addApp({ client_id: 'tv', ...PASSWORD_ALONE });
  });

  const poll = async (org, device_code) => {
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const body = new URLSearchParams({ client_id: 'tv', grant_type, device_code });
    return (await fetch(`${org.issuer}/v1/token`, { method: 'POST', body })).json();
  };

  for (const isPrefilled of [true, false]) {
    test(`is activated, with the code ${isPrefilled ? 'in the address' : 'typed'}`, async ({ page, org }) => {
      const body = new URLSearchParams({ client_id: 'tv', scope: 'openid email' });
      const device = await (await fetch(`${org.issuer}/v1/device/authorize`, { method: 'POST', body })).json();
      expect((await poll(org, device.device_code)).error).toBe('authorization_pending');

      await page.goto(isPrefilled ? `/activate?user_code=${device.user_code}` : '/activate');
      await expect(heading(page, 'Activate your device')).toBeVisible();
      const field = page.getByLabel('Activation code');
      await expect(field).toHaveValue(isPrefilled ? device.user_code : '');
      if (!isPrefilled) {
        await field.fill('BBBB-BBBB');
        await button(page, 'Next').click();
        await expect(field).toHaveAccessibleDescription('Invalid code. Try again.');
        await field.fill(`${device.user_code.slice(0, 4)}-${device.user_code.slice(4)}`.toLowerCase());
      }
      await button(page, 'Next').click();
      await identify(page);
      await expect(heading(page, 'Your device is activated')).toBeVisible();
      expect((await poll(org, device.device_code)).access_token).toBeTruthy();
    });
  }
});
