//! The activation of a device that shows a code.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, TestFlow, first_key, forms};
use crate::flow::activate::begin_activation;
use crate::org::device_grants::DeviceError;
use crate::org::transaction::AuthorizationServer;

const FILE: &str = "[[apps]]\nclient_id = \"tv\"\nconsent = \"user\"\n\
     sign_on = [{ authenticate_with = \"password\" }]\n\
     [[users]]\nlogin = \"mary@example.com\"\npassword = \"Correct-Horse-9\"\n";

/// A page that asks for the code of a device, the device code and the user code.
fn activation(prefilled: bool) -> (TestFlow, String, String) {
    let mut flow = TestFlow::in_org(FILE, "tv");
    let (device_code, user_code) = flow.org.device_grants.open(
        "tv".to_owned(),
        AuthorizationServer::Org,
        vec!["openid".to_owned()],
        flow.now,
        &mut flow.random,
    );
    let prefill = if prefilled { user_code.clone() } else { String::new() };
    let token = begin_activation(&mut flow.org, &prefill, flow.now, &mut flow.random).unwrap();
    flow.transaction = flow.org.transactions.take(&token).unwrap();
    (flow, device_code, user_code)
}

/// As far as the consent.
fn signed_in(flow: &mut TestFlow, user_code: &str) {
    assert_eq!(flow.goes("device/activate", json!({"userCode": user_code}))[0], "identify");
    let password = json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}});
    assert_eq!(flow.goes("identify", password), ["consent"]);
}

#[test]
fn a_device_is_activated_by_its_code_and_gets_tokens_once() {
    let (mut flow, device_code, user_code) = activation(true);
    let (_, document) = flow.post("introspect", json!({}));
    assert_eq!(forms(&document), ["user-code"]);
    let value = document.pointer("/remediation/value/0/value/0/value").and_then(Value::as_str);
    assert_eq!(value, Some(user_code.as_str()));
    let pending = flow.org.device_grants.poll(&device_code, "tv", flow.now);
    assert_eq!(pending.unwrap_err(), DeviceError::AuthorizationPending);
    let early = flow.org.device_grants.poll(&device_code, "tv", flow.now);
    assert_eq!(early.unwrap_err(), DeviceError::SlowDown);

    let typed = format!("{}-{}", &user_code[..4].to_lowercase(), &user_code[4..]);
    signed_in(&mut flow, &typed);
    let (_, ended) = flow.post("consent", json!({"consent": true}));
    assert_eq!((forms(&ended).len(), first_key(&ended)), (0, "idx.device.activated"));
    let grant = flow.org.device_grants.poll(&device_code, "tv", flow.now).unwrap();
    assert_eq!((grant.user.is_empty(), grant.request.client_id.as_str()), (false, "tv"));
    assert!(flow.org.device_grants.poll(&device_code, "tv", flow.now).is_err());
}

#[test]
fn a_refused_consent_denies_the_device() {
    let (mut flow, device_code, user_code) = activation(false);
    signed_in(&mut flow, &user_code);
    let (_, ended) = flow.post("consent", json!({"consent": false}));
    assert_eq!(first_key(&ended), "idx.device.not.activated.consent.denied");
    let denied = flow.org.device_grants.poll(&device_code, "tv", flow.now);
    assert_eq!(denied.unwrap_err(), DeviceError::AccessDenied);
}

#[test]
fn a_code_that_no_device_shows_is_refused_at_its_field() {
    let (mut flow, device_code, _) = activation(false);
    let (status, document) = flow.post("device/activate", json!({"userCode": "BBBB-BBBB"}));
    let key = document.pointer("/remediation/value/0/value/0/messages/value/0/i18n/key");
    assert_eq!((status, key), (400, Some(&json!("idx.invalid.device.code"))));
    flow.later(601);
    let expired = flow.org.device_grants.poll(&device_code, "tv", flow.now);
    assert_eq!(expired.unwrap_err(), DeviceError::ExpiredToken);
}
