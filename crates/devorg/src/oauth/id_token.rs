//! Verifies an identity provider's id token (OpenID Connect Core, 3.1.3.7).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::jwt::{claims, is_signed};
use crate::clock::Timestamp;

/// The expected claims.
pub(crate) struct ExpectedClaims<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) now: Timestamp,
}

/// The clock skew tolerated.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(60);

/// Verifies the signature and the claims, and returns the claims. The error says what is wrong.
pub(crate) fn verify(
    token: &str,
    keys: &Value,
    expected: &ExpectedClaims<'_>,
) -> Result<Value, &'static str> {
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header: Value =
        header.and_then(|text| serde_json::from_slice(&text).ok()).ok_or("it is not a JWT")?;
    if header.get("alg") != Some(&json!("RS256")) {
        return Err("it is not signed by RS256");
    }
    let kid = header.get("kid");
    let key =
        keys.get("keys").and_then(Value::as_array).and_then(|all| all.iter().find(|k| k.get("kid") == kid));
    let key = key.ok_or("its key is not among the provider's")?;
    if !is_signed(token, &json!({ "keys": [key] })) {
        return Err("its signature is wrong");
    }
    let claims = claims(token).ok_or("it is not a JWT")?;
    let is = |name: &str, value: &str| claims.get(name).and_then(Value::as_str) == Some(value);
    let seconds = |name: &str| claims.get(name).and_then(Value::as_u64);
    let (now, skew) = (expected.now.seconds(), MAX_CLOCK_SKEW.as_secs());
    if !is("iss", expected.issuer) {
        return Err("another provider issued it");
    }
    if !is("aud", expected.client_id) {
        return Err("it is for another client");
    }
    if seconds("exp").is_none_or(|exp| exp + skew <= now) {
        return Err("it has expired");
    }
    if seconds("iat").is_none_or(|iat| iat > now + skew) {
        return Err("it is from the future");
    }
    if !is("nonce", expected.nonce) {
        return Err("it answers another request");
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::keys::SigningKeys;

    const NOW: u64 = 1_893_456_000;

    fn expected() -> ExpectedClaims<'static> {
        let now = Timestamp::read("2030-01-01T00:00:00Z").unwrap();
        ExpectedClaims { issuer: "http://idp", client_id: "org", nonce: "n", now }
    }

    fn claims_with(change: Value) -> Value {
        let mut claims = json!({ "iss": "http://idp", "aud": "org", "nonce": "n", "iat": NOW, "exp": NOW + 60, "sub": "s" });
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        claims
    }

    #[test]
    fn a_token_is_accepted_only_if_signature_and_claims_are_right() {
        let (keys, others) =
            (SigningKeys::generate("one".to_owned()), SigningKeys::generate("one".to_owned()));
        let public = keys.jwks();
        let token = keys.sign(&claims_with(json!({})));
        assert_eq!(verify(&token, &public, &expected()).unwrap()["sub"], "s");
        for (change, why) in [
            (json!({ "iss": "http://other" }), "another provider"),
            (json!({ "aud": "other" }), "another client"),
            (json!({ "nonce": "other" }), "another request"),
            (json!({ "nonce": null }), "another request"),
            (json!({ "exp": NOW - 61 }), "expired"),
            (json!({ "iat": NOW + 61 }), "future"),
        ] {
            let wrong = verify(&keys.sign(&claims_with(change)), &public, &expected()).unwrap_err();
            assert!(wrong.contains(why), "{wrong}");
        }
        let of_others = verify(&others.sign(&claims_with(json!({}))), &public, &expected()).unwrap_err();
        assert!(of_others.contains("signature"), "{of_others}");
        for (header, why) in [
            (json!({ "alg": "none", "kid": "one" }), "RS256"),
            (json!({ "alg": "HS256", "kid": "one" }), "RS256"),
            (json!({ "alg": "RS256", "kid": "two" }), "key"),
        ] {
            let wrong =
                verify(&keys.sign_as(&header, &claims_with(json!({}))), &public, &expected()).unwrap_err();
            assert!(wrong.contains(why), "{wrong}");
        }
    }
}
