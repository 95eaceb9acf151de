//! The org's key set: rotation, outages, and keys that must not be used.

use std::sync::Arc;

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use latchkey_idx::{BeginOptions, CallContext, Error, TokenError, json_response};
use serde_json::{Value, json};

use crate::fake_org::{KEY, flow_secrets, now, org, public_key, sign};
use crate::id_token::{signed_in, with_header};

const KEYS: &str = "/oauth2/default/v1/keys";

#[tokio::test]
async fn a_key_inside_a_token_is_never_used() {
    let own = Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
    for kid in [json!("key-1"), json!("key-9"), json!(null)] {
        let own = Arc::clone(&own);
        let (org, client) = org();
        org.make_tokens(move |claims| {
            let mut header = json!({"alg": "RS256", "kid": kid, "jwk": public_key(&own, "key-9")});
            header["jku"] = json!("https://evil.example/keys");
            header["x5u"] = json!("https://evil.example/certificate");
            sign(&own, &header.to_string(), &claims.to_string())
        });
        let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
        let error = client.exchange(&flow, now(), &CallContext::default()).await.err().map(Error::from);
        assert!(
            matches!(error, Some(Error::Token(TokenError::Signature | TokenError::UnknownKey))),
            "{error:?}"
        );
        assert!(org.paths().iter().all(|path| path.starts_with('/')), "only the org is called");
    }
}

#[tokio::test]
async fn unknown_keys_cause_one_request_a_minute() {
    let (org, client) = org();
    let context = CallContext::default();
    let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
    for index in 0..500 {
        org.make_tokens(with_header(json!({"alg": "RS256", "kid": format!("unknown-{index}")})));
        let error = client.exchange(&flow, now(), &context).await.err().map(Error::from);
        assert_eq!(error, Some(Error::Token(TokenError::UnknownKey)));
    }
    assert_eq!(org.count(KEYS), 1);
    let later = now() + std::time::Duration::from_secs(60);
    let error = client.exchange(&flow, later, &context).await.err().map(Error::from);
    assert_eq!(error, Some(Error::Token(TokenError::UnknownKey)));
    assert_eq!(org.count(KEYS), 2);
}

#[tokio::test]
async fn new_keys_are_fetched_and_known_ones_survive_an_outage() {
    let (org, client) = org();
    let context = CallContext::default();
    let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
    client.exchange(&flow, now(), &context).await.expect("tokens");

    let new = Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
    let both = json!({"keys": [public_key(&KEY, "key-1"), public_key(&new, "key-2")]});
    org.respond_with(KEYS, Ok(json_response(200, both.to_string())));
    let signer = Arc::clone(&new);
    org.make_tokens(move |claims| sign(&signer, r#"{"alg":"RS256","kid":"key-2"}"#, &claims.to_string()));
    let later = now() + std::time::Duration::from_secs(61);
    assert!(client.exchange(&flow, later, &context).await.is_ok());
    assert_eq!(org.count(KEYS), 2);

    for outage in [Ok(json_response(500, "{}")), Ok(json_response(200, "<html>")), Err(Error::Timeout)] {
        org.respond_with(KEYS, outage);
        org.make_tokens(with_header(json!({"alg": "RS256", "kid": "key-3"})));
        let much_later = later + std::time::Duration::from_secs(120);
        assert!(client.exchange(&flow, much_later, &context).await.is_err());
        let signer = Arc::clone(&new);
        org.make_tokens(move |claims| sign(&signer, r#"{"alg":"RS256","kid":"key-2"}"#, &claims.to_string()));
        assert!(client.exchange(&flow, later, &context).await.is_ok(), "the cached keys remain");
    }
}

#[tokio::test]
async fn weak_and_unsuitable_keys_are_ignored() {
    let good = public_key(&KEY, "key-1");
    let changed = |name: &str, value: Value| {
        let mut key = good.clone();
        key[name] = value;
        key
    };
    let small = json!({"kty": "RSA", "kid": "key-1", "n": BASE64.encode([0xff; 128]), "e": "AQAB"});
    for key in [
        changed("use", json!("enc")),
        changed("kty", json!("oct")),
        changed("alg", json!("RS512")),
        changed("kid", json!(null)),
        changed("n", json!("!")),
        small,
        json!({}),
        json!(1),
    ] {
        let (org, client) = org();
        org.respond_with(KEYS, Ok(json_response(200, json!({"keys": [key]}).to_string())));
        let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
        let error = client.exchange(&flow, now(), &CallContext::default()).await.err().map(Error::from);
        assert_eq!(error, Some(Error::Token(TokenError::UnknownKey)), "{key}");
    }
    let (org, client) = org();
    let many: Vec<Value> = (0..65).map(|_| good.clone()).collect();
    org.respond_with(KEYS, Ok(json_response(200, json!({"keys": many}).to_string())));
    let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
    assert!(
        client.exchange(&flow, now(), &CallContext::default()).await.is_err(),
        "more keys than the limit"
    );
}
