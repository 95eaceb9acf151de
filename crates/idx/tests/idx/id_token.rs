//! Id tokens, each with one thing wrong and otherwise correctly signed: every one must be refused.

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PSS_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use latchkey_idx::{
    BeginOptions, CallContext, Client, Error, Flow, FlowSecrets, Intent, TokenError, Tokens, Transport,
    json_response,
};
use serde_json::{Value, json};

use crate::fake_org::{
    CLIENT, FakeOrg, ISSUER, KEY, NOW, complete_answer, flow_secrets, now, org, public_key, sign,
};

pub(crate) const HEADER: &str = r#"{"alg":"RS256","kid":"key-1"}"#;

pub(crate) async fn signed_in(
    client: &Client<impl Transport>,
    options: BeginOptions,
    flow_secrets: FlowSecrets,
) -> Flow {
    let begun = client
        .begin(Intent::Authenticate, &options, &complete_answer(), flow_secrets, &CallContext::default())
        .await;
    begun.expect("the flow begins")
}

async fn redeem(maker: impl Fn(Value) -> String + Send + 'static) -> Result<Tokens, Error> {
    redeem_with(BeginOptions::default(), maker).await
}

async fn redeem_with(
    options: BeginOptions,
    maker: impl Fn(Value) -> String + Send + 'static,
) -> Result<Tokens, Error> {
    let (org, client) = org();
    org.make_tokens(maker);
    let flow = signed_in(&client, options, flow_secrets()).await;
    Ok(client.exchange(&flow, now(), &CallContext::default()).await?)
}

/// A correctly signed token with changed claims.
fn with_claims(change: impl Fn(&mut Value) + Send + 'static) -> impl Fn(Value) -> String + Send + 'static {
    move |mut claims| {
        change(&mut claims);
        sign(&KEY, HEADER, &claims.to_string())
    }
}

/// A correctly signed token with another header.
pub(crate) fn with_header(header: Value) -> impl Fn(Value) -> String + Send + 'static {
    move |claims| sign(&KEY, &header.to_string(), &claims.to_string())
}

