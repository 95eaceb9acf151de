//! The key of a device: made on it, and only its public half leaves it.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::random::Random;

/// A key pair on P-256.
#[derive(Clone)]
pub(super) struct DeviceKey {
    id: String,
    pair: Arc<EcdsaKeyPair>,
}

impl DeviceKey {
    pub(super) fn generate(random: &mut Random) -> Option<Self> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
        Some(Self { id: random.id("dvk"), pair: Arc::new(pair) })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The public key as a JSON Web Key.
    pub(super) fn public(&self) -> Value {
        // An uncompressed point: 4, then both coordinates.
        let point = self.pair.public_key().as_ref();
        let part = |range: std::ops::Range<usize>| encode(point.get(range).unwrap_or_default());
        json!({ "kty": "EC", "crv": "P-256", "kid": self.id, "x": part(1..33), "y": part(33..65) })
    }

    /// Signs claims as a compact JWS (ES256).
    pub(super) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({ "alg": "ES256", "kid": self.id }).to_string();
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", encode(signature.as_ref())))
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
