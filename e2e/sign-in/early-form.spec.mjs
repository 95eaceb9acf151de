//! The form that is in the page before the program: nothing moves when the program comes, and what was begun on it goes on.

import { barriers } from '../axe.mjs';
import { button, heading, link, openEarly, password, started, username, welcome } from '../person.mjs';
import { identifierFirst, PASSWORD_ALONE, PROVIDER } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

const NEEDED = 'Fill in this field.';
const NOT_LOADED = 'Part of this page could not be loaded.';
/** The server has seen no form yet: the org and the app are new. */
const NEW = { orgEnv: { LATCHKEY_NEW: '1' } };

/** The server sees the org's first form. */
async function show(page) {
  await page.goto('/');
  await started(page);
  await page.evaluate(() => sessionStorage.clear());
}

/** Where everything is that a person can use, by its name. */
function places(page) {
  return page.locator('main').evaluate((main) => {
    const used = [...main.querySelectorAll('h1, input, button:not(.field__aside), a, label, .or')];
    return Object.fromEntries(used.map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      return [`${one.localName} ${one.id || one.textContent}`, [x, y, width, height].map(Math.round)];
    }));
  });
}

const FORMS = {
  'a username, a password and links': {},
  'a password alone': PASSWORD_ALONE,
  'a username alone': identifierFirst('okta_email'),
  'an identity provider': { identity_providers: [PROVIDER] },
};

for (const [name, policies] of Object.entries(FORMS)) {
  test.describe(`with ${name}`, () => {
    test.use({ policies });

    for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 664 } })) {
      test(`nothing moves when the program comes: ${size}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        await show(page);
        const letGo = await openEarly(page);
        const before = await places(page);
        expect(Object.keys(before)).toContain('button Next');
        letGo();
        await started(page);
        expect(await places(page)).toMatchObject(before);
        const shifts = await page.evaluate(() => new Promise((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().map(({ value }) => value))).observe({ type: 'layout-shift', buffered: true });
          requestAnimationFrame(() => setTimeout(() => resolve([])));
        }));
        expect(shifts).toEqual([]);
      });
    }
  });
}

test.describe('in another language', () => {
  test.use({ locale: 'de-DE', viewport: { width: 390, height: 664 } });

  test('nothing moves either', async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.locator('[data-early]').getByRole('button', { name: 'Weiter' })).toBeVisible();
    const before = await places(page);
    letGo();
    await started(page);
    expect(await places(page)).toMatchObject(before);
  });
});

test('the early form has no barrier in light and dark', async ({ page }) => {
  await show(page);
  await openEarly(page);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    expect(await barriers(page), colorScheme).toEqual([]);
  }
});

test.describe('an early press', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('counts', async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await username(page).fill(MARY.login);
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'true');
    letGo();
    await expect(welcome(page)).toBeVisible();
  });

  test('with a field left empty leads to the field, without an error', async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await username(page).fill(MARY.login);
    await button(page, 'Next').click();
    letGo();
    await started(page);
    await expect(password(page)).toBeFocused();
    await expect(page.getByText(NEEDED)).toBeHidden();
    await password(page).fill(MARY.password);
    await button(page, 'Next').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('shows a sign of progress that appears after 400 ms', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await show(page);
    await openEarly(page);
    await username(page).fill(MARY.login);
    await button(page, 'Next').click();
    const shown = await button(page, 'Next').evaluate((next) => {
      // Its animations begin anew, so that none of them has ended.
      next.removeAttribute('aria-busy');
      getComputedStyle(next, '::after').opacity;
      next.setAttribute('aria-busy', 'true');
      const spinner = next.getAnimations({ subtree: true }).filter(({ effect }) => effect.pseudoElement === '::after');
      return [0, 399, 401].map((time) => {
        for (const animation of spinner) animation.currentTime = time;
        return getComputedStyle(next, '::after').opacity;
      });
    });
    await expect(button(page, 'Next')).toHaveAttribute('aria-busy', 'true');
    expect(shown).toEqual(['0', '0', '1']);
  });
});

test.describe('before the server has seen a form', () => {
  test.use({ ...NEW, policies: PASSWORD_ALONE });

  test('an early press leads to the field that comes with the program, without an error', async ({ page }) => {
    const letGo = await openEarly(page);
    await expect(password(page)).toBeHidden();
    await username(page).fill(MARY.login);
    await username(page).press('Enter');
    letGo();
    await expect(password(page)).toBeFocused();
    await expect(page.getByText(NEEDED)).toBeHidden();
  });
});

test.describe('what is typed, ticked and pressed', () => {
  test.use({ policies: PASSWORD_ALONE });

  test('stays when the program comes', async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await username(page).fill(MARY.login);
    await password(page).fill(MARY.password);
    letGo();
    await started(page);
    await expect(username(page)).toHaveValue(MARY.login);
    await expect(password(page)).toHaveValue(MARY.password);
    await expect(password(page)).toBeFocused();
  });

  test("a press that began on the page's own form and ends on the program's counts", async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await username(page).fill(MARY.login);
    await password(page).fill(MARY.password);
    await button(page, 'Next').hover();
    await page.mouse.down();
    letGo();
    await started(page);
    await page.mouse.up();
    await expect(welcome(page)).toBeVisible();
  });

  test("a press on the program's form counts although another language replaces the form meanwhile", async ({ page }) => {
    let letGo;
    const held = new Promise((go) => (letGo = go));
    await page.route('**/text/de.json', async (route) => {
      await held;
      await route.continue();
    });
    await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { value: ['de'] }));
    await page.goto('/');
    await started(page);
    await page.getByRole('textbox').first().fill(MARY.login);
    await page.locator('[type=password]').fill(MARY.password);
    await button(page, 'Next').hover();
    await page.mouse.down();
    letGo();
    await expect(heading(page, 'Anmelden')).toBeVisible();
    await page.mouse.up();
    await expect(page).toHaveTitle(/Willkommen/);
  });

  test('a link that is followed early leads to its page', async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await link(page, 'Sign Up').click();
    letGo();
    await expect(heading(page, 'Sign Up')).toBeVisible();
    await expect(page).toHaveURL(/\/register$/);
  });

  test('a press on a link counts too, and one that ends elsewhere does not', async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await link(page, 'Forgot your password?').hover();
    await page.mouse.down();
    letGo();
    await started(page);
    await page.mouse.up();
    await expect(page).toHaveURL(/\/recover-password$/);
    await page.evaluate(() => sessionStorage.clear());
    const letGoAgain = await openEarly(page);
    await button(page, 'Next').hover();
    await page.mouse.down();
    letGoAgain();
    await started(page);
    await username(page).hover();
    await page.mouse.up();
    await expect(page.getByText(NEEDED)).toBeHidden();
  });
});

test.describe('the checkbox', () => {
  test('ticked early stays ticked', async ({ page }) => {
    await show(page);
    const letGo = await openEarly(page);
    await page.getByRole('checkbox', { name: 'Keep me signed in' }).check();
    letGo();
    await started(page);
    await expect(page.getByRole('checkbox', { name: 'Keep me signed in' })).toBeChecked();
  });
});

test('a program that cannot be loaded says so, and does not say that one is offline', async ({ page }) => {
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 503 }));
  await page.goto('/');
  await username(page).fill(MARY.login);
  await expect(page.getByRole('alert')).toContainText(NOT_LOADED);
  await expect(page.getByText('offline')).toBeHidden();
  await page.unroute('**/*.wasm');
  await started(page);
  await expect(username(page)).toHaveValue(MARY.login);
});
