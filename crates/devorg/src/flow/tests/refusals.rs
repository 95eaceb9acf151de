//! Refusals match Okta's: status, i18n key, and the place of the message.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, TestFlow, first_key, id};

/// Where the message is shown.
#[derive(Debug, PartialEq)]
enum At {
    /// At the field with this name.
    Field(String),
    /// At the top of the document.
    Top,
    /// In a document without forms.
    End,
}

#[test]
fn without_enumeration_protection_a_wrong_password_is_reported() {
    let mut flow = in_an_org_with("enumeration_protection = false", "guide-social");
    flow.goes("identify", json!({ "identifier": MARY }));
    flow.choose("okta_password");
    let refused = flow.post("challenge/answer", json!({ "credentials": { "passcode": "Wrong-Horse-1" } }));
    assert_refused(refused, 401, "incorrectPassword", At::Top);
}

#[test]
fn an_answer_to_another_step_is_a_bad_request() {
    let mut flow = TestFlow::start("latchkey");
    let refused = flow.post("challenge/answer", json!({ "credentials": { "passcode": "123456" } }));
    assert_refused(refused, 400, "E0000020", At::End);
}

#[test]
fn a_missing_field_is_named() {
    let mut flow = TestFlow::start("latchkey");
    flow.goes("identify", password(PASSWORD));
    assert_refused(flow.post("challenge", json!({})), 400, "api.error.field_required", At::Top);
    flow.goes("challenge", json!({ "authenticator": { "id": id("okta_email"), "methodType": "email" } }));
    let refused = flow.post("challenge/answer", json!({ "credentials": {} }));
    assert_refused(refused, 400, "api.error.field_required", At::Field("passcode".to_owned()));
}

#[test]
fn phone_messages_are_limited_by_hour() {
    for (method, key) in [("sms", "errors.E0000150"), ("voice", "errors.E0000151")] {
        let mut flow = in_an_org_with("messages_per_hour = 1", "latchkey");
        flow.goes("identify", password(PASSWORD));
        let dial = json!({ "authenticator": { "id": id("phone_number"), "methodType": method } });
        flow.goes("challenge", dial.clone());
        assert_refused(flow.post("challenge", dial.clone()), 429, key, At::Top);
        flow.later(60 * 60 + 1);
        flow.restart();
        flow.goes("identify", password(PASSWORD));
        flow.goes("challenge", dial);
    }
}

#[test]
fn what_the_policy_forbids_is_refused() {
    let policies =
        "profile = { self_service_registration = false }\npassword = { recovery = [], unlock = [] }";
    let mut flow = TestFlow::in_org(&format!("[[apps]]\nclient_id = \"a\"\n{policies}\n"), "a");
    for (path, status, key) in [
        ("enroll", 400, "idx.error.registration.unavailable"),
        ("recover", 403, "oie.selfservice.reset.password.not.allowed"),
        ("unlock-account", 400, "oie.selfservice.user.unlock.not.allowed"),
    ] {
        assert_refused(flow.post(path, json!({})), status, key, At::Top);
    }
}

#[test]
fn a_common_password_is_refused_as_such() {
    let mut flow = TestFlow::start("guide-registration");
    flow.add(json!({ "login": "kim@example.com", "password": PASSWORD, "status": "PASSWORD_EXPIRED" }));
    flow.goes(
        "identify",
        json!({ "identifier": "kim@example.com", "credentials": { "passcode": PASSWORD } }),
    );
    let refused = flow.post("challenge/answer", json!({ "credentials": { "passcode": "Password1" } }));
    assert_refused(refused, 400, "password.common", At::Field("passcode".to_owned()));
}

#[test]
fn an_invalid_phone_number_is_reported_at_the_top() {
    let mut flow = TestFlow::start("guide-password-phone");
    flow.add(json!({ "login": "p@example.com", "password": PASSWORD }));
    flow.goes("identify", json!({ "identifier": "p@example.com", "credentials": { "passcode": PASSWORD } }));
    let number = json!({ "id": id("phone_number"), "methodType": "sms", "phoneNumber": "+1555" });
    let refused = flow.post("credential/enroll", json!({ "authenticator": number }));
    assert_refused(refused, 400, "api.factors.error.sms.invalid_phone", At::Top);
}

#[test]
fn a_wrong_security_answer_is_reported_at_its_field() {
    let mut flow = TestFlow::start("latchkey");
    let factors = json!(["security_question"]);
    flow.add(
        json!({ "login": "p@example.com", "password": PASSWORD, "factors": factors, "answer": "liver" }),
    );
    flow.restart();
    flow.goes("identify", json!({ "identifier": "p@example.com", "credentials": { "passcode": PASSWORD } }));
    let refused = flow.post("challenge/answer", json!({ "credentials": { "answer": "beans" } }));
    let key = "authfactor.challenge.question_factor.answer_invalid";
    assert_refused(refused, 401, key, At::Field("answer".to_owned()));
}

/// The default org with one line changed.
fn in_an_org_with(line: &str, client: &str) -> TestFlow {
    TestFlow::in_org(
        &crate::org::settings::default_org::FILE.replacen("[org]\n", &format!("[org]\n{line}\n"), 1),
        client,
    )
}

fn password(passcode: &str) -> Value {
    json!({ "identifier": MARY, "credentials": { "passcode": passcode } })
}

#[track_caller]
fn assert_refused((status, document): (u16, Value), expected: u16, key: &str, at: At) {
    let found = match (field_message(&document), document.get("remediation")) {
        (Some((key, name)), _) => (key, At::Field(name)),
        (None, Some(_)) => (first_key(&document).to_owned(), At::Top),
        (None, None) => (first_key(&document).to_owned(), At::End),
    };
    assert_eq!((status, found), (expected, (key.to_owned(), at)), "{document:#}");
}

/// The name and the message key of the first field with a message.
fn field_message(of: &Value) -> Option<(String, String)> {
    let said = |field: &Value| {
        let key = field.pointer("/messages/value/0/i18n/key")?.as_str()?;
        Some((key.to_owned(), field.get("name")?.as_str()?.to_owned()))
    };
    match of {
        Value::Object(members) => said(of).or_else(|| members.values().find_map(field_message)),
        Value::Array(items) => items.iter().find_map(field_message),
        _ => None,
    }
}
