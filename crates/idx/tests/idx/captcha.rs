//! CAPTCHAs: what a page says about them, when the form is submitted, and how a challenge is fetched.

use std::time::{Duration, UNIX_EPOCH};

use latchkey_idx::{
    Answer, BeginOptions, CallContext, Captcha, CaptchaType, Client, Error, Flow, Intent, ProofOfWork,
    Transport, json_response,
};
use serde_json::{Value, json};

use crate::fake_org::{self, flow_secrets, org};
use crate::steps::{SIGN_IN, request_to, submitted, transaction};

const CHALLENGE_PATH: &str = "/api/v1/altcha";

/// The first page of an org that asks for a CAPTCHA.
fn page(captcha: Value) -> Value {
    let mut page = fake_org::identify();
    page["captcha"] = json!({"type": "object", "value": captcha});
    let verify = json!({"name": "captchaVerify", "relatesTo": "$.captcha", "form": {"value": [
        {"name": "captchaId", "required": true, "value": "cap-1", "visible": false, "mutable": false},
        {"name": "captchaToken", "required": true, "visible": false, "hint": "captcha"},
    ]}});
    page["remediation"]["value"][0]["value"].as_array_mut().expect("fields").insert(2, verify);
    page
}

fn altcha(form: Value) -> Value {
    let mut captcha = json!({"id": "cap-1", "name": "ALTCHA", "siteKey": "key", "type": "ALTCHA"});
    if !form.is_null() {
        captcha["challengeUrlForm"] = form;
    }
    page(captcha)
}

fn challenge() -> Value {
    json!({"algorithm": "sha-256", "challenge": "ab", "maxnumber": 9, "salt": "s?expires=1900000000", "signature": "cd"})
}

/// A flow at a page with this CAPTCHA.
async fn flow_at(org: &fake_org::FakeOrg, client: &Client<impl Transport>, page: &Value) -> Flow {
    org.respond_with("/idp/idx/introspect", Ok(json_response(200, page.to_string())));
    let context = CallContext::default();
    client
        .begin(Intent::Authenticate, &BeginOptions::default(), &Answer::default(), flow_secrets(), &context)
        .await
        .expect("the flow begins")
}

#[test]
fn a_page_says_which_captcha_it_has_and_another_type_is_no_error() {
    for (name, kind) in [
        ("ALTCHA", CaptchaType::Altcha),
        ("HCAPTCHA", CaptchaType::Hcaptcha),
        ("RECAPTCHA_V2", CaptchaType::RecaptchaV2),
        ("TURING", CaptchaType::Other("TURING".into())),
    ] {
        let captcha = json!({"id": "cap-1", "name": "One", "siteKey": "key", "type": name});
        let found = transaction(&page(captcha), SIGN_IN).captcha;
        let expected = Captcha { kind, id: "cap-1".into(), site_key: Some("key".into()) };
        assert_eq!(found, Some(expected));
    }
    assert_eq!(transaction(&fake_org::identify(), SIGN_IN).captcha, None);
}

#[test]
fn the_token_goes_with_the_form_and_without_one_the_org_decides() {
    let page = altcha(Value::Null);
    let token = json!({"captchaId": "cap-1", "captchaToken": "token"});
    let mut values = json!({"username": "mary", "password": "p"});
    let mut body = json!({"identifier": "mary", "credentials": {"passcode": "p"}});
    assert_eq!(submitted(&page, SIGN_IN, values.clone()), request_to("identify", body.clone()));
    values["captchaVerify"] = token.clone();
    body["captchaVerify"] = token;
    assert_eq!(submitted(&page, SIGN_IN, values), request_to("identify", body));
}

#[tokio::test]
async fn a_challenge_is_fetched_by_its_form_with_the_state_handle() {
    let (org, client) = org();
    let form = json!({"href": format!("https://org.example{CHALLENGE_PATH}"), "method": "POST",
        "accepts": "application/json", "value": [{"name": "stateHandle"}]});
    let flow = flow_at(&org, &client, &altcha(form)).await;
    org.respond_with(CHALLENGE_PATH, Ok(json_response(200, challenge().to_string())));
    let fetched = client.captcha_challenge(&flow, &CallContext::default()).await.expect("a response");
    let expected = ProofOfWork {
        algorithm: "SHA-256".into(),
        challenge: "ab".into(),
        max_number: 9,
        salt: "s?expires=1900000000".into(),
        signature: "cd".into(),
    };
    assert_eq!(fetched.as_ref(), Some(&expected));
    assert_eq!(expected.expires_at(), Some(UNIX_EPOCH + Duration::from_secs(1_900_000_000)));
    let request = org.last(CHALLENGE_PATH);
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.body, json!({"stateHandle": "state-1"}));
}

#[tokio::test]
async fn a_challenge_without_a_form_is_fetched_at_the_usual_address() {
    let (org, client) = org();
    let flow = flow_at(&org, &client, &altcha(Value::Null)).await;
    let without_bound = json!({"challenge": "ab", "salt": "s", "signature": "cd"});
    org.respond_with(CHALLENGE_PATH, Ok(json_response(200, without_bound.to_string())));
    let fetched = client.captcha_challenge(&flow, &CallContext::default()).await.expect("a response");
    let fetched = fetched.expect("a challenge");
    assert_eq!((fetched.max_number, fetched.algorithm.as_str()), (1_000_000, "SHA-256"));
    assert_eq!(fetched.expires_at(), None);
    assert_eq!(org.last(CHALLENGE_PATH).body, Value::Null);
}

#[tokio::test]
async fn only_the_org_is_asked_for_a_challenge_and_only_a_challenge_is_taken() {
    let (org, client) = org();
    let context = CallContext::default();
    let elsewhere = json!({"href": "https://evil.example/api/v1/altcha", "method": "POST", "value": []});
    let flow = flow_at(&org, &client, &altcha(elsewhere)).await;
    let refused = client.captcha_challenge(&flow, &context).await;
    assert!(matches!(refused, Err(Error::ForeignAddress(_))), "{refused:?}");
    let flow = flow_at(&org, &client, &altcha(Value::Null)).await;
    for (status, body) in [(200, json!({"salt": "s"})), (202, challenge()), (403, json!({"errorCode": "E1"}))]
    {
        org.respond_with(CHALLENGE_PATH, Ok(json_response(status, body.to_string())));
        let refused = client.captcha_challenge(&flow, &context).await;
        assert!(matches!(refused, Err(Error::NotIon(_) | Error::Refused { .. })), "{status}: {refused:?}");
    }
    let flow = flow_at(&org, &client, &fake_org::identify()).await;
    assert_eq!(client.captcha_challenge(&flow, &context).await, Ok(None));
}
