//! Okta's own Sign-In Widget: offers of passkeys.

import { either, identify, signedIn } from './person.mjs';
import { forEachGeneration, test } from './site.mjs';

const POLICIES = {
  passkeys: { name: 'Passkeys', button: true, promotion: {} },
  sign_on: [{ authenticate_with: 'any-1-factor' }],
};

forEachGeneration(() => {
  test('a passkey is offered after the sign-in, and the button signs in with it', async ({ page, enter, org, key }) => {
    const ada = await org.newUser();
    const again = await enter(POLICIES);
    await identify(page, ada);
    await either(page, /^(create a passkey|set up)$/i).click();
    await signedIn(page, ada.email);

    await again();
    await either(page, /sign in with a passkey/i).click();
    await signedIn(page, ada.email);
  });

  test('an offered passkey can be skipped', async ({ page, enter, org }) => {
    const ada = await org.newUser();
    await enter(POLICIES);
    await identify(page, ada);
    await either(page, /^maybe later$/i).click();
    await signedIn(page, ada.email);
  });
});
