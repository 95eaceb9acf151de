//! Sign-in with password and e-mail, and what can go wrong.

use serde_json::json;

use crate::clock::minutes;

use super::{MARY, PASSWORD, TestFlow, first_key, forms};

#[test]
fn a_password_and_an_email_code_sign_in() {
    let mut flow = TestFlow::start("latchkey");
    assert_eq!(
        flow.goes("introspect", json!({})),
        ["identify", "select-enroll-profile", "unlock-account", "redirect-idp"]
    );
    let signing_in = json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}});
    assert_eq!(flow.goes("identify", signing_in), ["select-authenticator-authenticate"]);
    assert_eq!(flow.choose("okta_email"), ["challenge-authenticator", "select-authenticator-authenticate"]);
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn a_wrong_code_is_reported_at_its_field_and_the_right_one_still_works() {
    let mut flow = TestFlow::start("latchkey-email");
    assert_eq!(flow.goes("identify", json!({"identifier": MARY})), ["authenticator-verification-data"]);
    flow.choose("okta_email");
    let (status, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": "wrong"}}));
    let said = "/remediation/value/0/value/0/form/value/0/messages/value/0/i18n/key";
    assert_eq!((status, document.pointer(said).unwrap()), (401, &json!("api.authn.error.PASSCODE_INVALID")));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn a_code_expires_after_five_minutes() {
    let mut flow = TestFlow::start("latchkey-email");
    flow.goes("identify", json!({"identifier": MARY}));
    flow.choose("okta_email");
    let code = flow.code();
    flow.later(301);
    assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": code}})).0, 401);
    assert_eq!(flow.goes("challenge/resend", json!({})), ["challenge-authenticator"]);
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn introspect_and_poll_change_nothing() {
    let mut flow = TestFlow::start("latchkey");
    flow.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    flow.choose("okta_email");
    let (_, first) = flow.post("introspect", json!({}));
    for path in ["introspect", "challenge/poll", "introspect"] {
        assert_eq!(flow.post(path, json!({})), (200, first.clone()), "{path}");
    }
}

#[test]
fn selecting_the_same_authenticator_again_replaces_the_code() {
    let mut flow = TestFlow::start("latchkey");
    flow.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    flow.choose("okta_email");
    let first = flow.code();
    flow.choose("okta_email");
    let second = flow.code();
    assert_ne!(second, first);
    assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": first}})).0, 401);
    assert_eq!(flow.answer(&second), ["success"]);
}

#[test]
fn after_five_wrong_codes_further_attempts_are_refused() {
    let mut flow = TestFlow::start("latchkey-email");
    flow.goes("identify", json!({"identifier": MARY}));
    flow.choose("okta_email");
    for _ in 0..5 {
        assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": "000"}})).0, 401);
    }
    let code = flow.code();
    let (status, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!((status, first_key(&document)), (429, "tooManyRequests"));
}

#[test]
fn an_unknown_user_and_a_wrong_password_get_the_same_response() {
    let mut flow = TestFlow::start("latchkey");
    let answers: Vec<_> = ["nobody@example.com", MARY]
        .map(|who| {
            let (status, document) = flow
                .post("identify", json!({"identifier": who, "credentials": {"passcode": "Wrong-Horse-1"}}));
            (status, first_key(&document).to_owned(), forms(&document))
        })
        .into();
    assert_eq!(answers[0], answers[1]);
    assert_eq!((answers[0].0, answers[0].1.as_str()), (401, "errors.E0000004"));
}

#[test]
fn cancel_starts_over_with_a_new_handle() {
    let mut flow = TestFlow::start("latchkey");
    let before = flow.transaction.handle.clone();
    flow.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    assert_eq!(flow.goes("cancel", json!({}))[0], "identify");
    assert_ne!(flow.transaction.handle, before);
    assert_eq!(flow.transaction.expires_at, flow.now.after(minutes(120)));
    assert!(flow.transaction.verified.is_empty());
}
