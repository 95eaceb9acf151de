//! What is refused is refused in Okta's words: the status, the key, and whether it is told at a field or above them.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, Story, first_key, id};

/// Where a person reads it.
#[derive(Debug, PartialEq)]
enum At {
    /// At the field of this name.
    Field(String),
    /// Above the form.
    Top,
    /// Instead of any form.
    End,
}

#[test]
fn without_enumeration_protection_a_wrong_password_is_called_wrong() {
    let mut story = in_an_org_with("enumeration_protection = false", "guide-email-only");
    story.goes("identify", json!({ "identifier": MARY }));
    story.choose("okta_password");
    let refused = story.post("challenge/answer", json!({ "credentials": { "passcode": "Wrong-Horse-1" } }));
    assert_refused(refused, 401, "incorrectPassword", At::Top);
}

#[test]
fn an_answer_to_what_was_not_asked_is_a_bad_request() {
    let mut story = Story::at("latchkey");
    let refused = story.post("challenge/answer", json!({ "credentials": { "passcode": "123456" } }));
    assert_refused(refused, 400, "E0000020", At::End);
}

#[test]
fn what_is_left_out_is_asked_for_by_its_name() {
    let mut story = Story::at("latchkey");
    story.goes("identify", password(PASSWORD));
    assert_refused(story.post("challenge", json!({})), 400, "api.error.field_required", At::Top);
    story.goes("challenge", json!({ "authenticator": { "id": id("okta_email"), "methodType": "email" } }));
    let refused = story.post("challenge/answer", json!({ "credentials": {} }));
    assert_refused(refused, 400, "api.error.field_required", At::Field("passcode".to_owned()));
}

#[test]
fn a_phone_gets_so_many_messages_and_calls_in_an_hour() {
    for (method, key) in [("sms", "errors.E0000150"), ("voice", "errors.E0000151")] {
        let mut story = in_an_org_with("messages_per_hour = 1", "latchkey");
        story.goes("identify", password(PASSWORD));
        let dial = json!({ "authenticator": { "id": id("phone_number"), "methodType": method } });
        story.goes("challenge", dial.clone());
        assert_refused(story.post("challenge", dial.clone()), 429, key, At::Top);
        story.later(60 * 60 + 1);
        story.begin_again();
        story.goes("identify", password(PASSWORD));
        story.goes("challenge", dial);
    }
}

#[test]
fn what_the_policy_does_not_allow_is_not_allowed() {
    let policies =
        "profile = { self_service_registration = false }\npassword = { recovery = [], unlock = [] }";
    let mut story = Story::in_org(&format!("[[apps]]\nclient_id = \"a\"\n{policies}\n"), "a");
    for (path, status, key) in [
        ("enroll", 400, "idx.error.registration.unavailable"),
        ("recover", 403, "oie.selfservice.reset.password.not.allowed"),
        ("unlock-account", 400, "oie.selfservice.user.unlock.not.allowed"),
    ] {
        assert_refused(story.post(path, json!({})), status, key, At::Top);
    }
}

#[test]
fn a_password_that_everybody_has_is_called_common() {
    let mut story = Story::at("guide-registration");
    story.add(json!({ "login": "kim@example.com", "password": PASSWORD, "status": "PASSWORD_EXPIRED" }));
    story.goes(
        "identify",
        json!({ "identifier": "kim@example.com", "credentials": { "passcode": PASSWORD } }),
    );
    let refused = story.post("challenge/answer", json!({ "credentials": { "passcode": "Password1" } }));
    assert_refused(refused, 400, "password.common", At::Field("passcode".to_owned()));
}

#[test]
fn a_number_nobody_can_dial_is_told_above_the_form() {
    let mut story = Story::at("guide-password-phone");
    story.add(json!({ "login": "p@example.com", "password": PASSWORD }));
    story.goes("identify", json!({ "identifier": "p@example.com", "credentials": { "passcode": PASSWORD } }));
    let number = json!({ "id": id("phone_number"), "methodType": "sms", "phoneNumber": "+1555" });
    let refused = story.post("credential/enroll", json!({ "authenticator": number }));
    assert_refused(refused, 400, "api.factors.error.sms.invalid_phone", At::Top);
}

#[test]
fn a_wrong_answer_to_the_question_is_told_at_its_field() {
    let mut story = Story::at("latchkey");
    let factors = json!(["security_question"]);
    story.add(
        json!({ "login": "p@example.com", "password": PASSWORD, "factors": factors, "answer": "liver" }),
    );
    story.begin_again();
    story.goes("identify", json!({ "identifier": "p@example.com", "credentials": { "passcode": PASSWORD } }));
    let refused = story.post("challenge/answer", json!({ "credentials": { "answer": "beans" } }));
    let key = "authfactor.challenge.question_factor.answer_invalid";
    assert_refused(refused, 401, key, At::Field("answer".to_owned()));
}

/// The default org, but for a line.
fn in_an_org_with(line: &str, client: &str) -> Story {
    Story::in_org(
        &crate::org::settings::default_org::FILE.replacen("[org]\n", &format!("[org]\n{line}\n"), 1),
        client,
    )
}

fn password(passcode: &str) -> Value {
    json!({ "identifier": MARY, "credentials": { "passcode": passcode } })
}

#[track_caller]
fn assert_refused((status, document): (u16, Value), expected: u16, key: &str, at: At) {
    let found = match (said_at_a_field(&document), document.get("remediation")) {
        (Some((key, name)), _) => (key, At::Field(name)),
        (None, Some(_)) => (first_key(&document).to_owned(), At::Top),
        (None, None) => (first_key(&document).to_owned(), At::End),
    };
    assert_eq!((status, found), (expected, (key.to_owned(), at)), "{document:#}");
}

/// What the first field that says anything says, and its name.
fn said_at_a_field(of: &Value) -> Option<(String, String)> {
    let said = |field: &Value| {
        let key = field.pointer("/messages/value/0/i18n/key")?.as_str()?;
        Some((key.to_owned(), field.get("name")?.as_str()?.to_owned()))
    };
    match of {
        Value::Object(members) => said(of).or_else(|| members.values().find_map(said_at_a_field)),
        Value::Array(items) => items.iter().find_map(said_at_a_field),
        _ => None,
    }
}
