//! Chromium's virtual authenticator: a security key that confirms by itself.

/** Plugs in a key, optionally with a credential. `confirms` sets whether it confirms; `credentials` lists what it has; `takeOut` removes it. */
export async function plugIn(page, credential) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  if (credential) await browser.send('WebAuthn.addCredential', { authenticatorId, credential });
  return {
    confirms: (enabled) => browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    credentials: async () => (await browser.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    takeOut: () => browser.detach(),
  };
}
