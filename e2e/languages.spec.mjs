//! In the person's language: which one, what it costs, and what happens to a page when it changes.

import { REFUSED, button, chooseIfAsked, enterCode, heading, identify, languages, password, speak, username } from './person.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

const RIGHT_TO_LEFT = ['ar', 'he'];
/** "Sign In" in every language that there is. */
const SIGN_IN = {
  ar: 'تسجيل الدخول',
  de: 'Anmelden',
  es: 'Iniciar sesión',
  fr: 'Se connecter',
  he: 'כניסה',
  hi: 'साइन इन करें',
  ja: 'サインイン',
  ko: '로그인',
  'pt-BR': 'Entrar',
  'zh-CN': '登录',
};

const root = (page) => page.locator('html');

test('English is in the page, and nobody else’s words are fetched for it', async ({ page }) => {
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('/');
  await expect(password(page)).toBeVisible();
  expect(fetched.filter((path) => path.startsWith('/text/'))).toEqual([]);
  await expect(root(page)).toHaveAttribute('lang', 'en');
});

test('every language is spoken, from its own side, and English again', async ({ page }) => {
  await page.goto('/');
  for (const [language, words] of Object.entries(SIGN_IN)) {
    await speak(page, language);
    await expect(heading(page, words)).toBeVisible();
    await expect(page).toHaveTitle(words);
    await expect(root(page)).toHaveAttribute('lang', language);
    await expect(root(page)).toHaveAttribute('dir', RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr');
  }
  await speak(page, 'en');
  await expect(heading(page, 'Sign In')).toBeVisible();
});

test('what was typed stays when the language changes, and so does the focus', async ({ page }) => {
  await page.goto('/');
  await username(page).fill(MARY.login);
  await password(page).fill(MARY.password);
  await page.getByRole('checkbox', { name: 'Keep me signed in' }).check();
  await speak(page, 'de');
  await expect(heading(page, 'Anmelden')).toBeVisible();
  await expect(languages(page)).toBeFocused();
  await expect(languages(page)).toHaveAccessibleName('Sprache');
  await expect(page.getByLabel('Benutzername')).toHaveValue(MARY.login);
  await expect(page.getByLabel('Passwort', { exact: true })).toHaveValue(MARY.password);
  await expect(page.getByRole('checkbox', { name: 'Angemeldet bleiben' })).toBeChecked();
  await button(page, 'Weiter').click();
  await expect(heading(page, 'Wählen Sie eine Methode')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Telefon' })).toBeVisible();
});

test('a choice that was made stays when the language changes', async ({ page }) => {
  await page.goto('/');
  await identify(page);
  await page.getByRole('radio', { name: 'Phone' }).check();
  await speak(page, 'fr');
  await expect(page.getByRole('radio', { name: 'Téléphone' })).toBeChecked();
});

test('the language that was chosen is kept for the next time, and the org writes in it', async ({ page }) => {
  await page.goto('/');
  await speak(page, 'es');
  await expect(heading(page, SIGN_IN.es)).toBeVisible();
  const asked = page.waitForRequest('**/api/idx');
  await page.reload();
  await expect(heading(page, SIGN_IN.es)).toBeVisible();
  expect(await (await asked).headerValue('accept-language')).toBe('es');
});

test('what the org says is said in the language too, and in English it is the org’s own', async ({ page, org }) => {
  await page.goto('/');
  await identify(page, { ...MARY, password: 'not-the-password' });
  await expect(page.getByText(REFUSED)).toBeVisible();
  await speak(page, 'de');
  await expect(page.getByText('Die Anmeldung ist fehlgeschlagen.')).toBeVisible();
  await speak(page, 'en');
  await expect(page.getByText(REFUSED)).toBeVisible();
  await identify(page);
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.wrongCode(MARY.email));
  await speak(page, 'ja');
  await expect(page.getByText('コードが正しくありません。').first()).toBeVisible();
});

test('a language that cannot be fetched leaves the page as it is', async ({ page }) => {
  await page.route('**/text/fr.json', (route) => route.abort());
  await page.goto('/');
  await username(page).fill(MARY.login);
  await languages(page).selectOption('fr');
  await expect(languages(page)).toHaveValue('en');
  await expect(username(page)).toHaveValue(MARY.login);
  await speak(page, 'de');
  await expect(page.getByLabel('Benutzername')).toHaveValue(MARY.login);
});

test.describe('a browser in German', () => {
  test.use({ locale: 'de-AT' });

  test('is met in German, and its words are fetched once', async ({ page }) => {
    const fetched = [];
    page.on('response', async (response) => {
      if (new URL(response.url()).pathname.startsWith('/text/')) fetched.push(response);
    });
    await page.goto('/');
    await expect(heading(page, 'Anmelden')).toBeVisible();
    await expect(page.getByLabel('Passwort', { exact: true })).toBeVisible();
    expect(fetched[0].headers()['cache-control']).toBe('public, max-age=3600');
    const sizes = await Promise.all(fetched.map((response) => response.request().sizes()));
    expect(sizes.filter(({ responseBodySize }) => responseBodySize > 0).length).toBeLessThanOrEqual(1);
  });

  test('meets somebody who types before the program is there', async ({ page }) => {
    let go;
    const wanted = new Promise((resolve) => (go = resolve));
    await page.route('**/*.wasm', async (route) => {
      await wanted;
      await route.continue();
    });
    await page.goto('/');
    await page.getByLabel('Benutzername').pressSequentially('mar');
    go();
    await expect(page.getByLabel('Passwort', { exact: true })).toBeVisible();
    await expect(page.getByLabel('Benutzername')).toHaveValue('mar');
    await expect(page.getByLabel('Benutzername')).toBeFocused();
  });
});

test.describe('a browser in traditional Chinese', () => {
  test.use({ locale: 'zh-TW' });

  test('is met in a language that the person named, not in simplified Chinese', async ({ page }) => {
    await page.goto('/');
    await expect(password(page)).toBeVisible();
    await expect(root(page)).toHaveAttribute('lang', 'en');
  });
});
