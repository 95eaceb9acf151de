//! Signing in, with everything that can go wrong on the way.

use serde_json::json;

use crate::clock::minutes;

use super::{MARY, PASSWORD, Story, first_key, forms};

#[test]
fn password_and_a_mailed_code_sign_in() {
    let mut story = Story::at("latchkey");
    assert_eq!(
        story.goes("introspect", json!({})),
        ["identify", "select-enroll-profile", "unlock-account", "redirect-idp"]
    );
    let signing_in = json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}});
    assert_eq!(story.goes("identify", signing_in), ["select-authenticator-authenticate"]);
    assert_eq!(story.choose("okta_email"), ["challenge-authenticator", "select-authenticator-authenticate"]);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn a_wrong_code_is_told_at_its_field_and_the_right_one_still_works() {
    let mut story = Story::at("latchkey-email");
    assert_eq!(story.goes("identify", json!({"identifier": MARY})), ["authenticator-verification-data"]);
    story.choose("okta_email");
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": "wrong"}}));
    let said = "/remediation/value/0/value/0/form/value/0/messages/value/0/i18n/key";
    assert_eq!((status, document.pointer(said).unwrap()), (401, &json!("api.authn.error.PASSCODE_INVALID")));
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn a_code_is_no_good_after_five_minutes() {
    let mut story = Story::at("latchkey-email");
    story.goes("identify", json!({"identifier": MARY}));
    story.choose("okta_email");
    let code = story.code();
    story.later(301);
    assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": code}})).0, 401);
    assert_eq!(story.goes("challenge/resend", json!({})), ["challenge-authenticator"]);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn to_look_and_to_wait_change_nothing() {
    let mut story = Story::at("latchkey");
    story.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    story.choose("okta_email");
    let (_, first) = story.post("introspect", json!({}));
    for path in ["introspect", "challenge/poll", "introspect"] {
        assert_eq!(story.post(path, json!({})), (200, first.clone()), "{path}");
    }
}

#[test]
fn who_chooses_the_same_again_gets_another_code_and_the_first_is_no_good() {
    let mut story = Story::at("latchkey");
    story.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    story.choose("okta_email");
    let first = story.code();
    story.choose("okta_email");
    let second = story.code();
    assert_ne!(second, first);
    assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": first}})).0, 401);
    assert_eq!(story.answer(&second), ["success"]);
}

#[test]
fn five_wrong_codes_are_too_many() {
    let mut story = Story::at("latchkey-email");
    story.goes("identify", json!({"identifier": MARY}));
    story.choose("okta_email");
    for _ in 0..5 {
        assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": "000"}})).0, 401);
    }
    let code = story.code();
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    assert_eq!((status, first_key(&document)), (429, "tooManyRequests"));
}

#[test]
fn a_stranger_and_a_wrong_password_are_answered_alike() {
    let mut story = Story::at("latchkey");
    let answers: Vec<_> = ["nobody@example.com", MARY]
        .map(|who| {
            let (status, document) = story
                .post("identify", json!({"identifier": who, "credentials": {"passcode": "Wrong-Horse-1"}}));
            (status, first_key(&document).to_owned(), forms(&document))
        })
        .into();
    assert_eq!(answers[0], answers[1]);
    assert_eq!((answers[0].0, answers[0].1.as_str()), (401, "errors.E0000004"));
}

#[test]
fn cancelling_begins_again_under_another_handle() {
    let mut story = Story::at("latchkey");
    let before = story.at.handle.clone();
    story.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    assert_eq!(story.goes("cancel", json!({}))[0], "identify");
    assert_ne!(story.at.handle, before);
    assert_eq!(story.at.expires_at, story.now.after(minutes(120)));
    assert!(story.at.shown.is_empty());
}
