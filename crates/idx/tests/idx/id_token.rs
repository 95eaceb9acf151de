//! Id tokens that must not be believed. Each is minted with one thing wrong and signed as well as it can be.

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PSS_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use latchkey_idx::{
    Attempt, Client, Context, Error, Flaw, Flow, Intent, Opening, Response, Tokens, Transport,
};
use serde_json::{Value, json};

use crate::org::{CLIENT, ISSUER, KEY, NOW, Org, attempt, everything, now, org, public_key, sign};

const KEYS: &str = "/oauth2/default/v1/keys";
const HONEST: &str = r#"{"alg":"RS256","kid":"key-1"}"#;

async fn signed_in(client: &Client<impl Transport>, opening: Opening, attempt: Attempt) -> Flow {
    let begun =
        client.begin(Intent::Authenticate, &opening, &everything(), attempt, &Context::default()).await;
    begun.expect("it begins")
}

async fn redeem(mint: impl Fn(Value) -> String + Send + 'static) -> Result<Tokens, Error> {
    redeem_asking(Opening::default(), mint).await
}

async fn redeem_asking(
    opening: Opening,
    mint: impl Fn(Value) -> String + Send + 'static,
) -> Result<Tokens, Error> {
    let (org, client) = org();
    org.mints(mint);
    let flow = signed_in(&client, opening, attempt()).await;
    Ok(client.exchange(&flow, now(), &Context::default()).await?)
}

/// A token whose claims are changed, truly signed.
fn with(change: impl Fn(&mut Value) + Send + 'static) -> impl Fn(Value) -> String + Send + 'static {
    move |mut claims| {
        change(&mut claims);
        sign(&KEY, HONEST, &claims.to_string())
    }
}

/// A token with another header, truly signed.
fn headed(header: Value) -> impl Fn(Value) -> String + Send + 'static {
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

async fn assert_flawed(what: &str, flaw: Flaw, mint: impl Fn(Value) -> String + Send + 'static) {
    assert_eq!(redeem(mint).await.err(), Some(Error::Token(flaw)), "{what}");
}

#[tokio::test]
async fn an_honest_token_is_believed() {
    assert!(redeem(with(|_| {})).await.is_ok());
    assert!(redeem(headed(json!({"alg": "RS256", "kid": "key-1", "typ": "JWT"}))).await.is_ok());
    assert!(redeem(with(set("aud", json!([CLIENT])))).await.is_ok());
    assert!(redeem(with(set("azp", json!(CLIENT)))).await.is_ok());
    assert!(redeem(with(without("at_hash"))).await.is_ok());
}

#[tokio::test]
async fn only_rs256_is_an_algorithm() {
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
        assert_flawed(&what, Flaw::Algorithm, headed(json!({"alg": alg, "kid": "key-1"}))).await;
    }
    assert_flawed("no alg", Flaw::Algorithm, headed(json!({"kid": "key-1"}))).await;
    let unsigned = |claims: Value| {
        format!("{}.{}.", BASE64.encode(r#"{"alg":"none","kid":"key-1"}"#), BASE64.encode(claims.to_string()))
    };
    assert_flawed("unsigned", Flaw::Algorithm, unsigned).await;
}

#[tokio::test]
async fn a_public_key_is_no_shared_secret() {
    let public = public_key(&KEY, "key-1");
    let modulus = public["n"].as_str().expect("a modulus").to_owned();
    let secrets = [
        BASE64.decode(&modulus).expect("bytes"),
        modulus.into_bytes(),
        public.to_string().into_bytes(),
        b"app-secret".to_vec(),
    ];
    for secret in secrets {
        for header in [r#"{"alg":"HS256","kid":"key-1"}"#, HONEST] {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
            let mint = move |claims: Value| {
                let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims.to_string()));
                let tag = hmac::sign(&key, message.as_bytes());
                format!("{message}.{}", BASE64.encode(tag))
            };
            let error = redeem(mint).await.err();
            assert!(matches!(error, Some(Error::Token(Flaw::Algorithm | Flaw::Signature))), "{error:?}");
        }
    }
}

