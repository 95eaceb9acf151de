//! Okta's own Sign-In Widget: a password, then a code or link by e-mail, with errors on the way.

import { answer, answerMail, afterAnError, either, identify, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

forEachGeneration(() => {
  test('signs in with a password and an emailed code', async ({ page, enter, org }) => {
    const ada = await reachTheCode(page, enter, org);
    await answerMail(page, await org.code(ada.email));
    await signedIn(page, ada.email);
  });

  test('reports a wrong password and accepts the right one', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['okta_email'] });
    await enter();
    await identify(page, { ...ada, password: 'not-the-password' });
    await expect(page.getByText('Unable to sign in')).toBeVisible();
    const next = page.getByRole('heading', { name: /verify with your email|get a verification email/i });
    await afterAnError(page, 'Sign in', () => identify(page, ada), next);
  });

  test('reports a wrong code and accepts the right one', async ({ page, enter, org }) => {
    const ada = await reachTheCode(page, enter, org);
    await answerMail(page, await org.wrongCode(ada.email));
    await expect(page.getByText('Invalid code. Try again.')).toBeVisible();
    const code = await org.code(ada.email);
    await afterAnError(page, 'Verify', () => answer(page, code), page.getByText(`signed in as ${ada.email}`));
  });

  test('continues when the magic link is opened elsewhere', async ({ page, enter, org, place }) => {
    const ada = await reachTheCode(page, enter, org, { poll_milliseconds: 250 });
    const [mail] = await org.inbox(ada.email);
    const elsewhere = await place.context.newPage();
    await elsewhere.goto(mail.link);
    await elsewhere.close();
    await page.bringToFront();
    await signedIn(page, ada.email);
  });
});

async function reachTheCode(page, enter, org, policies) {
  const ada = await org.newUser({ factors: ['okta_email', 'phone_number'], phone: '+15550107788' });
  await enter(policies);
  await identify(page, ada);
  await either(page, /select email/i).click();
  await expect(page.getByRole('heading', { name: 'Verify with your email' })).toBeVisible();
  return ada;
}
