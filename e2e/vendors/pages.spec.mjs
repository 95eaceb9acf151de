//! Authenticators that ask on a page of their own: a smart card's certificate, Duo, and services that verify identities. Each page
//! leads back to the same flow.

import { button, choose, heading, identify, link, username, welcome } from '../person.mjs';
import { PASSWORD_ALONE, passwordAnd } from '../policies.mjs';
import { expect, test } from '../test.mjs';
import { MARY } from '../world/org.mjs';

test.use({ visitsOrg: true });

/** The built-in provider for certificates. */
const CARD = '0oadevcertificates01';

const VENDORS = {
  smart_card_idp: { label: 'Smart Card', title: 'Certificate', yes: 'Use the certificate', no: 'Cancel', advice: /insert it first/ },
  external_idp: { label: 'Identity provider', title: 'Dev Social', yes: 'Continue', no: 'Deny', advice: /on its own page/ },
  duo: { label: 'Duo Security', title: 'Duo', yes: 'Approve', no: 'Deny', advice: /on its own page/ },
};

for (const [factor, { label, title, yes, no, advice }] of Object.entries(VENDORS)) {
  test.describe(label, () => {
    test.use({ policies: { ...passwordAnd(factor), vendors: { duo: 'page' } } });

    /** From our page to the vendor's. */
    const leave = async (page, name) => {
      await expect(heading(page, name)).toBeVisible();
      await expect(page.getByText(advice)).toBeVisible();
      await expect(link(page, 'Continue')).toBeFocused();
      await link(page, 'Continue').click();
      await expect(page.getByRole('heading', { name: title })).toBeVisible();
    };

    test(`${factor} is enrolled on its own page, and verified there the next time`, async ({ page, org }) => {
      const ada = await org.newUser({ enroll: [factor] });
      await page.goto('/');
      await identify(page, ada);
      await choose(page, label);
      await leave(page, `Set up ${label}`);
      await button(page, yes).click();
      await expect(welcome(page)).toBeVisible();

      await page.context().clearCookies();
      await page.goto('/login');
      await identify(page, ada);
      await leave(page, `Verify with ${label}`);
      await button(page, yes).click();
      await expect(welcome(page)).toBeVisible();
    });

    test(`${factor} can be refused and asked again, also after going back and after a reload`, async ({ page, org }) => {
      const ada = await org.newUser({ factors: [factor] });
      await page.goto('/');
      await identify(page, ada);
      await leave(page, `Verify with ${label}`);
      await button(page, no).click();
      await expect(heading(page, `Verify with ${label}`)).toBeVisible();
      await expect(page.getByRole('main').getByText(/Try again|Unable|could not/i).first()).toBeVisible();
      await page.reload();
      await leave(page, `Verify with ${label}`);
      await page.goBack();
      await leave(page, `Verify with ${label}`);
      await button(page, yes).click();
      await expect(welcome(page)).toBeVisible();
    });
  });
}

test.describe('a certificate on the first page', () => {
  test.use({
    policies: { identity_providers: [CARD], sign_on: [{ authenticate_with: 'any-1-factor' }] },
  });

  test('a smart card signs in without a username', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByText(/If you use a smart card, insert it first/)).toBeVisible();
    await link(page, 'Continue with Certificates').click();
    await page.getByLabel('Email in the certificate').fill(MARY.login);
    await button(page, 'Use the certificate').click();
    await expect(welcome(page)).toBeVisible();
  });

  test('without a certificate the first page says so, and another way is open', async ({ page }) => {
    await page.goto('/');
    await link(page, 'Continue with Certificates').click();
    await page.getByLabel('Email in the certificate').fill(MARY.login);
    await button(page, 'Cancel').click();
    await expect(page.getByText('The identity provider could not sign you in. Please try again.')).toBeVisible();
    await expect(username(page)).toBeVisible();
    await identify(page, MARY);
    await expect(welcome(page)).toBeVisible();
  });
});

const SERVICES = {
  persona: ['Persona', 'https://withpersona.com/legal/privacy-policy'],
  clear: ['CLEAR Verified', 'https://www.clearme.com/privacy-policy'],
  incode: ['Incode', 'https://incode.id/privacy'],
  standard: ['Dev Identity Check', 'https://help.example.com/privacy'],
};

for (const [service, [name, policy]] of Object.entries(SERVICES)) {
  test.describe(`identity verification by ${name}`, () => {
    test.use({ policies: { ...PASSWORD_ALONE, vendors: { identity_verification: service } } });

    test(`${service} says who checks and by which terms, and leads back to the sign-in`, async ({ page }) => {
      await page.goto('/');
      await identify(page);
      await expect(heading(page, `Verify your identity with ${name}`)).toBeVisible();
      const privacy = link(page, 'Privacy policy');
      await expect(privacy).toHaveAttribute('href', policy);
      await expect(privacy).toHaveAttribute('rel', /noreferrer/);
      await expect(link(page, 'Terms of use')).toBeVisible();
      await link(page, 'Continue').click();
      await button(page, 'Not verified').click();
      await expect(heading(page, `Verify your identity with ${name}`)).toBeVisible();
      await expect(page.getByText('Your identity could not be verified. Try again.')).toBeVisible();
      await link(page, 'Continue').click();
      await button(page, 'Verified').click();
      await expect(welcome(page)).toBeVisible();
    });
  });
}