#[tokio::test]
async fn another_kind_of_signature_is_no_signature() {
    let random = SystemRandom::new();
    let curve = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let on_a_curve = move |claims: Value| {
        let message = format!("{}.{}", BASE64.encode(HONEST), BASE64.encode(claims.to_string()));
        let signature = curve.sign(&random, message.as_bytes()).expect("a signature");
        format!("{message}.{}", BASE64.encode(signature))
    };
    assert_flawed("ES256 under an RSA key's name", Flaw::Signature, on_a_curve).await;
    let padded_otherwise = |claims: Value| {
        let message = format!("{}.{}", BASE64.encode(HONEST), BASE64.encode(claims.to_string()));
        let mut signature = vec![0; KEY.public_modulus_len()];
        KEY.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .expect("a signature");
        format!("{message}.{}", BASE64.encode(signature))
    };
    assert_flawed("PSS instead of PKCS#1", Flaw::Signature, padded_otherwise).await;
    let tampered = |claims: Value| {
        let honest = sign(&KEY, HONEST, &claims.to_string());
        let other = BASE64.encode(claims.to_string().replace("user-1", "user-2"));
        let mut parts: Vec<&str> = honest.split('.').collect();
        parts[1] = &other;
        parts.join(".")
    };
    assert_flawed("other claims under an honest signature", Flaw::Signature, tampered).await;
}

#[tokio::test]
async fn a_token_is_from_this_issuer_to_the_letter() {
    for issuer in [
        json!(format!("{ISSUER}/")),
        json!(ISSUER.to_uppercase()),
        json!("https://other.example/oauth2/default"),
        json!("https://org.example/oauth2/other"),
        json!([ISSUER]),
        json!(null),
    ] {
        assert_flawed("iss", Flaw::Issuer, with(set("iss", issuer))).await;
    }
    assert_flawed("no iss", Flaw::Issuer, with(without("iss"))).await;
}

#[tokio::test]
async fn a_token_is_for_this_client_alone() {
    for audience in [
        json!("other"),
        json!([CLIENT, "other"]),
        json!(["other"]),
        json!([]),
        json!({"a": CLIENT}),
        json!(null),
    ] {
        assert_flawed("aud", Flaw::Audience, with(set("aud", audience))).await;
    }
    assert_flawed("no aud", Flaw::Audience, with(without("aud"))).await;
    assert_flawed("azp", Flaw::Audience, with(set("azp", json!("other")))).await;
    assert_flawed("azp", Flaw::Audience, with(set("azp", json!(null)))).await;
}

#[tokio::test]
async fn a_token_belongs_to_this_attempt() {
    assert_flawed("nonce", Flaw::Nonce, with(set("nonce", json!("other")))).await;
    assert_flawed("nonce", Flaw::Nonce, with(set("nonce", json!(1)))).await;
    assert_flawed("no nonce", Flaw::Nonce, with(without("nonce"))).await;
    let (org, client) = org();
    let first = signed_in(&client, Opening::default(), attempt()).await;
    let believed = client.exchange(&first, now(), &Context::default()).await.expect("tokens");
    let replayed = believed.id_token.expect("an id token").raw.reveal().to_owned();
    org.mints(move |_| replayed.clone());
    let second =
        signed_in(&client, Opening::default(), Attempt::from_bytes([[7; 32], [8; 32], [9; 32]])).await;
    let error = client.exchange(&second, now(), &Context::default()).await.err().map(Error::from);
    assert_eq!(error, Some(Error::Token(Flaw::Nonce)), "an earlier token, played again");
}

#[tokio::test]
async fn a_token_is_of_now() {
    for (name, value, flaw) in [
        ("exp", json!(NOW - 31), Flaw::Expired),
        ("exp", json!((NOW + 3600).to_string()), Flaw::Expired),
        ("exp", json!(NOW as f64 + 0.5), Flaw::Expired),
        ("exp", json!(-1), Flaw::Expired),
        ("exp", json!(true), Flaw::Expired),
        ("exp", json!(NOW + 25 * 3600), Flaw::Lifetime),
        ("exp", json!(u64::MAX), Flaw::Lifetime),
        ("iat", json!(NOW + 61), Flaw::IssuedAt),
        ("iat", json!(NOW - 601), Flaw::IssuedAt),
        ("iat", json!(NOW.to_string()), Flaw::IssuedAt),
        ("nbf", json!(NOW + 31), Flaw::NotYet),
        ("nbf", json!("soon"), Flaw::NotYet),
    ] {
        let what = format!("{name} {value}");
        assert_flawed(&what, flaw, with(set(name, value))).await;
    }
    assert_flawed("no exp", Flaw::Expired, with(without("exp"))).await;
    assert_flawed("no iat", Flaw::IssuedAt, with(without("iat"))).await;
    let never_good = |claims: &mut Value| {
        claims["iat"] = json!(NOW + 10);
        claims["exp"] = json!(NOW + 10);
    };
    assert_flawed("exp = iat", Flaw::Lifetime, with(never_good)).await;
    let infinite = |claims: Value| {
        let text = claims.to_string().replace(&(NOW + 3600).to_string(), "1e400");
        sign(&KEY, HONEST, &text)
    };
    assert_flawed("exp 1e400", Flaw::Shape, infinite).await;
}

