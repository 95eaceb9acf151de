//! Okta's four guides for embedded sign-in: each page has the heading and the controls of the guide.

import { GRACE, button, choose, code, enterCode, heading, identify, offer, password, username, welcome } from './person.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

const NUMBER = '+15550107788';
const SENT = 'An SMS was sent to your phone with a verification code. Enter the code in the box below to continue.';

/** Gives the application the policies of a guide's application in the default org. */
async function becomes(org, app, guide) {
  const known = await (await fetch(`${org.url}/dev/apps`)).json();
  const { list_of_one, challenge_email_at_once, global_session, sign_on, enrollment, profile, password } =
    known.find(({ client_id }) => client_id === guide);
  await app.enrol(org, { list_of_one, challenge_email_at_once, global_session, sign_on, enrollment, profile, password });
}

/** Expects the list of exactly these authenticators, with the first one selected. */
async function lists(page, ...labels) {
  await expect(heading(page, 'Choose an authenticator')).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(labels.length);
  for (const label of labels) await expect(page.getByRole('radio', { name: label })).toBeVisible();
  await expect(page.getByRole('radio').first()).toBeChecked();
  await expect(button(page, 'Next')).toBeVisible();
}

async function asksForCode(page) {
  await expect(heading(page, 'Enter verification code')).toBeVisible();
  await expect(code(page)).toBeVisible();
  await expect(button(page, 'Submit')).toBeVisible();
}

async function firstPage(page, ...links) {
  await page.goto('/');
  await expect(heading(page, 'Sign In')).toBeVisible();
  await expect(username(page)).toBeVisible();
  await expect(button(page, 'Next')).toBeVisible();
  for (const name of links) await expect(offer(page, name)).toBeVisible();
}

test('password and phone: a list with the phone alone, its message type, the code', async ({ page, org, app }) => {
  await becomes(org, app, 'guide-password-phone');
  await firstPage(page, 'Forgot your password?', 'Sign Up');
  await expect(password(page)).toBeVisible();
  await identify(page);

  await lists(page, 'Phone');
  await expect(page).toHaveURL(/\/select-authenticator$/);
  await choose(page, 'Phone');

  await expect(heading(page, 'Choose a message type')).toBeVisible();
  await expect(page.getByText('How would you like to receive your verification code?')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'SMS' })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'Voice' })).not.toBeChecked();
  expect(await org.inbox(MARY.phone)).toEqual([]);
  await button(page, 'Next').click();

  await asksForCode(page);
  await expect(page.getByText(SENT)).toBeVisible();
  await enterCode(page, await org.code(MARY.phone));
  await expect(welcome(page)).toBeVisible();
});

test('password and e-mail: a list with e-mail alone, then at once the code', async ({ page, org, app }) => {
  await becomes(org, app, 'guide-password-email');
  await firstPage(page, 'Forgot your password?', 'Sign Up');
  await expect(password(page)).toBeVisible();
  await identify(page);

  await lists(page, 'Email');
  expect(await org.inbox(MARY.email)).toEqual([]);
  await choose(page, 'Email');

  await asksForCode(page);
  await expect(page).toHaveURL(/\/challenge-authenticator\/okta_email$/);
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test.describe('e-mail only', () => {
  test.use({ visitsOrg: true });

  test.beforeEach(async ({ page, org, app }) => {
    await becomes(org, app, 'guide-email-only');
    await firstPage(page, 'Sign Up');
    await expect(page.getByRole('checkbox', { name: 'Keep me signed in' })).toBeVisible();
    await expect(password(page)).toBeHidden();
    await username(page).fill(MARY.login);
    await button(page, 'Next').click();
    await asksForCode(page);
    await expect(page).toHaveURL(/\/challenge-authenticator\/okta_email$/);
  });

  test('e-mail only: the code', async ({ page, org }) => {
    await enterCode(page, await org.code(MARY.email));
    await expect(welcome(page)).toBeVisible();
  });

  test('e-mail only: the link', async ({ page, org }) => {
    const [{ link }] = await org.inbox(MARY.email);
    const tab = await page.context().newPage();
    await tab.goto(link);
    await page.bringToFront();
    await expect(welcome(page)).toBeVisible();
  });
});

test.describe('registration', () => {
  test.beforeEach(async ({ page, org, app }) => {
    await becomes(org, app, 'guide-registration');
    await firstPage(page, 'Sign Up');
    await offer(page, 'Sign Up').click();

    await expect(heading(page, 'Sign Up')).toBeVisible();
    await page.getByLabel('First name').fill(GRACE.firstName);
    await page.getByLabel('Last name').fill(GRACE.lastName);
    await page.getByLabel('Email').fill(GRACE.email);
    await button(page, 'Sign Up').click();

    await lists(page, 'Password');
    await expect(button(page, 'Skip')).toBeHidden();
    await choose(page, 'Password');

    await expect(heading(page, 'Set password')).toBeVisible();
    await page.getByLabel('New password', { exact: true }).fill(GRACE.password);
    await page.getByLabel('Re-enter new password', { exact: true }).fill(GRACE.password);
    await button(page, 'Submit').click();

    await lists(page, 'Email', 'Phone');
    await expect(button(page, 'Skip')).toBeHidden();
    await choose(page, 'Email');

    await asksForCode(page);
    await enterCode(page, await org.code(GRACE.email));

    await lists(page, 'Phone');
    await expect(button(page, 'Skip')).toBeVisible();
  });

  test('registration: the phone is skipped', async ({ page }) => {
    await button(page, 'Skip').click();
    await expect(heading(page, 'Welcome, Grace Hopper')).toBeVisible();
  });

  test('registration: the phone by message type and number', async ({ page, org }) => {
    await choose(page, 'Phone');
    await expect(heading(page, 'Choose a message type')).toBeVisible();
    await page.getByRole('radio', { name: 'SMS' }).check();
    await button(page, 'Next').click();

    await expect(heading(page, 'What is your phone number?')).toBeVisible();
    await expect(page.getByText(/Please use the following format when entering your number/)).toBeVisible();
    await page.getByLabel('Phone number').fill('555 010-7788');
    await button(page, 'Next').click();

    await asksForCode(page);
    await expect(page.getByText(SENT)).toBeVisible();
    await enterCode(page, await org.code(NUMBER));
    await expect(heading(page, 'Welcome, Grace Hopper')).toBeVisible();
  });
});
