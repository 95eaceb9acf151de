//! Logout tokens and revocation tokens of the org: valid ones, and each with one thing wrong.

use std::time::Duration;

use latchkey_idx::{Error, LogoutNotice, TokenError};
use serde_json::{Value, json};

use crate::fake_org::{CLIENT, ISSUER, KEY, NOW, now, org, sign};

const ENDPOINT: &str = "https://app.example/logout/universal";

fn logout() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "user-1", "sid": "session-1", "jti": "notice-1",
        "iat": NOW, "exp": NOW + 120,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    })
}

fn revocation() -> Value {
    json!({"iss": ISSUER, "aud": ENDPOINT, "sub": CLIENT, "jti": "notice-2", "iat": NOW, "nbf": NOW, "exp": NOW + 300})
}

fn signed(typ: &Value, claims: &Value) -> String {
    let header = json!({"alg": "RS256", "kid": "key-1", "typ": typ});
    sign(&KEY, &header.to_string(), &claims.to_string())
}

async fn logout_notice(token: &str) -> Result<LogoutNotice, Error> {
    let (_org, client) = org();
    client.logout_notice(token, now()).await
}

async fn revocation_notice(token: &str) -> Result<LogoutNotice, Error> {
    let (_org, client) = org();
    client.revocation_notice(token, ENDPOINT, now()).await
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
async fn a_valid_logout_token_names_a_person_or_a_session() {
    let notice = logout_notice(&signed(&json!("logout+jwt"), &logout())).await.expect("a valid token");
    assert_eq!(notice.id, "notice-1");
    assert_eq!((notice.subject.as_deref(), notice.session.as_deref()), (Some("user-1"), Some("session-1")));
    assert!(notice.replay_window >= Duration::from_secs(180));
    for name in ["sub", "sid", "exp"] {
        assert!(
            logout_notice(&signed(&json!("logout+jwt"), &without(logout(), name))).await.is_ok(),
            "{name}"
        );
    }
    let notice = revocation_notice(&signed(&json!("global-token-revocation+jwt"), &revocation())).await;
    assert_eq!(notice.expect("a valid token").id, "notice-2");
}

#[tokio::test]
async fn sec_72_an_invalid_logout_token_is_refused() {
    let without_subject = without(without(logout(), "sub"), "sid");
    for (claims, error) in [
        (with(logout(), "iss", json!("https://evil.example")), TokenError::Issuer),
        (without(logout(), "iss"), TokenError::Issuer),
        (with(logout(), "aud", json!("another")), TokenError::Audience),
        (with(logout(), "aud", json!([CLIENT, "another"])), TokenError::Audience),
        (with(logout(), "iat", json!(NOW - 200)), TokenError::IssuedAt),
        (with(logout(), "iat", json!(NOW + 200)), TokenError::IssuedAt),
        (without(logout(), "iat"), TokenError::IssuedAt),
        (with(logout(), "exp", json!(NOW - 60)), TokenError::Expired),
        (with(logout(), "nbf", json!(NOW + 60)), TokenError::NotYet),
        (with(logout(), "nonce", json!("n")), TokenError::Event),
        (without(logout(), "events"), TokenError::Event),
        (
            with(logout(), "events", json!({"http://schemas.openid.net/event/backchannel-logout": true})),
            TokenError::Event,
        ),
        (without(logout(), "jti"), TokenError::Event),
        (without_subject, TokenError::Subject),
    ] {
        let refused = logout_notice(&signed(&json!("logout+jwt"), &claims)).await;
        assert_eq!(refused, Err(Error::Token(error)), "{claims}");
    }
    for typ in [json!("JWT"), json!("at+jwt"), json!("global-token-revocation+jwt"), json!(null)] {
        let refused = logout_notice(&signed(&typ, &logout())).await;
        assert_eq!(refused, Err(Error::Token(TokenError::Header)), "{typ}");
    }
    let (valid, other) = (logout(), with(logout(), "sub", json!("user-2")));
    let [valid, other] = [valid, other].map(|claims| signed(&json!("logout+jwt"), &claims));
    let signature = valid.rsplit_once('.').map_or("", |(_, signature)| signature);
    let claims = other.rsplit_once('.').map_or("", |(claims, _)| claims);
    assert_eq!(
        logout_notice(&format!("{claims}.{signature}")).await,
        Err(Error::Token(TokenError::Signature))
    );
}

#[tokio::test]
async fn sec_73_an_invalid_revocation_token_is_refused() {
    let typ = json!("global-token-revocation+jwt");
    for (claims, error) in [
        (with(revocation(), "aud", json!("https://app.example/elsewhere")), TokenError::Audience),
        (with(revocation(), "sub", json!("another")), TokenError::Subject),
        (with(revocation(), "iss", json!("https://evil.example")), TokenError::Issuer),
        (with(revocation(), "exp", json!(NOW - 60)), TokenError::Expired),
        (with(revocation(), "iat", json!(NOW - 600)), TokenError::IssuedAt),
        (without(revocation(), "jti"), TokenError::Event),
    ] {
        assert_eq!(revocation_notice(&signed(&typ, &claims)).await, Err(Error::Token(error)), "{claims}");
    }
    assert_eq!(
        revocation_notice(&signed(&json!("logout+jwt"), &revocation())).await,
        Err(Error::Token(TokenError::Header))
    );
}
