//! Each authenticator, set up and used.

use serde_json::json;

use super::{MARY, PASSWORD, Story, first_key, forms, id};
use crate::credentials::base32;
use crate::credentials::totp;
use crate::credentials::webauthn::software_key::Device;
use crate::org::authenticator::Key;
use crate::org::state::Identity;
use crate::org::user::Proof;

#[test]
fn a_code_by_phone_asks_for_the_method_first_and_may_be_sent_again_after_half_a_minute() {
    let mut story = Story::at("latchkey");
    story.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    assert_eq!(
        story.choose("phone_number"),
        ["authenticator-verification-data", "select-authenticator-authenticate"]
    );
    let by_voice = json!({"authenticator": {"id": id("phone_number"), "methodType": "voice"}});
    assert_eq!(story.goes("challenge", by_voice)[0], "challenge-authenticator");
    assert_eq!(story.post("challenge/resend", json!({})).0, 429);
    story.later(31);
    assert_eq!(story.post("challenge/resend", json!({})).0, 200);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn a_phone_is_set_up_with_its_number_and_bad_numbers_are_refused() {
    let mut story = Story::at("guide-password-phone");
    story.add(json!({"login": "pat@example.com", "password": PASSWORD}));
    let signing_in = json!({"identifier": "pat@example.com", "credentials": {"passcode": PASSWORD}});
    assert_eq!(story.goes("identify", signing_in), ["select-authenticator-enroll"]);
    let phone = |number: &str| json!({"authenticator": {"id": id("phone_number"), "methodType": "sms", "phoneNumber": number}});
    assert_eq!(
        story.goes("credential/enroll", json!({"authenticator": {"id": id("phone_number")}}))[0],
        "authenticator-enrollment-data"
    );
    assert_eq!(story.post("credential/enroll", phone("123")).0, 400);
    story.goes("credential/enroll", phone("+1 555 987 6543"));
    assert_eq!(story.world.inbox.to(Some("+15559876543")).len(), 1);
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}

/// Somebody with a password and this one thing, who has given the password.
fn with_factor(key: &str) -> Story {
    let mut story = Story::at("latchkey");
    story.add(json!({"login": "f@example.com", "password": PASSWORD, "factors": [key], "answer": "liver"}));
    story.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    story
}

/// Somebody with a password who is about to set this one thing up.
fn setting_up(key: &str) -> Story {
    let mut story = Story::at("latchkey");
    story.add(json!({"login": "f@example.com", "password": PASSWORD, "enroll": [key]}));
    story.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    story.goes("credential/enroll", json!({"authenticator": {"id": id(key)}}));
    story
}

fn code_of(secret: &str, story: &Story) -> String {
    totp::code(&base32::decode(secret), story.now)
}

fn secret_of(story: &Story, key: Key) -> String {
    let user = story.world.users.by_login("f@example.com").unwrap();
    match &user.enrolment(key).unwrap().proof {
        Proof::GoogleOtp { secret, .. } | Proof::OktaVerify { secret, .. } | Proof::Token { secret, .. } => {
            secret.clone()
        }
        Proof::AccessCode { code, .. } => code.clone(),
        other => panic!("{other:?} has no secret"),
    }
}

#[test]
fn an_authenticator_app_is_set_up_by_its_secret_and_its_codes_are_good_once() {
    let mut story = setting_up("google_otp");
    let (_, document) = story.post("introspect", json!({}));
    let data = document.pointer("/currentAuthenticator/value/contextualData").unwrap();
    assert!(data["qrcode"]["href"].as_str().unwrap().starts_with("data:image/png;base64,"));
    let secret = data["sharedSecret"].as_str().unwrap().to_owned();
    assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": "000000"}})).0, 401);
    let code = code_of(&secret, &story);
    assert_eq!(story.answer(&code), ["success"]);

    story.begin_again();
    story.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    let (status, document) = story.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    let said = "/remediation/value/0/value/0/form/value/0/messages/value/0/i18n/key";
    assert_eq!(
        (status, document.pointer(said)),
        (401, Some(&json!("authfactor.challenge.soft_token.used_passcode")))
    );
    story.later(30);
    let code = code_of(&secret, &story);
    assert_eq!(story.answer(&code), ["success"]);
}

#[test]
fn a_security_question_is_picked_or_made_up() {
    for (key, question) in [("disliked_food", None), ("custom", Some("Which horse?"))] {
        let mut story = setting_up("security_question");
        let answer = json!({"credentials": {"questionKey": key, "question": question, "answer": "Correct"}});
        assert_eq!(story.goes("challenge/answer", answer), ["success"]);
        story.begin_again();
        story.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
        let (_, document) = story.post("introspect", json!({}));
        let asked = "/currentAuthenticatorEnrollment/value/contextualData/enrolledQuestion/question";
        let expected = question.unwrap_or("What is the food you least liked as a child?");
        assert_eq!(document.pointer(asked), Some(&json!(expected)));
        let answer = json!({"credentials": {"questionKey": key, "answer": "correct"}});
        assert_eq!(story.goes("challenge/answer", answer), ["success"]);
    }
}

#[test]
fn a_question_with_markup_and_a_short_answer_are_refused() {
    let mut story = setting_up("security_question");
    let refused = |story: &mut Story, credentials: serde_json::Value| {
        let (status, document) = story.post("challenge/answer", json!({"credentials": credentials}));
        (status, document.to_string())
    };
    let markup = json!({"questionKey": "custom", "question": "<b>?</b>", "answer": "liver"});
    let (status, told) = refused(&mut story, markup);
    assert!(status == 400 && told.contains("tagsNotAllowed"));
    let (status, told) = refused(&mut story, json!({"questionKey": "disliked_food", "answer": "abc"}));
    assert!(status == 400 && told.contains("securityQuestion.answer.tooShort.arg"));
}

#[test]
fn okta_verify_is_paired_by_a_code_or_by_a_link_that_is_sent() {
    let mut story = setting_up("okta_verify");
    assert_eq!(
        story.goes("introspect", json!({})),
        ["enroll-poll", "select-enrollment-channel", "select-authenticator-enroll"]
    );
    let by_mail = json!({"authenticator": {"id": id("okta_verify"), "channel": "email"}});
    assert_eq!(story.goes("credential/enroll", by_mail)[0], "enrollment-channel-data");
    assert_eq!(story.post("challenge/send", json!({"email": "nonsense"})).0, 400);
    assert_eq!(story.goes("challenge/send", json!({"email": "f@example.com"}))[0], "enroll-poll");
    let link = story.world.inbox.to(Some("f@example.com"))[0].link.clone().unwrap();
    assert!(link.contains("/dev/okta-verify/"));
    let proof = Proof::OktaVerify { secret: "MZXW6YTBOI".into(), last: None, device: "Phone".into() };
    story.elsewhere(|walk| walk.paired(proof));
    assert_eq!(story.goes("challenge/poll", json!({})), ["success"]);
}

#[test]
fn a_push_is_approved_with_the_right_number_or_rejected_and_sent_again() {
    let mut story = with_factor("okta_verify");
    assert_eq!(story.goes("introspect", json!({})), ["authenticator-verification-data"]);
    let push = json!({"authenticator": {"id": id("okta_verify"), "methodType": "push"}});
    assert_eq!(story.goes("challenge", push.clone()), ["challenge-poll"]);
    assert_eq!(story.goes("authenticators/poll", json!({})), ["challenge-poll"]);
    story.on_phone(false);
    let (status, document) = story.post("authenticators/poll", json!({}));
    assert_eq!((status, first_key(&document)), (200, "api.authn.poll.error.push_rejected"));
    assert_eq!(forms(&document), ["resend", "select-authenticator-authenticate"]);
    assert_eq!(story.goes("challenge", push), ["challenge-poll"]);
    story.on_phone(true);
    assert_eq!(story.goes("authenticators/poll", json!({})), ["success"]);
}

#[test]
fn the_codes_of_okta_verify_do_as_well() {
    let mut story = with_factor("okta_verify");
    story.goes("challenge", json!({"authenticator": {"id": id("okta_verify"), "methodType": "totp"}}));
    let code = code_of(&secret_of(&story, Key::OktaVerify), &story);
    assert_eq!(story.goes("challenge/answer", json!({"credentials": {"totp": code}})), ["success"]);
}

#[test]
fn what_an_administrator_hands_out_works_by_its_code() {
    for name in ["yubikey_token", "symantec_vip", "rsa_token", "duo", "custom_otp", "tac"] {
        let key: Key = serde_json::from_value(json!(name)).unwrap();
        let file = format!(
            "[[apps]]\nclient_id = \"a\"\n[apps.enrollment]\nokta_password = \"REQUIRED\"\n{name} = \"OPTIONAL\"\n"
        );
        let mut story = Story::in_org(&file, "a");
        story.add(json!({"login": "f@example.com", "password": PASSWORD, "factors": [name]}));
        story.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
        assert_eq!(story.goes("introspect", json!({})), ["challenge-authenticator"], "{name}");
        let secret = secret_of(&story, key);
        let code = if key == Key::Tac { secret } else { code_of(&secret, &story) };
        let field = if key == Key::Duo { "signatureData" } else { "passcode" };
        assert_eq!(story.post("challenge/answer", json!({"credentials": {field: "000"}})).0, 401, "{name}");
        assert_eq!(
            story.goes("challenge/answer", json!({"credentials": {field: code}})),
            ["success"],
            "{name}"
        );
    }
}

#[test]
fn a_passkey_is_made_and_then_used() {
    let device = Device::new();
    let mut story = setting_up("webauthn");
    let (_, document) = story.post("introspect", json!({}));
    let data = document.pointer("/currentAuthenticator/value/contextualData/activationData").unwrap();
    let made = device.make(data["challenge"].as_str().unwrap(), "http://localhost:8080");
    assert_eq!(story.goes("challenge/answer", json!({"credentials": made})), ["success"]);

    story.begin_again();
    story.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    let (_, document) = story.post("introspect", json!({}));
    let credential = document.pointer("/authenticatorEnrollments/value/1/credentialId");
    assert_eq!(credential, Some(&json!(device.credential())));
    let data = document.pointer("/currentAuthenticator/value/contextualData/challengeData").unwrap();
    let challenge = data["challenge"].as_str().unwrap().to_owned();
    let foreign = device.use_it(&challenge, "http://evil.example", 1);
    let (status, document) = story.post("challenge/answer", json!({"credentials": foreign}));
    assert_eq!(
        (status, first_key(&document)),
        (403, "authfactor.webauthn.error.assertion_validation_failure")
    );
    let used = device.use_it(&challenge, "http://localhost:8080", 1);
    assert_eq!(story.goes("challenge/answer", json!({"credentials": used})), ["success"]);
}

#[test]
fn a_passkey_the_browser_offers_by_itself_says_who_it_is() {
    let device = Device::new();
    let mut story = Story::at("guide-passkey");
    story.add(json!({"login": "f@example.com", "password": PASSWORD, "enroll": ["webauthn"]}));
    story.goes("identify", json!({"identifier": "f@example.com"}));
    story.goes("challenge", json!({"authenticator": {"id": id("okta_password")}}));
    story.answer(PASSWORD);
    story.goes("credential/enroll", json!({"authenticator": {"id": id("webauthn")}}));
    let (_, document) = story.post("introspect", json!({}));
    let data = document.pointer("/currentAuthenticator/value/contextualData/activationData").unwrap();
    let made = device.make(data["challenge"].as_str().unwrap(), "http://localhost:8080");
    assert_eq!(story.goes("challenge/answer", json!({"credentials": made})), ["success"]);

    story.begin_again();
    let (_, document) = story.post("introspect", json!({}));
    assert!(forms(&document).contains(&"challenge-webauthn-autofillui-authenticator".to_owned()));
    let data = document.pointer("/webauthnAutofillUIChallenge/value/challengeData").unwrap();
    let mut used = device.use_it(data["challenge"].as_str().unwrap(), "http://localhost:8080", 1);
    let user = story.world.users.by_login("f@example.com").unwrap().id.clone();
    used["userHandle"] = json!(user);
    assert_eq!(story.goes("challenge/answer/webauthn-autofillui", json!({"credentials": used})), ["success"]);
}

#[test]
fn a_link_in_a_mail_is_as_good_as_the_code() {
    let mut story = Story::at("guide-email-only");
    story.goes("identify", json!({"identifier": MARY}));
    story.choose("okta_email");
    assert_eq!(story.goes("challenge/poll", json!({}))[0], "challenge-authenticator");
    story.elsewhere(|walk| walk.open_link());
    assert_eq!(story.goes("challenge/poll", json!({})), ["success"]);
}

#[test]
fn who_answers_what_was_answered_elsewhere_a_moment_ago_goes_on_from_there() {
    let mut story = Story::at("guide-email-only");
    story.goes("identify", json!({"identifier": MARY}));
    story.choose("okta_email");
    let code = story.code();
    story.elsewhere(|walk| walk.open_link());
    assert_eq!(story.answer(&code), ["success"]);
    assert_eq!(story.post("challenge/answer", json!({"credentials": {"passcode": code}})).0, 400, "told");

    let mut story = setting_up("okta_verify");
    let proof = Proof::OktaVerify { secret: "MZXW6YTBOI".into(), last: None, device: "Phone".into() };
    story.elsewhere(|walk| walk.paired(proof));
    let by_mail = json!({"authenticator": {"id": id("okta_verify"), "channel": "email"}});
    assert_eq!(story.goes("credential/enroll", by_mail), ["success"]);
}

#[test]
fn when_a_link_led_back_to_the_app_in_another_tab_the_first_tab_is_told() {
    let mut story = Story::at("guide-email-only");
    story.goes("identify", json!({"identifier": MARY}));
    story.choose("okta_email");
    let code = story.code();
    story.at.code_mut().unwrap().opened = true;
    assert_eq!(story.answer(&code), ["success"]);
    let (status, document) = story.post("challenge/poll", json!({}));
    assert_eq!((status, first_key(&document)), (200, "idx.transferred.to.new.tab"));
}

#[test]
fn an_identity_provider_signs_in_alone_or_with_one_factor_more() {
    let identity = || Identity {
        subject: "sam".into(),
        email: "s@example.com".into(),
        first_name: "Sam".into(),
        last_name: "Social".into(),
    };
    let mut story = Story::at("guide-social");
    story.elsewhere(|walk| walk.federated("0oadevsocial00000001", identity()));
    assert_eq!(story.goes("introspect", json!({})), ["success"]);

    let mut story = Story::at("latchkey");
    story.elsewhere(|walk| walk.federated("0oadevsocial00000001", identity()));
    assert_eq!(story.goes("introspect", json!({})), ["select-authenticator-enroll"]);
    story.goes("credential/enroll", json!({"authenticator": {"id": id("okta_email")}}));
    let code = story.code();
    assert_eq!(story.answer(&code), ["success"]);
}
