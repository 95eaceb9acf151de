//! The private key of a confidential client, and the client assertions (RFC 7523, `private_key_jwt`) signed with it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64};
use serde_json::json;
use zeroize::Zeroizing;

use crate::error::Error;

const ASSERTION_LIFETIME: Duration = Duration::from_secs(60);

/// A private key whose public half is registered with the app: RSA (RS256) or P-256 (ES256).
#[derive(Clone)]
pub struct PrivateKey {
    id: String,
    pair: KeyPair,
}

#[derive(Clone)]
enum KeyPair {
    Rsa(Arc<RsaKeyPair>),
    Ec(Arc<EcdsaKeyPair>),
}

impl PrivateKey {
    /// Reads a PKCS#8 key, as PEM text or as the base64 inside it. `id` is the key's `kid` at the org.
    pub fn from_pkcs8(id: impl Into<String>, pem: &str) -> Result<Self, Error> {
        let base64: Zeroizing<String> =
            pem.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect::<String>().into();
        let der = STANDARD
            .decode(base64.as_bytes())
            .map(Zeroizing::new)
            .map_err(|error| Error::Key(error.to_string()))?;
        let pair = RsaKeyPair::from_pkcs8(&der).map(|pair| KeyPair::Rsa(Arc::new(pair))).or_else(|_| {
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der)
                .map(|pair| KeyPair::Ec(Arc::new(pair)))
        });
        Ok(Self { id: id.into(), pair: pair.map_err(|error| Error::Key(error.to_string()))? })
    }

    /// Its id (`kid`) at the org.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A client assertion for one request to one address, with this id as its `jti`.
    pub(crate) fn assertion(
        &self,
        client_id: &str,
        audience: &str,
        now: SystemTime,
        id: [u8; 16],
    ) -> Result<String, Error> {
        let issued = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let algorithm = match self.pair {
            KeyPair::Rsa(_) => "RS256",
            KeyPair::Ec(_) => "ES256",
        };
        let header = json!({"alg": algorithm, "typ": "JWT", "kid": self.id});
        let claims = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": issued.as_secs(),
            "exp": (issued + ASSERTION_LIFETIME).as_secs(),
            "jti": BASE64.encode(id),
        });
        let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let signature = self.sign(message.as_bytes()).map_err(|error| Error::Key(error.to_string()))?;
        Ok(format!("{message}.{}", BASE64.encode(signature)))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
        let random = SystemRandom::new();
        match &self.pair {
            KeyPair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                Ok(signature)
            }
            KeyPair::Ec(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.id)
    }
}
