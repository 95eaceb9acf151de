//! "Keep me signed in": whether the person is still signed in when the browser starts again.

import { choose, enterCode, heading, identify, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

/** Signs in, with the box ticked or not. */
async function signInWithChoice(page, org, choice) {
  await page.goto('/');
  await page.getByRole('checkbox', { name: 'Keep me signed in' }).setChecked(choice);
  await identify(page);
  await choose(page, 'Email');
  await enterCode(page, await org.code(MARY.email));
  await expect(welcome(page)).toBeVisible();
}

/** Starts the browser again: it has only the cookies with a lifetime of their own. */
async function restart(browser, context, baseURL) {
  const cookies = (await context.cookies()).filter((cookie) => cookie.expires !== -1);
  await context.close();
  const restarted = await browser.newContext({ baseURL });
  await restarted.addCookies(cookies);
  const page = await restarted.newPage();
  await page.goto('/');
  return page;
}

for (const [choice, sees] of [[true, welcome], [false, (page) => heading(page, 'Sign In')]]) {
  test(`a person who ${choice ? 'stays signed in is' : 'does not stay signed in is not'} signed in after a restart of the browser`, async ({ browser, org, baseURL }) => {
    const context = await browser.newContext({ baseURL });
    await signInWithChoice(await context.newPage(), org, choice);
    const page = await restart(browser, context, baseURL);
    await expect(sees(page)).toBeVisible();
    await page.context().close();
  });
}
