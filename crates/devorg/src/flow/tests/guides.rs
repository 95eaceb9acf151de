//! Okta's four guides for embedded sign-in: each step that they name, with its inputs.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, TestFlow, forms, id};

const NUMBER: &str = "+15550107788";

/// The labels of the authenticators in the first form.
fn options(document: &Value) -> Vec<&str> {
    let options = document.pointer("/remediation/value/0/value/0/options").and_then(Value::as_array);
    options.into_iter().flatten().filter_map(|option| option["label"].as_str()).collect()
}

/// The fields of the nested form in the first form.
fn fields(document: &Value) -> Vec<&str> {
    let fields = document.pointer("/remediation/value/0/value/0/form/value").and_then(Value::as_array);
    fields.into_iter().flatten().filter_map(|field| field["name"].as_str()).collect()
}

fn chosen(key: &str) -> Value {
    json!({ "authenticator": { "id": id(key) } })
}

/// The response to a body that is accepted.
fn accepted(flow: &mut TestFlow, path: &str, body: Value) -> Value {
    let (status, document) = flow.post(path, body);
    assert_eq!(status, 200, "{document:#}");
    document
}

#[test]
fn the_guide_with_password_and_phone_lists_the_phone_alone_then_its_methods() {
    let mut flow = TestFlow::start("guide-password-phone");
    let password = json!({ "identifier": MARY, "credentials": { "passcode": PASSWORD } });
    let list = accepted(&mut flow, "identify", password);
    assert_eq!(
        (forms(&list), options(&list)),
        (vec!["select-authenticator-authenticate".into()], vec!["Phone"])
    );
    let methods = accepted(&mut flow, "challenge", chosen("phone_number"));
    assert_eq!(forms(&methods)[0], "authenticator-verification-data");
    assert_eq!(fields(&methods), ["id", "methodType", "enrollmentId"]);
    assert!(flow.org.inbox.to(None).is_empty(), "nothing is sent before the method is chosen");
    let by_sms = json!({ "authenticator": { "id": id("phone_number"), "methodType": "sms" } });
    let asked = accepted(&mut flow, "challenge", by_sms);
    assert_eq!((forms(&asked), fields(&asked)), (vec!["challenge-authenticator".into()], vec!["passcode"]));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn the_guide_with_password_and_email_lists_the_email_alone_and_sends_the_mail_when_it_is_chosen() {
    let mut flow = TestFlow::start("guide-password-email");
    let password = json!({ "identifier": MARY, "credentials": { "passcode": PASSWORD } });
    let list = accepted(&mut flow, "identify", password);
    assert_eq!(
        (forms(&list), options(&list)),
        (vec!["select-authenticator-authenticate".into()], vec!["Email"])
    );
    assert!(flow.org.inbox.to(None).is_empty());
    let asked = accepted(&mut flow, "challenge", chosen("okta_email"));
    assert_eq!((forms(&asked), fields(&asked)), (vec!["challenge-authenticator".into()], vec!["passcode"]));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn the_guide_with_email_only_asks_for_the_mailed_code_after_the_username() {
    let mut flow = TestFlow::start("guide-email-only");
    let asked = accepted(&mut flow, "identify", json!({ "identifier": MARY }));
    assert_eq!((forms(&asked), fields(&asked)), (vec!["challenge-authenticator".into()], vec!["passcode"]));
    let current = asked.pointer("/currentAuthenticatorEnrollment/value").unwrap();
    assert_eq!((&current["type"], &current["key"]), (&json!("email"), &json!("okta_email")));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn the_guide_with_email_only_looks_the_same_for_an_unknown_user() {
    let mut flow = TestFlow::start("guide-email-only");
    assert_eq!(
        flow.goes("identify", json!({ "identifier": "none@example.com" })),
        ["challenge-authenticator"]
    );
    assert!(flow.org.inbox.to(None).is_empty());
}

/// As far as the optional phone.
fn registered() -> TestFlow {
    let mut flow = TestFlow::start("guide-registration");
    let profile = accepted(&mut flow, "enroll", json!({}));
    assert_eq!(fields(&profile), ["firstName", "lastName", "email"]);
    let ada =
        json!({ "userProfile": { "firstName": "Ada", "lastName": "Byron", "email": "ada@example.com" } });
    let list = accepted(&mut flow, "enroll/new", ada);
    assert_eq!(
        (forms(&list), options(&list)),
        (vec!["select-authenticator-enroll".into()], vec!["Password"])
    );
    let password = accepted(&mut flow, "credential/enroll", chosen("okta_password"));
    assert_eq!((forms(&password)[0].as_str(), fields(&password)), ("enroll-authenticator", vec!["passcode"]));
    let set = json!({ "credentials": { "passcode": "Brand-New-Pass-1" } });
    let list = accepted(&mut flow, "challenge/answer", set);
    assert_eq!(
        (forms(&list), options(&list)),
        (vec!["select-authenticator-enroll".into()], vec!["Email", "Phone"]),
        "nothing can be skipped yet"
    );
    let mailed = accepted(&mut flow, "credential/enroll", chosen("okta_email"));
    assert_eq!((forms(&mailed)[0].as_str(), fields(&mailed)), ("enroll-authenticator", vec!["passcode"]));
    let code = flow.code();
    let list = accepted(&mut flow, "challenge/answer", json!({ "credentials": { "passcode": code } }));
    assert_eq!(
        (forms(&list), options(&list)),
        (vec!["select-authenticator-enroll".into(), "skip".into()], vec!["Phone"])
    );
    flow
}

#[test]
fn the_guide_with_registration_ends_when_the_phone_is_skipped() {
    assert_eq!(registered().goes("skip", json!({})), ["success"]);
}

#[test]
fn the_guide_with_registration_enrols_the_phone_by_method_and_number() {
    let mut flow = registered();
    let asked = accepted(&mut flow, "credential/enroll", chosen("phone_number"));
    assert_eq!(forms(&asked)[0], "authenticator-enrollment-data");
    assert_eq!(fields(&asked), ["id", "methodType", "phoneNumber"]);
    let phone =
        json!({ "authenticator": { "id": id("phone_number"), "methodType": "sms", "phoneNumber": NUMBER } });
    let sent = accepted(&mut flow, "credential/enroll", phone);
    assert_eq!((forms(&sent)[0].as_str(), fields(&sent)), ("enroll-authenticator", vec!["passcode"]));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}