#[tokio::test]
async fn a_token_belongs_to_the_access_token_and_the_code_beside_it() {
    let long = BASE64.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, b"access-1"));
    for hash in [json!("AAAA"), json!(""), json!(long), json!(null)] {
        assert_flawed("at_hash", Flaw::Hash, with(set("at_hash", hash))).await;
    }
    assert_flawed("c_hash", Flaw::Hash, with(set("c_hash", json!("AAAA")))).await;
    assert!(redeem(with(set("c_hash", json!(crate::org::half_hash("code-1"))))).await.is_ok());
}

#[tokio::test]
async fn a_token_says_who() {
    for subject in [json!(""), json!("x".repeat(256)), json!(1), json!(null)] {
        assert_flawed("sub", Flaw::Subject, with(set("sub", subject))).await;
    }
    assert_flawed("no sub", Flaw::Subject, with(without("sub"))).await;
}

#[tokio::test]
async fn the_person_stays_the_same_over_refresh_and_userinfo() {
    let (org, client) = org();
    let context = Context::default();
    let flow = signed_in(&client, Opening::default(), attempt()).await;
    let tokens = client.exchange(&flow, now(), &context).await.expect("tokens");
    org.mints(with(set("sub", json!("user-2"))));
    let refused = client.refresh(&tokens, now(), &context).await.expect_err("another person");
    assert_eq!(refused.error, Error::Token(Flaw::Subject));
    assert!(refused.to_revoke.is_some(), "what the org has given is to be revoked");
    let claims = client.userinfo(&tokens.access_token, "user-2", &context).await;
    assert_eq!(claims.err(), Some(Error::Token(Flaw::Subject)));
}

#[tokio::test]
async fn a_stronger_or_fresher_sign_in_that_was_asked_for_must_have_happened() {
    let strong = || Opening { acr_values: Some("urn:okta:loa:2fa:any".into()), ..Opening::default() };
    let weak = redeem_asking(strong(), with(set("acr", json!("urn:okta:loa:1fa:any")))).await;
    assert_eq!(weak.err(), Some(Error::Token(Flaw::Acr)));
    assert_eq!(redeem_asking(strong(), with(|_| {})).await.err(), Some(Error::Token(Flaw::Acr)));
    assert!(redeem_asking(strong(), with(set("acr", json!("urn:okta:loa:2fa:any")))).await.is_ok());

    let fresh = || Opening { max_age: Some(60), ..Opening::default() };
    let stale = redeem_asking(fresh(), with(set("auth_time", json!(NOW - 100)))).await;
    assert_eq!(stale.err(), Some(Error::Token(Flaw::AuthTime)));
    assert_eq!(redeem_asking(fresh(), with(|_| {})).await.err(), Some(Error::Token(Flaw::AuthTime)));
    assert!(redeem_asking(fresh(), with(set("auth_time", json!(NOW - 10)))).await.is_ok());
}

#[tokio::test]
async fn a_header_asks_for_nothing_special() {
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
        assert_flawed(name, Flaw::Header, headed(header)).await;
    }
}

#[tokio::test]
async fn a_key_inside_a_token_is_never_used() {
    let own = Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
    for kid in [json!("key-1"), json!("key-9"), json!(null)] {
        let own = Arc::clone(&own);
        let (org, client) = org();
        org.mints(move |claims| {
            let mut header = json!({"alg": "RS256", "kid": kid, "jwk": public_key(&own, "key-9")});
            header["jku"] = json!("https://evil.example/keys");
            header["x5u"] = json!("https://evil.example/certificate");
            sign(&own, &header.to_string(), &claims.to_string())
        });
        let flow = signed_in(&client, Opening::default(), attempt()).await;
        let error = client.exchange(&flow, now(), &Context::default()).await.err().map(Error::from);
        assert!(matches!(error, Some(Error::Token(Flaw::Signature | Flaw::UnknownKey))), "{error:?}");
        assert!(org.paths().iter().all(|path| path.starts_with('/')), "only the org is asked");
    }
}

