//! Each authenticator, enrolled and verified.

use serde_json::{Value, json};

use super::{MARY, PASSWORD, TestFlow, first_key, forms, id};
use crate::credentials::base32;
use crate::credentials::totp;
use crate::credentials::webauthn::software_key::SoftwareKey;
use crate::org::authenticator::Authenticator;
use crate::org::state::ProviderIdentity;
use crate::org::user::Factor;

#[test]
fn a_phone_challenge_asks_for_the_method_and_can_resend_after_thirty_seconds() {
    let mut flow = TestFlow::start("latchkey");
    flow.goes("identify", json!({"identifier": MARY, "credentials": {"passcode": PASSWORD}}));
    assert_eq!(
        flow.choose("phone_number"),
        ["authenticator-verification-data", "select-authenticator-authenticate"]
    );
    let by_voice = json!({"authenticator": {"id": id("phone_number"), "methodType": "voice"}});
    assert_eq!(flow.goes("challenge", by_voice)[0], "challenge-authenticator");
    assert_eq!(flow.post("challenge/resend", json!({})).0, 429);
    flow.later(31);
    assert_eq!(flow.post("challenge/resend", json!({})).0, 200);
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn a_phone_is_enrolled_by_its_number_and_invalid_numbers_are_refused() {
    let mut flow = TestFlow::start("guide-password-phone");
    flow.add(json!({"login": "pat@example.com", "password": PASSWORD}));
    let signing_in = json!({"identifier": "pat@example.com", "credentials": {"passcode": PASSWORD}});
    assert_eq!(flow.goes("identify", signing_in), ["select-authenticator-enroll"]);
    let phone = |number: &str| json!({"authenticator": {"id": id("phone_number"), "methodType": "sms", "phoneNumber": number}});
    assert_eq!(
        flow.goes("credential/enroll", json!({"authenticator": {"id": id("phone_number")}}))[0],
        "authenticator-enrollment-data"
    );
    assert_eq!(flow.post("credential/enroll", phone("123")).0, 400);
    flow.goes("credential/enroll", phone("+1 555 987 6543"));
    assert_eq!(flow.org.inbox.to(Some("+15559876543")).len(), 1);
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

/// A user with a password and this authenticator, after the password.
fn with_factor(key: &str) -> TestFlow {
    let mut flow = TestFlow::start("latchkey");
    flow.add(json!({"login": "f@example.com", "password": PASSWORD, "factors": [key], "answer": "liver"}));
    flow.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    flow
}

/// A user with a password who is to enrol this authenticator.
fn enrolling(key: &str) -> TestFlow {
    let mut flow = TestFlow::start("latchkey");
    flow.add(json!({"login": "f@example.com", "password": PASSWORD, "enroll": [key]}));
    flow.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    flow.goes("credential/enroll", json!({"authenticator": {"id": id(key)}}));
    flow
}

fn code_of(secret: &str, flow: &TestFlow) -> String {
    totp::code(&base32::decode(secret), flow.now)
}

fn secret_of(flow: &TestFlow, key: Authenticator) -> String {
    let user = flow.org.users.by_login("f@example.com").unwrap();
    match &user.enrolment(key).unwrap().factor {
        Factor::GoogleOtp { secret, .. }
        | Factor::OktaVerify { secret, .. }
        | Factor::OtpDevice { secret, .. } => secret.clone(),
        Factor::AccessCode { code, .. } => code.clone(),
        other => panic!("{other:?} has no secret"),
    }
}

#[test]
fn an_authenticator_app_is_enrolled_by_its_secret_and_each_code_works_once() {
    let mut flow = enrolling("google_otp");
    let (_, document) = flow.post("introspect", json!({}));
    let data = document.pointer("/currentAuthenticator/value/contextualData").unwrap();
    assert!(data["qrcode"]["href"].as_str().unwrap().starts_with("data:image/png;base64,"));
    let secret = data["sharedSecret"].as_str().unwrap().to_owned();
    assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": "000000"}})).0, 401);
    let code = code_of(&secret, &flow);
    assert_eq!(flow.answer(&code), ["success"]);

    flow.restart();
    flow.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    let (status, document) = flow.post("challenge/answer", json!({"credentials": {"passcode": code}}));
    let said = "/remediation/value/0/value/0/form/value/0/messages/value/0/i18n/key";
    assert_eq!(
        (status, document.pointer(said)),
        (401, Some(&json!("authfactor.challenge.soft_token.used_passcode")))
    );
    flow.later(30);
    let code = code_of(&secret, &flow);
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn a_security_question_is_predefined_or_custom() {
    for (key, question) in [("disliked_food", None), ("custom", Some("Which horse?"))] {
        let mut flow = enrolling("security_question");
        let answer = json!({"credentials": {"questionKey": key, "question": question, "answer": "Correct"}});
        assert_eq!(flow.goes("challenge/answer", answer), ["success"]);
        flow.restart();
        flow.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
        let (_, document) = flow.post("introspect", json!({}));
        let asked = "/currentAuthenticatorEnrollment/value/contextualData/enrolledQuestion/question";
        let expected = question.unwrap_or("What is the food you least liked as a child?");
        assert_eq!(document.pointer(asked), Some(&json!(expected)));
        let answer = json!({"credentials": {"questionKey": key, "answer": "correct"}});
        assert_eq!(flow.goes("challenge/answer", answer), ["success"]);
    }
}

#[test]
fn a_question_with_markup_and_a_short_answer_are_refused() {
    let mut flow = enrolling("security_question");
    let refused = |flow: &mut TestFlow, credentials: serde_json::Value| {
        let (status, document) = flow.post("challenge/answer", json!({"credentials": credentials}));
        (status, document.to_string())
    };
    let markup = json!({"questionKey": "custom", "question": "<b>?</b>", "answer": "liver"});
    let (status, text) = refused(&mut flow, markup);
    assert!(status == 400 && text.contains("tagsNotAllowed"));
    let (status, text) = refused(&mut flow, json!({"questionKey": "disliked_food", "answer": "abc"}));
    assert!(status == 400 && text.contains("securityQuestion.answer.tooShort.arg"));
}

#[test]
fn okta_verify_is_paired_by_qr_code_or_by_a_sent_link() {
    let mut flow = enrolling("okta_verify");
    assert_eq!(
        flow.goes("introspect", json!({})),
        ["enroll-poll", "select-enrollment-channel", "select-authenticator-enroll"]
    );
    let by_mail = json!({"authenticator": {"id": id("okta_verify"), "channel": "email"}});
    assert_eq!(flow.goes("credential/enroll", by_mail)[0], "enrollment-channel-data");
    assert_eq!(flow.post("challenge/send", json!({"email": "nonsense"})).0, 400);
    assert_eq!(flow.goes("challenge/send", json!({"email": "f@example.com"}))[0], "enroll-poll");
    let link = flow.org.inbox.to(Some("f@example.com"))[0].link.clone().unwrap();
    assert!(link.contains("/dev/okta-verify/"));
    let factor = Factor::OktaVerify { secret: "MZXW6YTBOI".into(), last: None, device: "Phone".into() };
    flow.elsewhere(|engine| engine.complete_pairing(factor));
    assert_eq!(flow.goes("challenge/poll", json!({})), ["success"]);
}

#[test]
fn okta_verify_is_set_up_on_the_device_of_the_browser_by_a_link_or_by_hand() {
    let begun = |channel: &str, link: bool, other_channels: bool| {
        let file = format!(
            "[[apps]]\nclient_id = \"a\"\n\
             okta_verify_set_up = {{ channel = \"{channel}\", link = {link}, other_channels = {other_channels} }}\n\
             sign_on = [{{ authenticate_with = \"password-and-another\", factors = [\"okta_verify\"] }}]\n\
             [apps.enrollment]\nokta_password = \"REQUIRED\"\nokta_verify = \"OPTIONAL\"\n"
        );
        let mut flow = TestFlow::in_org(&file, "a");
        flow.add(json!({"login": "f@example.com", "password": PASSWORD}));
        flow.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
        let by_mail = json!({"authenticator": {"id": id("okta_verify"), "channel": "email"}});
        let chosen =
            if other_channels { json!({"authenticator": {"id": id("okta_verify")}}) } else { by_mail };
        let (status, document) = flow.post("credential/enroll", chosen);
        assert_eq!((status, forms(&document)[0].as_str()), (200, "enroll-poll"), "{document}");
        let offered = forms(&document).iter().any(|name| name == "select-enrollment-channel");
        assert_eq!(offered, other_channels, "{document}");
        assert_eq!(flow.post("challenge/send", json!({"email": "f@example.com"})).0, 400);
        let data = &document["currentAuthenticator"]["value"]["contextualData"];
        assert_eq!(data["selectedChannel"], channel);
        (data[channel].clone(), flow)
    };
    let (here, mut flow) = begun("samedevice", true, true);
    assert!(here["setupOVUrl"].as_str().unwrap().ends_with("/open"), "{here}");
    assert_eq!((&here["platform"], &here["securityLevel"]), (&json!("OSX"), &json!("ANY")));
    let factor = Factor::OktaVerify { secret: "MZXW6YTBOI".into(), last: None, device: "Mac".into() };
    flow.elsewhere(|engine| engine.complete_pairing(factor));
    assert_eq!(flow.goes("challenge/poll", json!({})), ["success"]);

    let (by_hand, _) = begun("samedevice", false, false);
    assert_eq!((&by_hand["securityLevel"], by_hand.get("setupOVUrl")), (&json!("HIGH"), None));
    assert!(by_hand["orgUrl"].is_string() && by_hand["downloadHref"].is_string(), "{by_hand}");
    let (from_phone, _) = begun("devicebootstrap", false, true);
    assert_eq!(from_phone, json!({"platform": "OSX", "enrolledDevices": ["Dev phone"]}));
    assert!(begun("devicebootstrap", true, true).0["setupOVUrl"].is_string());
}

#[test]
fn a_push_is_approved_by_number_or_rejected_and_sent_again() {
    let mut flow = with_factor("okta_verify");
    assert_eq!(flow.goes("introspect", json!({})), ["authenticator-verification-data"]);
    let push = json!({"authenticator": {"id": id("okta_verify"), "methodType": "push"}});
    assert_eq!(flow.goes("challenge", push.clone()), ["challenge-poll"]);
    assert_eq!(flow.goes("authenticators/poll", json!({})), ["challenge-poll"]);
    flow.on_phone(false);
    let (status, document) = flow.post("authenticators/poll", json!({}));
    assert_eq!((status, first_key(&document)), (200, "api.authn.poll.error.push_rejected"));
    assert_eq!(forms(&document), ["resend", "select-authenticator-authenticate"]);
    assert_eq!(flow.goes("challenge", push), ["challenge-poll"]);
    flow.on_phone(true);
    assert_eq!(flow.goes("authenticators/poll", json!({})), ["success"]);
}

#[test]
fn okta_verify_also_accepts_codes() {
    let mut flow = with_factor("okta_verify");
    flow.goes("challenge", json!({"authenticator": {"id": id("okta_verify"), "methodType": "totp"}}));
    let code = code_of(&secret_of(&flow, Authenticator::OktaVerify), &flow);
    assert_eq!(flow.goes("challenge/answer", json!({"credentials": {"totp": code}})), ["success"]);
}

#[test]
fn hardware_tokens_and_temporary_access_codes_work() {
    for name in ["yubikey_token", "symantec_vip", "rsa_token", "onprem_mfa", "custom_otp", "tac"] {
        let key: Authenticator = serde_json::from_value(json!(name)).unwrap();
        let file = format!(
            "[[apps]]\nclient_id = \"a\"\n[apps.enrollment]\nokta_password = \"REQUIRED\"\n{name} = \"OPTIONAL\"\n"
        );
        let mut flow = TestFlow::in_org(&file, "a");
        flow.add(json!({"login": "f@example.com", "password": PASSWORD, "factors": [name]}));
        flow.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
        assert_eq!(flow.goes("introspect", json!({})), ["challenge-authenticator"], "{name}");
        let secret = secret_of(&flow, key);
        let code = if key == Authenticator::Tac { secret } else { code_of(&secret, &flow) };
        assert_eq!(
            flow.post("challenge/answer", json!({"credentials": {"passcode": "000"}})).0,
            401,
            "{name}"
        );
        assert_eq!(flow.answer(&code), ["success"], "{name}");
    }
}

#[test]
fn a_passkey_is_created_and_then_verified() {
    let device = SoftwareKey::new();
    let mut flow = enrolling("webauthn");
    let (_, document) = flow.post("introspect", json!({}));
    let data = document.pointer("/currentAuthenticator/value/contextualData/activationData").unwrap();
    let made = device.create(data["challenge"].as_str().unwrap(), "http://localhost:8080");
    assert_eq!(flow.goes("challenge/answer", json!({"credentials": made})), ["success"]);

    flow.restart();
    flow.goes("identify", json!({"identifier": "f@example.com", "credentials": {"passcode": PASSWORD}}));
    let (_, document) = flow.post("introspect", json!({}));
    let credential = document.pointer("/authenticatorEnrollments/value/1/credentialId");
    assert_eq!(credential, Some(&json!(device.credential())));
    let data = document.pointer("/currentAuthenticator/value/contextualData/challengeData").unwrap();
    let challenge = data["challenge"].as_str().unwrap().to_owned();
    let foreign = device.get(&challenge, "http://evil.example", 1);
    let (status, document) = flow.post("challenge/answer", json!({"credentials": foreign}));
    assert_eq!(
        (status, first_key(&document)),
        (403, "authfactor.webauthn.error.assertion_validation_failure")
    );
    let used = device.get(&challenge, "http://localhost:8080", 1);
    assert_eq!(flow.goes("challenge/answer", json!({"credentials": used})), ["success"]);
}

#[test]
fn an_autofill_passkey_identifies_the_user() {
    let device = SoftwareKey::new();
    let mut flow = TestFlow::start("guide-passkey");
    flow.add(json!({"login": "f@example.com", "password": PASSWORD, "enroll": ["webauthn"]}));
    flow.goes("identify", json!({"identifier": "f@example.com"}));
    flow.goes("challenge", json!({"authenticator": {"id": id("okta_password")}}));
    flow.answer(PASSWORD);
    flow.goes("credential/enroll", json!({"authenticator": {"id": id("webauthn")}}));
    let (_, document) = flow.post("introspect", json!({}));
    let data = document.pointer("/currentAuthenticator/value/contextualData/activationData").unwrap();
    let made = device.create(data["challenge"].as_str().unwrap(), "http://localhost:8080");
    assert_eq!(flow.goes("challenge/answer", json!({"credentials": made})), ["success"]);

    flow.restart();
    let (_, document) = flow.post("introspect", json!({}));
    assert!(forms(&document).contains(&"challenge-webauthn-autofillui-authenticator".to_owned()));
    let data = document.pointer("/webauthnAutofillUIChallenge/value/challengeData").unwrap();
    let mut used = device.get(data["challenge"].as_str().unwrap(), "http://localhost:8080", 1);
    let user = flow.org.users.by_login("f@example.com").unwrap().id.clone();
    used["userHandle"] = json!(user);
    assert_eq!(flow.goes("challenge/answer/webauthn-autofillui", json!({"credentials": used})), ["success"]);
}

#[test]
fn an_answer_to_a_step_completed_elsewhere_continues_from_the_current_step() {
    let mut flow = TestFlow::start("guide-email-only");
    flow.goes("identify", json!({"identifier": MARY}));
    let code = flow.code();
    flow.elsewhere(|engine| engine.follow_email_link());
    assert_eq!(flow.answer(&code), ["success"]);
    assert_eq!(
        flow.post("challenge/answer", json!({"credentials": {"passcode": code}})).0,
        400,
        "the code is not a selection"
    );

    let mut flow = enrolling("okta_verify");
    let factor = Factor::OktaVerify { secret: "MZXW6YTBOI".into(), last: None, device: "Phone".into() };
    flow.elsewhere(|engine| engine.complete_pairing(factor));
    let by_mail = json!({"authenticator": {"id": id("okta_verify"), "channel": "email"}});
    assert_eq!(flow.goes("credential/enroll", by_mail), ["success"]);
}

#[test]
fn an_identity_provider_signs_in_alone_or_with_another_factor() {
    let identity = || ProviderIdentity {
        subject: "sam".into(),
        email: "s@example.com".into(),
        first_name: "Sam".into(),
        last_name: "Social".into(),
    };
    let mut flow = TestFlow::start("guide-social");
    flow.elsewhere(|engine| engine.sign_in_with_provider("0oadevsocial00000001", identity()));
    assert_eq!(flow.goes("introspect", json!({})), ["success"]);

    let mut flow = TestFlow::start("latchkey");
    flow.elsewhere(|engine| engine.sign_in_with_provider("0oadevsocial00000001", identity()));
    assert_eq!(flow.goes("introspect", json!({})), ["select-authenticator-enroll"]);
    flow.goes("credential/enroll", json!({"authenticator": {"id": id("okta_email")}}));
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}

#[test]
fn two_phones_of_one_user_are_listed_and_the_chosen_one_gets_the_code() {
    let file = "[[apps]]\nclient_id = \"a\"\n\
                sign_on = [{ authenticate_with = \"password-and-another\", factors = [\"phone_number\"] }]\n\
                [apps.enrollment]\nokta_password = \"REQUIRED\"\nphone_number = \"OPTIONAL\"\n";
    let phones = ["+15551230001", "+15551230002"];
    for chosen in [0, 1] {
        let mut flow = TestFlow::in_org(file, "a");
        flow.add(json!({"login": "p@example.com", "password": PASSWORD, "factors": ["phone_number"],
            "phone": phones[0], "more_phones": [phones[1]]}));
        let answer = json!({"identifier": "p@example.com", "credentials": {"passcode": PASSWORD}});
        let (_, listed) = flow.post("identify", answer);
        let options = listed["remediation"]["value"][0]["value"][0]["options"].as_array().unwrap();
        let numbers: Vec<&Value> = options
            .iter()
            .map(|option| {
                let at = option["relatesTo"]
                    .as_str()
                    .unwrap()
                    .trim_start_matches("$.")
                    .replace(".value[", "/value/");
                listed.pointer(&format!("/{}/profile/phoneNumber", at.trim_end_matches(']'))).unwrap()
            })
            .collect();
        assert_eq!(numbers, ["+1 XXX-XXX-0001", "+1 XXX-XXX-0002"]);
        let fields = options[chosen]["value"]["form"]["value"].as_array().unwrap();
        let value = |name: &str| fields.iter().find(|f| f["name"] == name).unwrap()["value"].clone();
        let choice = json!({"id": value("id"), "enrollmentId": value("enrollmentId"), "methodType": "sms"});
        let (_, asked) = flow.post("challenge", json!({"authenticator": choice}));
        let shown = &asked["currentAuthenticatorEnrollment"]["value"]["profile"]["phoneNumber"];
        assert_eq!(shown, numbers[chosen]);
        let sent =
            flow.org.inbox.to(Some(phones[chosen])).first().and_then(|sent| sent.code.clone()).unwrap();
        assert_eq!(flow.answer(&sent), ["success"]);
    }
}
