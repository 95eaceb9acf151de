//! Whom a call is made for, and how the app proves itself: what goes with every request.

use latchkey_idx::{Attempt, Authentication, Client, Context, Intent, Opening, PrivateKey, Request, Secret};
use serde_json::Value;
use std::sync::Arc;

use crate::org::{self, ISSUER, KEY, Org, attempt, everything, now};

fn whom() -> Context {
    Context {
        address: Some([203, 0, 113, 7].into()),
        user_agent: Some("Browser/1\r\nx-evil: 1".into()),
        device_token: Some("device-1".into()),
        accept_language: Some("de, en;q=0.5".into()),
    }
}

async fn sign_in(authentication: Authentication) -> Arc<Org> {
    let org = Arc::new(Org::default());
    let asked = Arc::clone(&org);
    let config = latchkey_idx::Config { authentication, ..org::config() };
    let client = Client::new(config, move |request: Request| {
        let answer = asked.answer(&request);
        async move { answer }
    });
    let opening = Opening {
        activation_token: Some(Secret::from("activation-1")),
        recovery_token: Some(Secret::from("recovery-1")),
        login_hint: Some("mary".into()),
        ..Opening::default()
    };
    let flow = client
        .begin(Intent::Authenticate, &opening, &everything(), attempt(), &whom())
        .await
        .expect("it begins");
    client.exchange(&flow, now(), &whom()).await.expect("tokens");
    org
}

#[tokio::test]
async fn the_context_goes_with_every_call() {
    let org = sign_in(Authentication::Secret(Secret::from("app-secret"))).await;
    for path in [
        "/oauth2/default/v1/interact",
        "/idp/idx/introspect",
        "/idp/idx/identify",
        "/oauth2/default/v1/token",
    ] {
        let headers = org.last(path).headers;
        let all = |name: &str| -> Vec<String> {
            headers.iter().filter(|(own, _)| *own == name).map(|(_, value)| value.clone()).collect()
        };
        assert_eq!(all("x-forwarded-for"), ["203.0.113.7"], "{path}");
        assert_eq!(all("user-agent"), ["Browser/1x-evil: 1"], "{path}");
        assert_eq!(all("x-device-token"), ["device-1"], "{path}");
        assert_eq!(all("accept-language"), ["de, en;q=0.5"], "{path}");
        assert_eq!(all("x-okta-user-agent-extended").len(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_public_client_sends_neither_secret_nor_device() {
    let org = sign_in(Authentication::None).await;
    let interact = org.last("/oauth2/default/v1/interact");
    assert_eq!(interact.body["client_secret"], Value::Null);
    assert!(!interact.headers.iter().any(|(name, _)| *name == "x-device-token"));
}

#[tokio::test]
async fn the_attempt_is_announced_by_its_fingerprint_and_redeemed_by_its_verifier() {
    let org = sign_in(Authentication::Secret(Secret::from("app-secret"))).await;
    let interact = org.last("/oauth2/default/v1/interact").body;
    assert_eq!(interact["code_challenge_method"], "S256");
    assert_eq!(interact["client_secret"], "app-secret");
    assert_eq!(interact["activation_token"], "activation-1");
    assert_eq!(interact["recovery_token"], "recovery-1");
    assert_eq!(interact["login_hint"], "mary");
    let token = org.last("/oauth2/default/v1/token").body;
    assert_eq!(token["grant_type"], "interaction_code");
    assert_ne!(token["code_verifier"], interact["code_challenge"]);
    assert_eq!(token["code_verifier"].as_str().map(str::len), Some(43));
}

#[tokio::test]
async fn a_client_with_a_key_signs_each_request_for_its_own_address() {
    let key = PrivateKey::from_pkcs8("client-key", &org::private_pem(&KEY)).expect("a key");
    let org = sign_in(Authentication::PrivateKey(key)).await;
    let proofs = ["interact", "token"].map(|endpoint| {
        let body = org.last(&format!("/oauth2/default/v1/{endpoint}")).body;
        assert_eq!(body["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assert_eq!(body["client_secret"], Value::Null);
        let claims = org::verified(&KEY, body["client_assertion"].as_str().expect("a proof"));
        assert_eq!(claims["iss"], org::CLIENT);
        assert_eq!(claims["sub"], org::CLIENT);
        assert_eq!(claims["aud"], format!("{ISSUER}/v1/{endpoint}"));
        assert!(claims["exp"].as_u64() <= claims["iat"].as_u64().map(|issued| issued + 60));
        claims["jti"].clone()
    });
    assert_ne!(proofs[0], proofs[1]);
}

#[test]
fn no_two_attempts_are_alike() {
    let one = Attempt::fresh().expect("random bytes");
    let other = Attempt::fresh().expect("random bytes");
    assert_ne!(format!("{:?}", one.state().reveal()), format!("{:?}", other.state().reveal()));
}
