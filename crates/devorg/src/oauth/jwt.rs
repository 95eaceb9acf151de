//! JSON Web Tokens: claims, signatures and `at_hash`.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Option<Value> {
    let body = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
}

/// Whether one of these keys signed the token.
pub(crate) fn is_signed(token: &str, keys: &Value) -> bool {
    let Some((signed, signature)) = token.rsplit_once('.') else { return false };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let part = |key: &Value, name: &str| {
        key.get(name)
            .and_then(Value::as_str)
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
            .unwrap_or_default()
    };
    let checks = |key: &Value| match key.get("kty").and_then(Value::as_str) {
        Some("RSA") => PublicKeyComponents { n: part(key, "n"), e: part(key, "e") }
            .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .is_ok(),
        Some("EC") => UnparsedPublicKey::new(
            &ECDSA_P256_SHA256_FIXED,
            [&[4][..], &part(key, "x"), &part(key, "y")].concat(),
        )
        .verify(signed.as_bytes(), &signature)
        .is_ok(),
        _ => false,
    };
    keys.get("keys").and_then(Value::as_array).is_some_and(|keys| keys.iter().any(checks))
}

/// The `at_hash` of an access token: the left half of its SHA-256.
pub(crate) fn at_hash(token: &str) -> String {
    let hash = digest(&SHA256, token.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..16).unwrap_or_default())
}