fn set(name: &'static str, value: Value) -> impl Fn(&mut Value) + Send + 'static {
    move |claims| claims[name] = value.clone()
}

fn without(name: &'static str) -> impl Fn(&mut Value) + Send + 'static {
    move |claims| {
        claims.as_object_mut().expect("claims").remove(name);
    }
}

async fn assert_refused(what: &str, expected: TokenError, maker: impl Fn(Value) -> String + Send + 'static) {
    assert_eq!(redeem(maker).await.err(), Some(Error::Token(expected)), "{what}");
}

#[tokio::test]
async fn a_valid_token_is_accepted() {
    assert!(redeem(with_claims(|_| {})).await.is_ok());
    assert!(redeem(with_header(json!({"alg": "RS256", "kid": "key-1", "typ": "JWT"}))).await.is_ok());
    assert!(redeem(with_claims(set("aud", json!([CLIENT])))).await.is_ok());
    assert!(redeem(with_claims(set("azp", json!(CLIENT)))).await.is_ok());
    assert!(redeem(with_claims(without("at_hash"))).await.is_ok());
}

#[tokio::test]
async fn every_algorithm_but_rs256_is_refused() {
    for alg in [
        json!("none"),
        json!("nOnE"),
        json!(""),
        json!("HS256"),
        json!("RS384"),
        json!("PS256"),
        json!(["RS256"]),
        json!(null),
    ] {
        let what = format!("alg {alg}");
        assert_refused(&what, TokenError::Algorithm, with_header(json!({"alg": alg, "kid": "key-1"}))).await;
    }
    assert_refused("no alg", TokenError::Algorithm, with_header(json!({"kid": "key-1"}))).await;
    let unsigned = |claims: Value| {
        format!("{}.{}.", BASE64.encode(r#"{"alg":"none","kid":"key-1"}"#), BASE64.encode(claims.to_string()))
    };
    assert_refused("unsigned", TokenError::Algorithm, unsigned).await;
}

#[tokio::test]
async fn a_public_key_is_not_accepted_as_a_shared_secret() {
    let public = public_key(&KEY, "key-1");
    let modulus = public["n"].as_str().expect("a modulus").to_owned();
    let secrets = [
        BASE64.decode(&modulus).expect("bytes"),
        modulus.into_bytes(),
        public.to_string().into_bytes(),
        b"app-secret".to_vec(),
    ];
    for secret in secrets {
        for header in [r#"{"alg":"HS256","kid":"key-1"}"#, HEADER] {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
            let maker = move |claims: Value| {
                let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims.to_string()));
                let tag = hmac::sign(&key, message.as_bytes());
                format!("{message}.{}", BASE64.encode(tag))
            };
            let error = redeem(maker).await.err();
            assert!(
                matches!(error, Some(Error::Token(TokenError::Algorithm | TokenError::Signature))),
                "{error:?}"
            );
        }
    }
}

#[tokio::test]
async fn signatures_of_another_kind_are_refused() {
    let random = SystemRandom::new();
    let curve = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let ecdsa = move |claims: Value| {
        let message = format!("{}.{}", BASE64.encode(HEADER), BASE64.encode(claims.to_string()));
        let signature = curve.sign(&random, message.as_bytes()).expect("a signature");
        format!("{message}.{}", BASE64.encode(signature))
    };
    assert_refused("ES256 under an RSA key's name", TokenError::Signature, ecdsa).await;
    let pss = |claims: Value| {
        let message = format!("{}.{}", BASE64.encode(HEADER), BASE64.encode(claims.to_string()));
        let mut signature = vec![0; KEY.public_modulus_len()];
        KEY.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .expect("a signature");
        format!("{message}.{}", BASE64.encode(signature))
    };
    assert_refused("PSS instead of PKCS#1", TokenError::Signature, pss).await;
    let tampered = |claims: Value| {
        let valid = sign(&KEY, HEADER, &claims.to_string());
        let other = BASE64.encode(claims.to_string().replace("user-1", "user-2"));
        let mut parts: Vec<&str> = valid.split('.').collect();
        parts[1] = &other;
        parts.join(".")
    };
    assert_refused("other claims under a valid signature", TokenError::Signature, tampered).await;
}

#[tokio::test]
async fn another_issuer_is_refused() {
    for issuer in [
        json!(format!("{ISSUER}/")),
        json!(ISSUER.to_uppercase()),
        json!("https://other.example/oauth2/default"),
        json!("https://org.example/oauth2/other"),
        json!([ISSUER]),
        json!(null),
    ] {
        assert_refused("iss", TokenError::Issuer, with_claims(set("iss", issuer))).await;
    }
    assert_refused("no iss", TokenError::Issuer, with_claims(without("iss"))).await;
}

#[tokio::test]
async fn another_audience_is_refused() {
    for audience in [
        json!("other"),
        json!([CLIENT, "other"]),
        json!(["other"]),
        json!([]),
        json!({"a": CLIENT}),
        json!(null),
    ] {
        assert_refused("aud", TokenError::Audience, with_claims(set("aud", audience))).await;
    }
    assert_refused("no aud", TokenError::Audience, with_claims(without("aud"))).await;
    assert_refused("azp", TokenError::Audience, with_claims(set("azp", json!("other")))).await;
    assert_refused("azp", TokenError::Audience, with_claims(set("azp", json!(null)))).await;
}

#[tokio::test]
async fn a_token_of_another_flow_is_refused() {
    assert_refused("nonce", TokenError::Nonce, with_claims(set("nonce", json!("other")))).await;
    assert_refused("nonce", TokenError::Nonce, with_claims(set("nonce", json!(1)))).await;
    assert_refused("no nonce", TokenError::Nonce, with_claims(without("nonce"))).await;
    let (org, client) = org();
    let first = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
    let first_tokens = client.exchange(&first, now(), &CallContext::default()).await.expect("tokens");
    let replayed = first_tokens.id_token.expect("an id token").raw.reveal().to_owned();
    org.make_tokens(move |_| replayed.clone());
    let second =
        signed_in(&client, BeginOptions::default(), FlowSecrets::from_bytes([[7; 32], [8; 32], [9; 32]]))
            .await;
    let error = client.exchange(&second, now(), &CallContext::default()).await.err().map(Error::from);
    assert_eq!(error, Some(Error::Token(TokenError::Nonce)), "a replayed token");
}

#[tokio::test]
async fn a_token_of_another_time_is_refused() {
    for (name, value, error) in [
        ("exp", json!(NOW - 31), TokenError::Expired),
        ("exp", json!((NOW + 3600).to_string()), TokenError::Expired),
        ("exp", json!(NOW as f64 + 0.5), TokenError::Expired),
        ("exp", json!(-1), TokenError::Expired),
        ("exp", json!(true), TokenError::Expired),
        ("exp", json!(NOW + 25 * 3600), TokenError::Lifetime),
        ("exp", json!(u64::MAX), TokenError::Lifetime),
        ("iat", json!(NOW + 61), TokenError::IssuedAt),
        ("iat", json!(NOW - 601), TokenError::IssuedAt),
        ("iat", json!(NOW.to_string()), TokenError::IssuedAt),
        ("nbf", json!(NOW + 31), TokenError::NotYet),
        ("nbf", json!("soon"), TokenError::NotYet),
    ] {
        let what = format!("{name} {value}");
        assert_refused(&what, error, with_claims(set(name, value))).await;
    }
    assert_refused("no exp", TokenError::Expired, with_claims(without("exp"))).await;
    assert_refused("no iat", TokenError::IssuedAt, with_claims(without("iat"))).await;
    let zero_lifetime = |claims: &mut Value| {
        claims["iat"] = json!(NOW + 10);
        claims["exp"] = json!(NOW + 10);
    };
    assert_refused("exp = iat", TokenError::Lifetime, with_claims(zero_lifetime)).await;
    let infinite = |claims: Value| {
        let text = claims.to_string().replace(&(NOW + 3600).to_string(), "1e400");
        sign(&KEY, HEADER, &text)
    };
    assert_refused("exp 1e400", TokenError::Shape, infinite).await;
}

#[tokio::test]
async fn the_hashes_match_the_access_token_and_the_code() {
    let long = BASE64.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, b"access-1"));
    for hash in [json!("AAAA"), json!(""), json!(long), json!(null)] {
        assert_refused("at_hash", TokenError::Hash, with_claims(set("at_hash", hash))).await;
    }
    assert_refused("c_hash", TokenError::Hash, with_claims(set("c_hash", json!("AAAA")))).await;
    assert!(redeem(with_claims(set("c_hash", json!(crate::fake_org::half_hash("code-1"))))).await.is_ok());
}

