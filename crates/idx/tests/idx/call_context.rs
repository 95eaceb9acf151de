//! What goes with every request: the caller's context and the app's authentication.

use latchkey_idx::{
    BeginOptions, CallContext, ClientAuthentication, Config, FlowSecrets, Intent, PrivateKey, Secret,
};
use serde_json::Value;
use std::sync::Arc;

use crate::fake_org::{self, FakeOrg, ISSUER, KEY, client_of, complete_answer, flow_secrets, now};

fn caller() -> CallContext {
    CallContext {
        address: Some([203, 0, 113, 7].into()),
        user_agent: Some("Browser/1\r\nx-evil: 1".into()),
        device_token: Some("device-1".into()),
        accept_language: Some("de, en;q=0.5".into()),
    }
}

async fn sign_in(authentication: ClientAuthentication) -> Arc<FakeOrg> {
    let org = Arc::new(FakeOrg::default());
    let client = client_of(&org, Config { authentication, ..fake_org::config() });
    let options = BeginOptions {
        activation_token: Some(Secret::from("activation-1")),
        recovery_token: Some(Secret::from("recovery-1")),
        login_hint: Some("mary".into()),
        ..BeginOptions::default()
    };
    let flow = client
        .begin(Intent::Authenticate, &options, &complete_answer(), flow_secrets(), &caller())
        .await
        .expect("the flow begins");
    client.exchange(&flow, now(), &caller()).await.expect("tokens");
    org
}

#[tokio::test]
async fn the_call_context_is_sent_with_every_request() {
    let org = sign_in(ClientAuthentication::Secret(Secret::from("app-secret"))).await;
    for path in [
        "/oauth2/default/v1/interact",
        "/idp/idx/introspect",
        "/idp/idx/identify",
        "/oauth2/default/v1/token",
    ] {
        let headers = org.last(path).headers;
        let all = |name: &str| -> Vec<String> {
            headers.get_all(name).iter().map(|value| value.to_str().expect("text").to_owned()).collect()
        };
        assert_eq!(all("x-forwarded-for"), ["203.0.113.7"], "{path}");
        assert_eq!(all("user-agent"), ["Browser/1x-evil: 1"], "{path}");
        assert_eq!(all("x-device-token"), ["device-1"], "{path}");
        assert_eq!(all("accept-language"), ["de, en;q=0.5"], "{path}");
        assert_eq!(all("x-okta-user-agent-extended").len(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_public_client_sends_neither_a_secret_nor_a_device_token() {
    let org = sign_in(ClientAuthentication::None).await;
    let interact = org.last("/oauth2/default/v1/interact");
    assert_eq!(interact.body["client_secret"], Value::Null);
    assert!(!interact.headers.contains_key("x-device-token"));
}

#[tokio::test]
async fn interact_sends_the_code_challenge_and_the_token_request_its_verifier() {
    let org = sign_in(ClientAuthentication::Secret(Secret::from("app-secret"))).await;
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
async fn a_client_assertion_has_the_address_of_its_request_as_audience() {
    let key = PrivateKey::from_pkcs8("client-key", &fake_org::private_pem(&KEY)).expect("a key");
    let org = sign_in(ClientAuthentication::PrivateKey(key)).await;
    let assertion_ids = ["interact", "token"].map(|endpoint| {
        let body = org.last(&format!("/oauth2/default/v1/{endpoint}")).body;
        assert_eq!(body["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assert_eq!(body["client_secret"], Value::Null);
        let claims = fake_org::verified(&KEY, body["client_assertion"].as_str().expect("an assertion"));
        assert_eq!(claims["iss"], fake_org::CLIENT);
        assert_eq!(claims["sub"], fake_org::CLIENT);
        assert_eq!(claims["aud"], format!("{ISSUER}/v1/{endpoint}"));
        assert!(claims["exp"].as_u64() <= claims["iat"].as_u64().map(|issued| issued + 60));
        claims["jti"].clone()
    });
    assert_ne!(assertion_ids[0], assertion_ids[1]);
}

#[test]
fn the_secrets_of_two_flows_differ() {
    let one = FlowSecrets::random().expect("random bytes");
    let other = FlowSecrets::random().expect("random bytes");
    assert_ne!(format!("{:?}", one.state().reveal()), format!("{:?}", other.state().reveal()));
}