#[tokio::test]
async fn a_token_is_a_small_honest_piece_of_text() {
    let twins = |claims: Value| {
        let text = claims.to_string().replacen('{', r#"{"sub":"user-1","#, 1);
        sign(&KEY, HONEST, &text)
    };
    assert_flawed("a claim twice", Flaw::Duplicate, twins).await;
    let nested_twins = |mut claims: Value| {
        claims["address"] = json!("HERE");
        sign(&KEY, HONEST, &claims.to_string().replace(r#""HERE""#, r#"{"a":1,"a":2}"#))
    };
    assert_flawed("a claim twice inside another", Flaw::Duplicate, nested_twins).await;
    let twin_header =
        |claims: Value| sign(&KEY, r#"{"alg":"none","alg":"RS256","kid":"key-1"}"#, &claims.to_string());
    assert_flawed("a header twice", Flaw::Duplicate, twin_header).await;
    assert_flawed("too large", Flaw::Shape, with(set("padding", json!("x".repeat(17_000))))).await;
    for shape in ["", "a.b", "a.b.c", "a.b.c.d.e", "....", "e30.e30.", "\u{0}.\u{0}.\u{0}"] {
        assert!(matches!(redeem(move |_| shape.to_owned()).await, Err(Error::Token(_))), "{shape:?}");
    }
    let array = |_: Value| sign(&KEY, HONEST, "[1]");
    assert_flawed("claims that are no object", Flaw::Shape, array).await;
}

#[tokio::test]
async fn unknown_keys_make_us_ask_once_a_minute() {
    let (org, client) = org();
    let context = Context::default();
    let flow = signed_in(&client, Opening::default(), attempt()).await;
    for index in 0..500 {
        org.mints(headed(json!({"alg": "RS256", "kid": format!("unknown-{index}")})));
        let error = client.exchange(&flow, now(), &context).await.err().map(Error::from);
        assert_eq!(error, Some(Error::Token(Flaw::UnknownKey)));
    }
    assert_eq!(org.count(KEYS), 1);
    let later = now() + std::time::Duration::from_secs(60);
    let error = client.exchange(&flow, later, &context).await.err().map(Error::from);
    assert_eq!(error, Some(Error::Token(Flaw::UnknownKey)));
    assert_eq!(org.count(KEYS), 2);
}

#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_survives_an_outage() {
    let (org, client) = org();
    let context = Context::default();
    let flow = signed_in(&client, Opening::default(), attempt()).await;
    client.exchange(&flow, now(), &context).await.expect("tokens");

    let new = Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
    let both = json!({"keys": [public_key(&KEY, "key-1"), public_key(&new, "key-2")]});
    org.answers(KEYS, Ok(Response::json(200, both.to_string())));
    let signer = Arc::clone(&new);
    org.mints(move |claims| sign(&signer, r#"{"alg":"RS256","kid":"key-2"}"#, &claims.to_string()));
    let later = now() + std::time::Duration::from_secs(61);
    assert!(client.exchange(&flow, later, &context).await.is_ok());
    assert_eq!(org.count(KEYS), 2);

    for outage in [Ok(Response::json(500, "{}")), Ok(Response::json(200, "<html>")), Err(Error::Timeout)] {
        org.answers(KEYS, outage);
        org.mints(headed(json!({"alg": "RS256", "kid": "key-3"})));
        let much_later = later + std::time::Duration::from_secs(120);
        assert!(client.exchange(&flow, much_later, &context).await.is_err());
        let signer = Arc::clone(&new);
        org.mints(move |claims| sign(&signer, r#"{"alg":"RS256","kid":"key-2"}"#, &claims.to_string()));
        assert!(client.exchange(&flow, later, &context).await.is_ok(), "the last good keys stay");
    }
}

#[tokio::test]
async fn keys_that_are_too_small_or_for_something_else_are_no_keys() {
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
        org.answers(KEYS, Ok(Response::json(200, json!({"keys": [key]}).to_string())));
        let flow = signed_in(&client, Opening::default(), attempt()).await;
        let error = client.exchange(&flow, now(), &Context::default()).await.err().map(Error::from);
        assert_eq!(error, Some(Error::Token(Flaw::UnknownKey)), "{key}");
    }
    let (org, client) = org();
    let many: Vec<Value> = (0..65).map(|_| good.clone()).collect();
    org.answers(KEYS, Ok(Response::json(200, json!({"keys": many}).to_string())));
    let flow = signed_in(&client, Opening::default(), attempt()).await;
    assert!(client.exchange(&flow, now(), &Context::default()).await.is_err(), "more keys than any org has");
}

#[tokio::test]
async fn openid_without_an_id_token_is_no_sign_in() {
    let (org, client) = org();
    let bare = json!({"token_type": "Bearer", "access_token": "access-1"});
    org.answers("/oauth2/default/v1/token", Ok(Response::json(200, bare.to_string())));
    let flow = signed_in(&client, Opening::default(), attempt()).await;
    let error = client.exchange(&flow, now(), &Context::default()).await.err().map(Error::from);
    assert_eq!(error, Some(Error::Token(Flaw::Missing)));
}

#[tokio::test]
async fn what_is_believed_another_library_believes_too() {
    let (org, client) = org();
    let flow = signed_in(&client, Opening::default(), attempt()).await;
    let tokens = client.exchange(&flow, now(), &Context::default()).await.expect("tokens");
    let raw = tokens.id_token.as_ref().expect("an id token").raw.reveal();
    assert_eq!(crate::org::verified(&KEY, raw)["sub"], "user-1");
    drop::<Arc<Org>>(org);
}