#[tokio::test]
async fn a_token_without_a_subject_is_refused() {
    for subject in [json!(""), json!("x".repeat(256)), json!(1), json!(null)] {
        assert_refused("sub", TokenError::Subject, with_claims(set("sub", subject))).await;
    }
    assert_refused("no sub", TokenError::Subject, with_claims(without("sub"))).await;
}

#[tokio::test]
async fn refresh_and_userinfo_keep_the_subject() {
    let (org, client) = org();
    let context = CallContext::default();
    let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
    let tokens = client.exchange(&flow, now(), &context).await.expect("tokens");
    org.make_tokens(with_claims(set("sub", json!("user-2"))));
    let refused = client.refresh(&tokens, now(), &context).await.expect_err("another subject");
    assert_eq!(refused.error, Error::Token(TokenError::Subject));
    assert!(refused.to_revoke.is_some(), "the issued tokens must be revoked");
    let claims = client.userinfo(&tokens.access_token, "user-2", &context).await;
    assert_eq!(claims.err(), Some(Error::Token(TokenError::Subject)));
}

#[tokio::test]
async fn the_requested_assurance_must_be_reached() {
    let strong =
        || BeginOptions { acr_values: Some("urn:okta:loa:2fa:any".into()), ..BeginOptions::default() };
    let weak = redeem_with(strong(), with_claims(set("acr", json!("urn:okta:loa:1fa:any")))).await;
    assert_eq!(weak.err(), Some(Error::Token(TokenError::Acr)));
    assert_eq!(redeem_with(strong(), with_claims(|_| {})).await.err(), Some(Error::Token(TokenError::Acr)));
    assert!(redeem_with(strong(), with_claims(set("acr", json!("urn:okta:loa:2fa:any")))).await.is_ok());

    let fresh = || BeginOptions { max_age: Some(60), ..BeginOptions::default() };
    let stale = redeem_with(fresh(), with_claims(set("auth_time", json!(NOW - 100)))).await;
    assert_eq!(stale.err(), Some(Error::Token(TokenError::AuthTime)));
    assert_eq!(
        redeem_with(fresh(), with_claims(|_| {})).await.err(),
        Some(Error::Token(TokenError::AuthTime))
    );
    assert!(redeem_with(fresh(), with_claims(set("auth_time", json!(NOW - 10)))).await.is_ok());
}

