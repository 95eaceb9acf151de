//! The link in the mail, opened in another browser.

import { enterCode, heading, reachTheCode, welcome } from '../person.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ visitsOrg: true });

test.describe('an app that takes the links back itself', () => {
  test.use({ policies: { email_callback: 'redirect_uri' } });

  test('a link opened in another browser signs nobody in there; the code still works in the first', async ({ page, browser, org, app }) => {
    await reachTheCode(page);
    const [mail] = await org.inbox(MARY.email);
    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(mail.link);
    await expect(other.getByText(mail.code)).toBeVisible();
    expect(new URL(other.url()).origin).toBe(app.url);
    await other.goto(app.url);
    await expect(heading(other, 'Sign In')).toBeVisible();
    await elsewhere.close();

    await page.bringToFront();
    await enterCode(page, mail.code);
    await expect(welcome(page)).toBeVisible();
  });
});
