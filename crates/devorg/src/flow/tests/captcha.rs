//! CAPTCHAs on the first page, at registration and at recovery.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, TestFlow, first_key};
use crate::clock::minutes;
use crate::org::captcha::solve;
use crate::org::settings::captcha::CaptchaKind;

/// An org whose app has this CAPTCHA policy.
fn with_captcha(policy: &str) -> TestFlow {
    let app = format!(
        "[[apps]]\nclient_id = \"a\"\ncaptcha = {policy}\nsign_on = [{{ authenticate_with = \"password\" }}]\n\
         [[users]]\nlogin = \"{MARY}\"\npassword = \"{PASSWORD}\"\nfactors = [\"okta_email\"]\n"
    );
    TestFlow::in_org(&app, "a")
}

/// Fetches a challenge and solves it.
fn altcha_token(flow: &mut TestFlow) -> String {
    let challenge = flow.org.captchas.challenge(100, minutes(5), flow.now, &mut flow.random);
    solve(&challenge)
}

fn signing_in(captcha: Option<(&str, &str)>) -> Value {
    let mut body = json!({ "identifier": MARY, "credentials": { "passcode": PASSWORD } });
    if let Some((id, token)) = captcha {
        body["captchaVerify"] = json!({ "captchaId": id, "captchaToken": token });
    }
    body
}

/// The form fields with this name in the first form.
fn first_form_has_captcha(document: &Value) -> bool {
    let fields = document.pointer("/remediation/value/0/value").and_then(Value::as_array).unwrap();
    let names = |field: &Value| field["name"] == "captchaVerify";
    assert_eq!(fields.iter().any(names), document.get("captcha").is_some(), "{document:#}");
    assert_eq!(fields.last().unwrap()["name"], "stateHandle");
    fields.iter().any(names)
}

#[test]
fn altcha_on_sign_in_is_asked_for_and_counts_once() {
    let mut flow = with_captcha("{ type = \"ALTCHA\" }");
    let (_, document) = flow.post("introspect", json!({}));
    assert!(first_form_has_captcha(&document));
    let captcha = document.pointer("/captcha/value").unwrap();
    assert_eq!((&captcha["type"], &captcha["id"]), (&json!("ALTCHA"), &json!("altcha")));
    assert_eq!(
        captcha.pointer("/challengeUrlForm/href"),
        Some(&json!("http://localhost:8081/api/v1/altcha"))
    );
    assert_eq!(captcha.pointer("/challengeUrlForm/rel"), None);

    let (status, document) = flow.post("identify", signing_in(None));
    assert_eq!(status, 400);
    assert!(document.to_string().contains("api.error.field_required"), "{document:#}");
    let token = altcha_token(&mut flow);
    let (status, document) = flow.post("identify", signing_in(Some(("another", &token))));
    assert_eq!((status, first_key(&document)), (400, "captcha.verification.failed"));
    assert_eq!(flow.goes("identify", signing_in(Some(("altcha", &token)))), ["success"]);

    flow.restart();
    let (status, document) = flow.post("identify", signing_in(Some(("altcha", &token))));
    assert_eq!((status, first_key(&document)), (400, "captcha.verification.failed"));
    assert!(first_form_has_captcha(&document), "the page asks for a new one");
}

#[test]
fn a_vendor_token_is_taken_once() {
    for (kind, name) in [(CaptchaKind::Hcaptcha, "HCAPTCHA"), (CaptchaKind::RecaptchaV2, "RECAPTCHA_V2")] {
        let mut flow = with_captcha(&format!("{{ type = \"{name}\" }}"));
        let (_, document) = flow.post("introspect", json!({}));
        assert_eq!(document.pointer("/captcha/value/type"), Some(&json!(name)));
        assert_eq!(document.pointer("/captcha/value/siteKey"), Some(&json!(kind.site_key())));
        let token = flow.org.captchas.issue(kind, flow.now, &mut flow.random);
        assert_eq!(flow.post("identify", signing_in(Some((kind.id(), "P1_forged")))).0, 400);
        assert_eq!(flow.goes("identify", signing_in(Some((kind.id(), &token)))), ["success"]);
        flow.restart();
        assert_eq!(flow.post("identify", signing_in(Some((kind.id(), &token)))).0, 400);
    }
}

#[test]
fn only_the_enabled_pages_ask() {
    let asked = |page: &str| {
        let mut flow = with_captcha(&format!("{{ type = \"ALTCHA\", enabled_pages = [\"{page}\"] }}"));
        let pages = [("introspect", json!({})), ("enroll", json!({})), ("recover", json!({}))];
        pages.map(|(path, body)| first_form_has_captcha(&flow.post(path, body).1))
    };
    assert_eq!(asked("SIGN_IN"), [true, false, false]);
    assert_eq!(asked("SSR"), [false, true, false]);
    assert_eq!(asked("SSPR"), [false, false, true]);
}

#[test]
fn registration_and_recovery_continue_with_a_token() {
    let mut flow = with_captcha("{ type = \"ALTCHA\" }");
    flow.goes("enroll", json!({}));
    let profile = json!({ "firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com" });
    let (status, document) = flow.post("enroll/new", json!({ "userProfile": profile }));
    assert_eq!(status, 400);
    assert!(document.to_string().contains("Lovelace"), "what was typed stays: {document:#}");
    let token = altcha_token(&mut flow);
    let captcha = json!({ "captchaId": "altcha", "captchaToken": token });
    let next = flow.goes("enroll/new", json!({ "userProfile": profile, "captchaVerify": captcha }));
    assert_eq!(next, ["select-authenticator-enroll"]);

    flow.restart();
    flow.goes("recover", json!({}));
    assert_eq!(flow.post("identify", json!({ "identifier": MARY })).0, 400);
    let token = altcha_token(&mut flow);
    let captcha = json!({ "captchaId": "altcha", "captchaToken": token });
    let next = flow.goes("identify", json!({ "identifier": MARY, "captchaVerify": captcha }));
    assert_eq!(next[0], "authenticator-verification-data");
}
