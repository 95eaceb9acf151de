//! The random values of one flow: state, nonce and the PKCE code verifier (RFC 7636).

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::secret::Secret;

/// The random values of one flow. They are never used for another one.
#[derive(Debug, Clone)]
pub struct FlowSecrets {
    state: Secret,
    nonce: Secret,
    code_verifier: Secret,
}

impl FlowSecrets {
    /// The secrets made of these random bytes: state, nonce, code verifier. Tests pass fixed ones.
    #[must_use]
    pub fn from_bytes([state, nonce, code_verifier]: [[u8; 32]; 3]) -> Self {
        let text = |bytes: [u8; 32]| Secret::from(BASE64.encode(bytes));
        Self { state: text(state), nonce: text(nonce), code_verifier: text(code_verifier) }
    }

    pub(crate) fn from_stored(state: Secret, nonce: Secret, code_verifier: Secret) -> Self {
        Self { state, nonce, code_verifier }
    }

    /// The `state`, which the org returns with every redirect and mailed link.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// The `nonce`, which the id token must contain.
    pub(crate) fn nonce(&self) -> &Secret {
        &self.nonce
    }

    /// The code verifier, which is sent when the code is redeemed.
    pub(crate) fn code_verifier(&self) -> &Secret {
        &self.code_verifier
    }

    /// The code challenge: the verifier's SHA-256, which is sent when the flow begins.
    pub(crate) fn code_challenge(&self) -> String {
        BASE64.encode(digest::digest(&digest::SHA256, self.code_verifier.reveal().as_bytes()))
    }
}
