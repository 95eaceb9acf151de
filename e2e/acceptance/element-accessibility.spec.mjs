//! Acceptance: the element inside a page of others, for keyboards, screen readers and forced colours.

import { barriers } from '../axe.mjs';
import { invisible } from '../forced-colours.mjs';
import { button, chooseIfAsked, code, heading, identify, password, username } from '../person.mjs';
import { passwordAnd } from '../policies.mjs';
import { element, POLICY_OF_AXE, shopWith, visitShop } from '../shop.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ policies: passwordAnd('okta_email') });

/** References of the shadow root that lead nowhere in it, and ids that it has twice. */
function brokenReferences(page) {
  return element(page).evaluate(({ shadowRoot }) => {
    const ids = [...shadowRoot.querySelectorAll('[id]')].map(({ id }) => id);
    const named = (attribute) => [...shadowRoot.querySelectorAll(`[${attribute}]`)].flatMap((one) => one.getAttribute(attribute).split(' '));
    const references = ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls'].flatMap(named);
    return [...references.filter((id) => !shadowRoot.getElementById(id)), ...ids.filter((id, at) => ids.indexOf(id) !== at)];
  });
}

test('labels, descriptions and the live region are inside the shadow root, at every step', async ({ page }) => {
  await visitShop(page, shopWith('heading-level="2"'));
  await button(page, 'Next').click();
  await expect(username(page)).toHaveAccessibleDescription(/\S/);
  await expect(username(page)).toBeFocused();
  expect(await brokenReferences(page)).toEqual([]);
  await identify(page, { ...MARY, password: 'Wrong-Horse-1' });
  const message = page.getByText('Unable to sign in. Check your username and password, and try again.');
  await expect(message).toBeVisible();
  expect(await message.evaluate((one) => [one.closest('[aria-live]')?.getAttribute('aria-live'), one.getRootNode() !== document])).toEqual(['polite', true]);
  await expect(password(page)).toBeFocused();
  expect(await brokenReferences(page)).toEqual([]);
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await expect(code(page)).toBeFocused();
  expect(await brokenReferences(page)).toEqual([]);
  await expect(heading(page, 'Enter verification code')).toHaveAttribute('aria-level', '2');
});

test('with forced colours every control of the element has an edge, and the focus a ring', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await visitShop(page);
  await expect(heading(page, 'Sign In')).toBeVisible();
  expect(await invisible(page, 'latchkey-sign-in')).toEqual([]);
});

test('axe finds nothing in a page with the element, at the form and at the choice after it', async ({ page }) => {
  const html = shopWith('heading-level="2"').replace('<h2>Shop</h2>', '<main><h1>Shop</h1>').replace('</latchkey-sign-in>', '</latchkey-sign-in></main>');
  await visitShop(page, html, POLICY_OF_AXE);
  await expect(heading(page, 'Sign In')).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await identify(page);
  await expect(heading(page, /^Choose an authenticator|^Verify with|^Enter verification code/)).toBeVisible();
  expect(await barriers(page)).toEqual([]);
});
