//! Languages: which one a page uses, what it fetches, and what stays when it changes.

import { PAGES } from './pages.mjs';
import { REFUSED, button, chooseIfAsked, enterCode, heading, identify, languages, password, recover, speak, started, username } from './person.mjs';
import { expect, test } from './test.mjs';
import { MARY } from './world/org.mjs';

const RIGHT_TO_LEFT = ['ar', 'he'];
/** "Sign In" in every language. */
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

test('an English page fetches no texts', async ({ page }) => {
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('/');
  await started(page);
  expect(fetched.filter((path) => path.startsWith('/text/'))).toEqual([]);
  await expect(root(page)).toHaveAttribute('lang', 'en');
});

test('every language is shown in its direction, and English again', async ({ page }) => {
  await page.goto('/');
  for (const [language, words] of Object.entries(SIGN_IN)) {
    await speak(page, language);
    await expect(heading(page, words)).toBeVisible();
    await expect(page).toHaveTitle(new RegExp(`^${words} · .+`));
    await expect(root(page)).toHaveAttribute('lang', language);
    await expect(root(page)).toHaveAttribute('dir', RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr');
  }
  await speak(page, 'en');
  await expect(heading(page, 'Sign In')).toBeVisible();
});

test('typed values and the focus stay when the language changes', async ({ page }) => {
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

test('a selected choice stays when the language changes', async ({ page }) => {
  await page.goto('/');
  await identify(page);
  await page.getByRole('radio', { name: 'Phone' }).check();
  await speak(page, 'fr');
  await expect(page.getByRole('radio', { name: 'Téléphone' })).toBeChecked();
});

test('the chosen language stays after a reload, and the org uses it too', async ({ page }) => {
  await page.goto('/');
  await speak(page, 'es');
  await expect(heading(page, SIGN_IN.es)).toBeVisible();
  const request = page.waitForRequest('**/api/idx');
  await page.reload();
  await expect(heading(page, SIGN_IN.es)).toBeVisible();
  expect(await (await request).headerValue('accept-language')).toBe('es');
});

test('known messages of the org are in our words, in English too', async ({ page, org }) => {
  await page.goto('/');
  await identify(page, { ...MARY, password: 'not-the-password' });
  await expect(page.getByText(REFUSED)).toBeVisible();
  await speak(page, 'de');
  await expect(page.getByText('Die Anmeldung ist fehlgeschlagen. Prüfen Sie Benutzernamen und Passwort und versuchen Sie es noch einmal.')).toBeVisible();
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

  test('the page is in German, and its texts are fetched once', async ({ page }) => {
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

  test('typed text and focus stay when the program starts', async ({ page }) => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    await page.route('**/*.wasm', async (route) => {
      await released;
      await route.continue();
    });
    await page.goto('/');
    await page.getByLabel('Benutzername').pressSequentially('mar');
    release();
    await expect(page.getByLabel('Passwort', { exact: true })).toBeVisible();
    await expect(page.getByLabel('Benutzername')).toHaveValue('mar');
    await expect(page.getByLabel('Benutzername')).toBeFocused();
  });
});

test.describe('a browser in traditional Chinese', () => {
  test.use({ locale: 'zh-TW' });

  test('the page is in English, not in simplified Chinese', async ({ page }) => {
    await page.goto('/');
    await started(page);
    await expect(root(page)).toHaveAttribute('lang', 'en');
  });
});

test.describe('a Japanese phone', () => {
  test.use({ locale: 'ja-JP', viewport: { width: 320, height: 640 } });

  /** The words of the heading that are broken over two lines. Marks of no width separate them. */
  const broken = (page) =>
    page.getByRole('heading', { level: 1 }).evaluate((heading) => {
      const text = [...heading.childNodes].find((child) => child.nodeType === Node.TEXT_NODE);
      let start = 0;
      return text.data.split('\u200b').filter((word) => {
        const range = document.createRange();
        range.setStart(text, start);
        range.setEnd(text, start + word.length);
        start += word.length + 1;
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
      });
    });

  test('no heading is broken inside a word', async ({ page }) => {
    const check = async (words) => {
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.replaceAll('|', '\u200b'));
      expect(await broken(page)).toEqual([]);
    };
    await page.goto('/');
    await page.getByLabel('ユーザー名').fill(MARY.login);
    await page.getByLabel('パスワード', { exact: true }).fill(MARY.password);
    await button(page, '次へ').click();
    await check('認証方法を|選んで|ください');
    await page.goto('/recover-password');
    await check('パスワードの|リセット');
    await page.goto('/no-such-page');
    await check('ページが|見つかりません');
  });
});

test('in a list of countries that is read from the right, a plus stays before its digits', async ({ page, org }) => {
  await PAGES.phone(page, org);
  await speak(page, 'ar');
  await expect(page.locator('option[value=EG]')).toHaveText(/ \u200e\+20$/);
});

test('each language has the forms for numbers that the browser asks for', async ({ page }) => {
  await page.goto('/');
  for (const language of Object.keys(SIGN_IN)) {
    const [known, wanted] = await page.evaluate(async (tag) => {
      const texts = Object.keys(await (await fetch(`/text/${tag}.json`)).json());
      const forms = texts.filter((key) => key.startsWith('At least {} characters|')).map((key) => key.split('|')[1]);
      const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
      return [forms, pluralCategories.filter((category) => category !== 'other')];
    }, language);
    expect(known.sort(), language).toEqual(wanted.sort());
  }
});

test('a sentence with a number has the form that the language has for it', async ({ page, org }) => {
  const ada = await org.newUser({ factors: ['okta_password', 'okta_email'] });
  await recover(page, ada.login);
  await chooseIfAsked(page, 'Email');
  await enterCode(page, await org.code(ada.email));
  const rule = (words) => page.getByRole('listitem').filter({ hasText: words });
  await expect(rule('At least 8 characters')).toBeVisible();
  await speak(page, 'ar');
  await expect(rule(/أحرف على الأقل/)).toBeVisible();
  await expect(rule('رقم واحد على الأقل')).toBeVisible();
  await speak(page, 'de');
  await expect(rule('Mindestens 8 Zeichen')).toBeVisible();
  await expect(rule('Eine Ziffer')).toBeVisible();
});
