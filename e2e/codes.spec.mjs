//! Codes: a complete one is sent by itself, once; a wrong one is ready to be replaced.

import { button, code, reachTheCode, welcome } from './person.mjs';
import { passwordAnd } from './policies.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

/** The answers that the page sends. */
function answers(page) {
  const sent = [];
  page.on('request', (request) => {
    const body = request.url().endsWith('/api/idx/proceed') ? request.postDataJSON() : {};
    if (body.verificationCode) sent.push(body.verificationCode);
  });
  return sent;
}

test('a complete code is sent by itself, and said to be complete', async ({ page, org }) => {
  const sent = answers(page);
  await reachTheCode(page);
  const right = await org.code(MARY.email);
  await code(page).pressSequentially(right);
  await expect(page.getByText('The code is complete. It is being checked.')).toBeAttached();
  await expect(welcome(page)).toBeVisible();
  expect(sent).toEqual([right]);
});

test('an empty field is empty, and the middle of a code is marked as soon as one types', async ({ page }) => {
  await reachTheCode(page);
  await expect(code(page)).toHaveCSS('background-image', 'none');
  await code(page).pressSequentially('1');
  await expect(code(page)).toHaveCSS('background-image', /gradient/);
});

test('a code in a pasted message is sent by itself', async ({ page, org }) => {
  await reachTheCode(page);
  const right = await org.code(MARY.email);
  await code(page).fill(`Your verification code is ${right}. It expires in 5 minutes.`);
  await expect(welcome(page)).toBeVisible();
});

test('a wrong code is sent once, and selected for the next one', async ({ page, org }) => {
  const sent = answers(page);
  await reachTheCode(page);
  const wrong = await org.wrongCode(MARY.email);
  await code(page).fill(wrong);
  await expect(code(page)).toHaveAccessibleDescription(/Invalid code/);
  await expect(code(page)).toBeFocused();
  expect(await code(page).evaluate((field) => field.selectionEnd - field.selectionStart)).toBe(wrong.length);
  // The same text again is no new code; the button still sends it.
  await code(page).fill('');
  await code(page).fill(wrong);
  await expect(code(page)).toHaveAccessibleDescription('');
  await button(page, 'Submit').click();
  await expect(code(page)).toHaveAccessibleDescription(/Invalid code/);
  expect(sent).toEqual([wrong, wrong]);
  await code(page).pressSequentially(await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
});

test('a person who presses Submit sends the code once', async ({ page, org }) => {
  const sent = answers(page);
  await reachTheCode(page);
  const wrong = await org.wrongCode(MARY.email);
  await page.clock.install();
  await page.clock.pauseAt(new Date(Date.now() + 60_000));
  await code(page).fill(wrong);
  await button(page, 'Submit').click();
  await page.clock.runFor(5_000);
  await expect(code(page)).toHaveAccessibleDescription(/Invalid code/);
  expect(sent).toEqual([wrong]);
});

test('a code that is corrected in time is sent as corrected', async ({ page, org }) => {
  const sent = answers(page);
  await reachTheCode(page);
  const right = await org.code(MARY.email);
  await page.clock.install();
  await page.clock.pauseAt(new Date(Date.now() + 60_000));
  await code(page).fill(await org.wrongCode(MARY.email));
  await page.clock.runFor(400);
  await code(page).fill(right);
  await page.clock.runFor(2_000);
  await page.clock.resume();
  await expect(welcome(page)).toBeVisible();
  expect(sent).toEqual([right]);
});

test.describe('a code of ten characters with letters', () => {
  test.use({ policies: { ...passwordAnd('okta_email'), email_code: { format: 'alphanumeric', length: 10 } } });

  test('has a dash between its two groups', async ({ page }) => {
    await reachTheCode(page);
    await code(page).fill('ABCDE12345');
    await expect(code(page)).toHaveCSS('background-image', /^linear-gradient/);
    await expect(code(page)).toHaveValue('ABCDE12345');
  });

  test('is not sent before it is as long as the org says', async ({ page, org }) => {
    const sent = answers(page);
    await reachTheCode(page);
    await code(page).fill('ABCDE-1234');
    await button(page, 'Submit').click();
    await expect(code(page)).toHaveAccessibleDescription(/^At least .?10.? characters$/);
    await expect(code(page)).toBeFocused();
    const right = await org.code(MARY.email);
    await code(page).fill(right);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
    expect(sent).toEqual([right]);
  });

  test('waits for the button', async ({ page, org }) => {
    const sent = answers(page);
    await reachTheCode(page);
    await page.clock.install();
    await code(page).fill((await org.code(MARY.email)).toLowerCase());
    await page.clock.runFor(5_000);
    expect(sent).toEqual([]);
    await button(page, 'Submit').click();
    await expect(welcome(page)).toBeVisible();
  });
});
