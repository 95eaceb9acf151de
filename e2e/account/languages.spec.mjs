//! The account page in another language: an open form stays, with what was typed, its errors and the focus.

import { button, code, languages, signIn, speak } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const NEW = Object.freeze({ email: 'mary.major@example.com', phone: '+15557654321', password: 'Battery-Staple-7' });

const field = (page, name) => page.getByLabel(name, { exact: true });
const part = (page, name) => page.getByRole('heading', { level: 2, name, exact: true });

test.beforeEach(async ({ page, org }) => {
  await signIn(page, org);
  await expect(button(page, 'Change Password')).toBeVisible();
});

test('a change of language leaves the open form, its values and its error, and asks the server for nothing but texts', async ({ page }) => {
  await button(page, 'Change Password').click();
  await field(page, 'Current password').fill(MARY.password);
  await field(page, 'New password').fill(NEW.password);
  await field(page, 'Re-enter new password').fill('another');
  await button(page, 'Save').click();
  await expect(page.getByText('The two passwords are not the same.')).toBeVisible();

  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await speak(page, 'de');
  await expect(part(page, 'Sicherheit')).toBeVisible();
  await expect(languages(page)).toBeFocused();
  await expect(page.getByText('Die beiden Passwörter stimmen nicht überein.')).toBeVisible();
  await expect(field(page, 'Aktuelles Passwort')).toHaveValue(MARY.password);
  await expect(field(page, 'Neues Passwort')).toHaveValue(NEW.password);
  await field(page, 'Neues Passwort wiederholen').fill(NEW.password);
  expect(asked.filter((path) => path.startsWith('/api/'))).toEqual([]);
  await button(page, 'Speichern').click();
  await expect(page.getByRole('status')).toHaveText('Ihr Passwort wurde geändert.');
});

test('a form that waits for the server goes on in the language that was chosen meanwhile', async ({ page, org }) => {
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  await page.route('**/api/account/phones', async (route) => {
    await answered;
    await route.continue();
  });
  await button(page, 'Add a phone number').click();
  await field(page, 'New phone number').fill(NEW.phone);
  await page.getByRole('radio', { name: 'Call' }).check();
  await button(page, 'Send a code').click();
  await speak(page, 'de');
  await expect(button(page, 'Code senden')).toHaveAttribute('aria-busy', 'true');
  await expect(page.getByRole('radio', { name: 'Anruf' })).toBeChecked();
  answer();
  await expect(field(page, 'Bestätigungscode')).toBeFocused();
  await speak(page, 'en');
  await code(page).fill(await org.code(NEW.phone));
  await button(page, 'Confirm').click();
  await expect(page.getByRole('status')).toHaveText(`${NEW.phone} has been confirmed.`);
});

test('claims that were unfolded stay so', async ({ page }) => {
  await page.getByText('Show', { exact: true }).click();
  await expect(page.getByRole('rowheader', { name: 'Last name' })).toBeVisible();
  await speak(page, 'de');
  await expect(page.getByRole('rowheader', { name: 'Nachname' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Willkommen/);
});

test('in Arabic a sentence about a number keeps its plus before its digits', async ({ page }) => {
  await button(page, `Remove ${MARY.phone}`).click();
  await speak(page, 'ar');
  const lead = page.locator('form p', { hasText: MARY.phone });
  await expect(lead).toContainText('هل تريد إزالة');
  const [plus, digit] = await lead.evaluate(({ firstChild }, number) => {
    const start = firstChild.data.indexOf(number);
    return [start, start + 1].map((at) => {
      const range = document.createRange();
      range.setStart(firstChild, at);
      range.setEnd(firstChild, at + 1);
      return range.getBoundingClientRect().x;
    });
  }, MARY.phone);
  expect(plus).toBeLessThan(digit);
});

test('the element follows the language of the page around it, and keeps the focus and the caret', async ({ page }) => {
  const html = '<!doctype html><html lang="en"><title>Shop</title><latchkey-account></latchkey-account><script type="module" src="/latchkey-account.js"></script>';
  await page.context().route('**/shop', (route) => route.fulfill({ body: html, contentType: 'text/html' }));
  await page.goto('/shop');
  await button(page, 'Add a phone number').click();
  await field(page, 'New phone number').fill(NEW.phone);
  await page.keyboard.press('ArrowLeft');
  await page.evaluate(() => (document.documentElement.lang = 'ar'));
  const number = page.locator('input[type=tel]');
  await expect(number).toHaveAccessibleName('رقم هاتف جديد');
  await expect(number).toBeFocused();
  await expect(number).toHaveValue(NEW.phone);
  await expect.poll(() => number.evaluate(({ selectionStart }) => selectionStart)).toBe(NEW.phone.length - 1);
  expect(await number.evaluate((input) => getComputedStyle(input.closest('form')).direction)).toBe('rtl');
});
