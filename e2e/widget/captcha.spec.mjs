//! Okta's own Sign-In Widget: CAPTCHAs of the dev org, a real proof of work and stand-ins for the vendors.

import { identify, signedIn } from './person.mjs';
import { expect, forEachGeneration, test } from './site.mjs';

const PASSWORD_ONLY = { sign_on: [{ authenticate_with: 'password' }] };

/** The vendors: the address of their script, and the path of their stand-in in the dev org. */
const VENDORS = {
  HCAPTCHA: { from: /^https:\/\/(js\.)?hcaptcha\.com\//, script: '/captcha/hcaptcha/1/api.js' },
  RECAPTCHA_V2: { from: /^https:\/\/www\.google\.com\//, script: '/captcha/recaptcha/api.js' },
};

forEachGeneration(() => {
  test('ALTCHA: the widget solves the challenge', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter({ ...PASSWORD_ONLY, captcha: { type: 'ALTCHA', max_number: 2_000 } });
    await identify(page, ada);
    await signedIn(page, ada.email);
    expect(await org.calls('/api/v1/altcha')).toBeGreaterThan(0);
  });

  for (const [vendor, { from, script }] of Object.entries(VENDORS)) {
    test(`${vendor}: the widget sends the token of the stand-in`, async ({ page, enter, org }) => {
      await page.route(from, async (route) => {
        const { pathname } = new URL(route.request().url());
        const url = org.url + (pathname.endsWith('/api.js') ? script : pathname);
        await route.fulfill({ response: await route.fetch({ url }) });
      });
      const ada = await org.newUser();
      await enter({ ...PASSWORD_ONLY, captcha: { type: vendor } });
      await identify(page, ada);
      await signedIn(page, ada.email);
      await page.unrouteAll();
    });
  }
});
