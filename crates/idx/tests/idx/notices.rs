//! Notices that somebody's sessions have ended, and what only looks like one.

use std::time::Duration;

use latchkey_idx::{Error, Flaw, Notice};
use serde_json::{Value, json};

use crate::org::{CLIENT, ISSUER, KEY, NOW, now, org, sign};

const ADDRESS: &str = "https://app.example/logout/universal";

fn logout() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "user-1", "sid": "session-1", "jti": "notice-1",
        "iat": NOW, "exp": NOW + 120,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    })
}

fn revocation() -> Value {
    json!({"iss": ISSUER, "aud": ADDRESS, "sub": CLIENT, "jti": "notice-2", "iat": NOW, "nbf": NOW, "exp": NOW + 300})
}

fn signed(typ: &Value, claims: &Value) -> String {
    let header = json!({"alg": "RS256", "kid": "key-1", "typ": typ});
    sign(&KEY, &header.to_string(), &claims.to_string())
}

async fn logout_of(token: &str) -> Result<Notice, Error> {
    let (_org, client) = org();
    client.logout_notice(token, now()).await
}

async fn revocation_of(token: &str) -> Result<Notice, Error> {
    let (_org, client) = org();
    client.revocation_notice(token, ADDRESS, now()).await
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    if let Some(claims) = claims.as_object_mut() {
        claims.insert(name.to_owned(), value);
    }
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    if let Some(claims) = claims.as_object_mut() {
        claims.remove(name);
    }
    claims
}

#[tokio::test]
async fn a_notice_names_a_person_or_a_session() {
    let notice = logout_of(&signed(&json!("logout+jwt"), &logout())).await.expect("it is believed");
    assert_eq!(notice.id, "notice-1");
    assert_eq!((notice.subject.as_deref(), notice.session.as_deref()), (Some("user-1"), Some("session-1")));
    assert!(notice.lasts >= Duration::from_secs(180));
    for name in ["sub", "sid", "exp"] {
        assert!(logout_of(&signed(&json!("logout+jwt"), &without(logout(), name))).await.is_ok(), "{name}");
    }
    let notice = revocation_of(&signed(&json!("global-token-revocation+jwt"), &revocation())).await;
    assert_eq!(notice.expect("it is believed").id, "notice-2");
}

#[tokio::test]
async fn sec_72_what_is_wrong_with_a_logout_token_is_seen() {
    let nobody = without(without(logout(), "sub"), "sid");
    for (claims, flaw) in [
        (with(logout(), "iss", json!("https://evil.example")), Flaw::Issuer),
        (without(logout(), "iss"), Flaw::Issuer),
        (with(logout(), "aud", json!("another")), Flaw::Audience),
        (with(logout(), "aud", json!([CLIENT, "another"])), Flaw::Audience),
        (with(logout(), "iat", json!(NOW - 200)), Flaw::IssuedAt),
        (with(logout(), "iat", json!(NOW + 200)), Flaw::IssuedAt),
        (without(logout(), "iat"), Flaw::IssuedAt),
        (with(logout(), "exp", json!(NOW - 60)), Flaw::Expired),
        (with(logout(), "nbf", json!(NOW + 60)), Flaw::NotYet),
        (with(logout(), "nonce", json!("n")), Flaw::Event),
        (without(logout(), "events"), Flaw::Event),
        (
            with(logout(), "events", json!({"http://schemas.openid.net/event/backchannel-logout": true})),
            Flaw::Event,
        ),
        (without(logout(), "jti"), Flaw::Event),
        (nobody, Flaw::Subject),
    ] {
        let refused = logout_of(&signed(&json!("logout+jwt"), &claims)).await;
        assert_eq!(refused, Err(Error::Token(flaw)), "{claims}");
    }
    for typ in [json!("JWT"), json!("at+jwt"), json!("global-token-revocation+jwt"), json!(null)] {
        let refused = logout_of(&signed(&typ, &logout())).await;
        assert_eq!(refused, Err(Error::Token(Flaw::Header)), "{typ}");
    }
    let (honest, other) = (logout(), with(logout(), "sub", json!("user-2")));
    let [honest, other] = [honest, other].map(|claims| signed(&json!("logout+jwt"), &claims));
    let signature = honest.rsplit_once('.').map_or("", |(_, signature)| signature);
    let claims = other.rsplit_once('.').map_or("", |(claims, _)| claims);
    assert_eq!(logout_of(&format!("{claims}.{signature}")).await, Err(Error::Token(Flaw::Signature)));
}

#[tokio::test]
async fn sec_73_what_is_wrong_with_a_revocation_token_is_seen() {
    let typ = json!("global-token-revocation+jwt");
    for (claims, flaw) in [
        (with(revocation(), "aud", json!("https://app.example/elsewhere")), Flaw::Audience),
        (with(revocation(), "sub", json!("another")), Flaw::Subject),
        (with(revocation(), "iss", json!("https://evil.example")), Flaw::Issuer),
        (with(revocation(), "exp", json!(NOW - 60)), Flaw::Expired),
        (with(revocation(), "iat", json!(NOW - 600)), Flaw::IssuedAt),
        (without(revocation(), "jti"), Flaw::Event),
    ] {
        assert_eq!(revocation_of(&signed(&typ, &claims)).await, Err(Error::Token(flaw)), "{claims}");
    }
    assert_eq!(
        revocation_of(&signed(&json!("logout+jwt"), &revocation())).await,
        Err(Error::Token(Flaw::Header))
    );
}
