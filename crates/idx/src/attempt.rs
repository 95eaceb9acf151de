//! What makes one attempt unlike any other: state, nonce and the PKCE verifier.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::error::Error;
use crate::secret::Secret;

/// The random values of one attempt. Each is used for one flow and never again.
#[derive(Debug, Clone)]
pub struct Attempt {
    state: Secret,
    nonce: Secret,
    verifier: Secret,
}

impl Attempt {
    /// An attempt like no other: 256 bits each, from the operating system.
    pub fn fresh() -> Result<Self, Error> {
        let mut bytes = [[0; 32]; 3];
        for part in &mut bytes {
            getrandom::fill(part).map_err(|_| Error::NoRandomness)?;
        }
        Ok(Self::from_bytes(bytes))
    }

    /// An attempt made of these bytes: state, nonce, verifier. For tests, where chance is an argument.
    #[must_use]
    pub fn from_bytes([state, nonce, verifier]: [[u8; 32]; 3]) -> Self {
        let text = |bytes: [u8; 32]| Secret::from(BASE64.encode(bytes));
        Self { state: text(state), nonce: text(nonce), verifier: text(verifier) }
    }

    pub(crate) fn kept(state: Secret, nonce: Secret, verifier: Secret) -> Self {
        Self { state, nonce, verifier }
    }

    /// What the org hands back with every redirect and mailed link.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// What the id token must repeat.
    pub(crate) fn nonce(&self) -> &Secret {
        &self.nonce
    }

    /// What proves that the code is redeemed by who asked for it.
    pub(crate) fn verifier(&self) -> &Secret {
        &self.verifier
    }

    /// The verifier's fingerprint, which the org may see beforehand.
    pub(crate) fn challenge(&self) -> String {
        BASE64.encode(digest::digest(&digest::SHA256, self.verifier.reveal().as_bytes()))
    }
}
