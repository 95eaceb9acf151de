//! What is stored between two calls, flows and tokens, and what never prints.

use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use latchkey_idx::{BeginOptions, CallContext, Error, Flow, FlowSecrets, Intent, PrivateKey, Secret, Tokens};
use serde_json::json;

use crate::documents;
use crate::fake_org::{self, complete_answer, flow_secrets, now};
use crate::flows::flow_at;

#[tokio::test]
async fn debug_output_contains_no_secrets() {
    let (_, client) = fake_org::org();
    let begun = client
        .begin(
            Intent::Authenticate,
            &BeginOptions::default(),
            &complete_answer(),
            flow_secrets(),
            &CallContext::default(),
        )
        .await;
    let flow = begun.expect("the flow begins");
    let tokens = client.exchange(&flow, now(), &CallContext::default()).await.expect("tokens");
    let code = flow.interaction_code().expect("a code");
    let printed =
        format!("{flow:?} {tokens:?} {code:?} {:?} {:?} {client:?}", complete_answer(), flow_secrets());
    for secret in [
        "handle-1",
        "state-1",
        "access-1",
        "refresh-1",
        "code-1",
        "app-secret",
        fake_org::PASSWORD,
        fake_org::CODE,
        flow.state(),
    ] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[tokio::test]
async fn a_stored_flow_is_complete_and_smaller_than_its_document() {
    for page in [
        documents::select("select-authenticator-enroll", "credential/enroll"),
        documents::okta_verify_setup(),
    ] {
        let (_, _, flow) = flow_at(&page, Intent::Register).await;
        let stored = serde_json::to_string(&flow).expect("JSON");
        assert!(
            stored.len() < flow.document_text().len(),
            "{} of {}",
            stored.len(),
            flow.document_text().len()
        );
        let resumed: Flow = serde_json::from_str(&stored).expect("a flow");
        assert_eq!(resumed.transaction(), flow.transaction());
        assert_eq!(resumed.document_text(), flow.document_text());
        assert_eq!((resumed.state(), resumed.intent()), (flow.state(), flow.intent()));
    }
}

#[tokio::test]
async fn a_stored_flow_of_another_version_is_refused() {
    let (_, _, flow) = flow_at(&fake_org::identify(), Intent::Authenticate).await;
    let mut stored = serde_json::to_value(&flow).expect("JSON");
    stored["v"] = json!(0);
    assert!(serde_json::from_value::<Flow>(stored.clone()).is_err());
    stored["v"] = json!(1);
    stored["document"] = json!("\u{80}{\"version\":\"9\"}");
    assert!(serde_json::from_value::<Flow>(stored).is_err());
}

#[tokio::test]
async fn a_flow_has_its_expiry() {
    let (_, _, flow) = flow_at(&fake_org::identify(), Intent::Authenticate).await;
    assert_eq!(flow.expires_at(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_300)));
    let mut page = fake_org::identify();
    page["expiresAt"] = json!("in a while");
    let (_, _, flow) = flow_at(&page, Intent::Authenticate).await;
    assert_eq!(flow.expires_at(), None);
}

#[tokio::test]
async fn tokens_are_serialised_by_their_module() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Stored(#[serde(with = "latchkey_idx::serde_tokens")] Tokens);
    let (_, client) = fake_org::org();
    let begun = client
        .begin(
            Intent::Authenticate,
            &BeginOptions::default(),
            &complete_answer(),
            flow_secrets(),
            &CallContext::default(),
        )
        .await;
    let tokens = client
        .exchange(&begun.expect("the flow begins"), now(), &CallContext::default())
        .await
        .expect("tokens");
    let stored = serde_json::to_string(&Stored(tokens)).expect("JSON");
    let Stored(tokens) = serde_json::from_str(&stored).expect("tokens");
    assert_eq!(tokens.access_token, Secret::from("access-1"));
    assert_eq!(tokens.refresh_token, Some(Secret::from("refresh-1")));
    assert_eq!(
        (tokens.expires_in, tokens.scope.as_deref()),
        (Some(Duration::from_secs(3600)), Some("openid profile"))
    );
    let id_token = tokens.id_token.expect("an id token");
    assert_eq!(id_token.claims["name"], "Mary");
    let return_to = "https://app.example/".parse().expect("an address");
    let url = client.logout_url(&id_token, Some(&return_to), Some("state-2")).await.expect("an address");
    assert!(url.as_str().starts_with("https://org.example/oauth2/default/v1/logout?id_token_hint="));
    assert!(url.as_str().ends_with("&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&state=state-2"));
}

#[test]
fn an_elliptic_curve_key_is_accepted_and_garbage_is_refused() {
    let der =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
    let text = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    let key = PrivateKey::from_pkcs8("client-key", &text).expect("a key");
    assert_eq!(format!("{key:?}"), "PrivateKey(client-key)");
    for garbage in ["", "!", "AAAA", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
        assert!(matches!(PrivateKey::from_pkcs8("key", garbage), Err(Error::Key(_))), "{garbage:?}");
    }
}

#[test]
fn flow_secrets_do_not_print() {
    let printed = format!("{:?}", FlowSecrets::from_bytes([[1; 32], [2; 32], [3; 32]]));
    assert!(!printed.contains("AQEB"), "{printed}");
}