#[tokio::test]
async fn headers_with_unsupported_features_are_refused() {
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("typ", json!("at+jwt")),
        ("typ", json!("logout+jwt")),
        ("typ", json!(1)),
        ("cty", json!("JWT")),
        ("enc", json!("A256GCM")),
        ("zip", json!("DEF")),
    ] {
        let mut header = json!({"alg": "RS256", "kid": "key-1"});
        header[name] = value;
        assert_refused(name, TokenError::Header, with_header(header)).await;
    }
}

#[tokio::test]
async fn malformed_tokens_are_refused() {
    let duplicate = |claims: Value| {
        let text = claims.to_string().replacen('{', r#"{"sub":"user-1","#, 1);
        sign(&KEY, HEADER, &text)
    };
    assert_refused("a claim twice", TokenError::Duplicate, duplicate).await;
    let nested_duplicate = |mut claims: Value| {
        claims["address"] = json!("HERE");
        sign(&KEY, HEADER, &claims.to_string().replace(r#""HERE""#, r#"{"a":1,"a":2}"#))
    };
    assert_refused("a claim twice inside another", TokenError::Duplicate, nested_duplicate).await;
    let duplicate_header =
        |claims: Value| sign(&KEY, r#"{"alg":"none","alg":"RS256","kid":"key-1"}"#, &claims.to_string());
    assert_refused("a header twice", TokenError::Duplicate, duplicate_header).await;
    assert_refused("too large", TokenError::Shape, with_claims(set("padding", json!("x".repeat(17_000)))))
        .await;
    for shape in ["", "a.b", "a.b.c", "a.b.c.d.e", "....", "e30.e30.", "\u{0}.\u{0}.\u{0}"] {
        assert!(matches!(redeem(move |_| shape.to_owned()).await, Err(Error::Token(_))), "{shape:?}");
    }
    let array = |_: Value| sign(&KEY, HEADER, "[1]");
    assert_refused("claims that are no object", TokenError::Shape, array).await;
}

#[tokio::test]
async fn openid_without_an_id_token_is_an_error() {
    let (org, client) = org();
    let bare = json!({"token_type": "Bearer", "access_token": "access-1"});
    org.respond_with("/oauth2/default/v1/token", Ok(json_response(200, bare.to_string())));
    let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
    let error = client.exchange(&flow, now(), &CallContext::default()).await.err().map(Error::from);
    assert_eq!(error, Some(Error::Token(TokenError::Missing)));
}

#[tokio::test]
async fn another_library_accepts_the_same_token() {
    let (org, client) = org();
    let flow = signed_in(&client, BeginOptions::default(), flow_secrets()).await;
    let tokens = client.exchange(&flow, now(), &CallContext::default()).await.expect("tokens");
    let raw = tokens.id_token.as_ref().expect("an id token").raw.reveal();
    assert_eq!(crate::fake_org::verified(&KEY, raw)["sub"], "user-1");
    drop::<Arc<FakeOrg>>(org);
}
