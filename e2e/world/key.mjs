//! A security key in the browser itself, which confirms without anybody's finger.

/** Plugs a key in, with what it holds; gives a way to say whether it confirms, and one to take it out. */
export async function plugIn(page, credential) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  if (credential) await browser.send('WebAuthn.addCredential', { authenticatorId, credential });
  return {
    confirms: (enabled) => browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    takeOut: () => browser.detach(),
  };
}
