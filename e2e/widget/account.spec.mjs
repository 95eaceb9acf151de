//! Okta's own Sign-In Widget: registration, recovery and unlock.

import { afterAnError, answer, answerMail, answerUnder, either, fillIn, identify, press, signedIn } from './person.mjs';
import { expect, forEachGeneration, GENERATIONS, test } from './site.mjs';

const NEW = 'Another-Horse-3';
const PASSWORD_ALONE = { sign_on: [{ authenticate_with: 'password' }] };

const ANSWER = 'the small one';

/** The label of the profile's button in each generation. */
const FINISH = /^(submit|finish)$/i;

/** Factors of a password recovery. */
const METHODS = {
  'e-mail': async (page, org, { email }) => {
    await either(page, /select email/i).click();
    await answerMail(page, await org.code(email));
  },
  phone: async (page, org, { phone }) => {
    await either(page, /select phone/i).click();
    await either(page, /receive a code via sms/i).click();
    await answer(page, await org.code(phone));
  },
  'e-mail and question': async (page, org, ada) => {
    await METHODS['e-mail'](page, org, ada);
    await answerUnder(page, /^verify with your security question/i, ANSWER);
  },
};

forEachGeneration((generation) => {
  test('registers a user and skips what is optional', async ({ page, enter, org }) => {
    const email = `grace.${generation}@example.com`;
    await enter(PASSWORD_ALONE);
    await either(page, /^sign up$/i).click();
    await fillIn([page.getByLabel('First name'), 'Grace'], [page.getByLabel('Last name'), 'Hopper'], [page.getByLabel('Email'), email]);
    await page.getByRole('button', { name: 'Sign Up' }).click();
    await either(page, /set up password/i).click();
    await fillIn([page.getByLabel('Enter password', { exact: true }), NEW], [page.getByLabel('Re-enter password'), NEW]);
    await page.getByRole('button', { name: 'Next' }).click();
    await either(page, /set up email/i).click();
    await answerMail(page, await org.code(email));
    await either(page, /set up later|continue|finish/i).click();
    await signedIn(page, email);
  });

  for (const [method, recover] of Object.entries(METHODS)) {
    test(`resets a forgotten password, by ${method}`, async ({ page, enter, org }) => {
      const ada = await org.newUser({
        factors: ['okta_email', 'phone_number', 'security_question'],
        answer: ANSWER,
        phone: `+1555300000${GENERATIONS.indexOf(generation)}`,
      });
      await enter({ ...PASSWORD_ALONE, password: { recovery_additional_question: method.includes('question') } });
      await either(page, /forgot password/i).click();
      await fillIn([page.getByLabel(/email or username/i), ada.login]);
      await page.getByRole('button', { name: 'Next' }).click();
      await recover(page, org, ada);
      await renew(page, /reset password/i);
      await signedIn(page, ada.email);
    });
  }

  test('resets a password with a recovery token', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    const { recoveryToken } = await org.invite(ada.login, 'recover');
    await enter(PASSWORD_ALONE, { recoveryToken });
    await renew(page, /reset password/i);
    await signedIn(page, ada.email);
  });

  test('asks for missing attributes and lets the user skip optional ones', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    const attributes = [
      { name: 'born', label: 'Born', type: 'date', required: true },
      { name: 'motto', label: 'Motto' },
    ];
    const again = await enter({ ...PASSWORD_ALONE, profile: { progressive: true, attributes } });
    await identify(page, ada);
    await fillIn([page.getByLabel(/^born/i), '1815-12-32']);
    await press(page, FINISH);
    await expect(page.getByText(/does not match/i).first()).toBeVisible();
    const inOrder = () => fillIn([page.getByLabel(/^born/i), '1815-12-10']).then(() => press(page, FINISH));
    await afterAnError(page, FINISH, inOrder, page.getByText(`signed in as ${ada.email}`));

    await again();
    await identify(page, ada);
    await either(page, /skip profile/i).click();
    await signedIn(page, ada.email);
  });

  test('unlocks an account', async ({ page, enter, org }) => {
    const ada = await org.newUser({ factors: ['okta_email'], status: 'LOCKED_OUT' });
    await enter(PASSWORD_ALONE);
    await either(page, /unlock account/i).click();
    await expect(page.getByLabel('Password', { exact: true })).toBeHidden();
    await fillIn([page.getByLabel(/username/i), ada.login]);
    if (generation === 'third') await page.getByRole('button', { name: 'Next' }).click();
    await either(page, /select email/i).click();
    await answerMail(page, await org.code(ada.email));
    await expect(page.getByText(/account successfully unlocked|log in using your existing username/i).first()).toBeVisible();
  });

  test('changes an expired password', async ({ page, enter, org }) => {
    const ada = await org.newUser({ status: 'PASSWORD_EXPIRED' });
    await enter(PASSWORD_ALONE);
    await identify(page, ada);
    await renew(page, /change password/i);
    await signedIn(page, ada.email);
  });
});

async function renew(page, name) {
  await fillIn([page.getByLabel('New password', { exact: true }), NEW], [page.getByLabel('Re-enter password'), NEW]);
  await page.getByRole('button', { name }).click();
}
