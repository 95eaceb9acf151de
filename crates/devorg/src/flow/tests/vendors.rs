//! The authenticators of other vendors.

use serde_json::{Value, json};

use super::{PASSWORD, TestFlow, first_key, id};
use crate::credentials::base32;
use crate::credentials::totp;
use crate::org::authenticator::Authenticator;
use crate::org::new_user::CARD_PIN;
use crate::org::state::ProviderIdentity;
use crate::org::user::Factor;

const USER: &str = "f@example.com";

/// A user who has given the password and now needs this authenticator, enrolled (`factors`) or not (`enroll`).
fn at_step(key: &str, member: &str, app: &str) -> TestFlow {
    let file = format!(
        "[[apps]]\nclient_id = \"a\"\n{app}\n\
         sign_on = [{{ authenticate_with = \"password-and-another\", factors = [\"{key}\"] }}]\n\
         [apps.enrollment]\nokta_password = \"REQUIRED\"\n{key} = \"OPTIONAL\"\n"
    );
    let mut flow = TestFlow::in_org(&file, "a");
    flow.add(json!({"login": USER, "password": PASSWORD, member: [key]}));
    flow.goes("identify", json!({"identifier": USER, "credentials": {"passcode": PASSWORD}}));
    if member == "enroll" {
        flow.goes("credential/enroll", json!({"authenticator": {"id": id(key)}}));
    }
    flow
}

fn document(flow: &mut TestFlow) -> Value {
    flow.post("introspect", json!({})).1
}

#[test]
fn a_vendors_page_enrols_and_verifies_and_its_refusal_leaves_the_step() {
    for (key, app) in [("smart_card_idp", ""), ("duo", "vendors = { duo = \"page\" }")] {
        for member in ["factors", "enroll"] {
            let mut flow = at_step(key, member, app);
            let asked = document(&mut flow);
            let link = &asked["remediation"]["value"][0];
            assert_eq!(
                (&link["name"], &link["relatesTo"][0]),
                (&json!("redirect-idp"), &json!("$.currentAuthenticator")),
                "{key}"
            );
            assert!(
                link.get("rel").is_none()
                    && link["href"].as_str().unwrap().starts_with("http://localhost:8081/")
            );
            assert_eq!(asked["currentAuthenticator"]["value"]["key"], key);
            flow.elsewhere(|engine| engine.returned_from_vendor(false));
            let refused = document(&mut flow);
            assert_eq!(refused["remediation"]["value"][0]["name"], "redirect-idp", "{key}");
            assert_ne!(first_key(&refused), "none");
            flow.elsewhere(|engine| engine.returned_from_vendor(true));
            assert_eq!(flow.goes("introspect", json!({})), ["success"], "{key} {member}");
        }
    }
}

/// A user who has given the password and now needs their account at the identity provider `own`.
fn at_provider(member: &str) -> TestFlow {
    let file = "[[identity_providers]]\nid = \"own\"\nname = \"Own Provider\"\ntype = \"OIDC\"\n\
                [[apps]]\nclient_id = \"a\"\n\
                sign_on = [{ authenticate_with = \"password-and-another\", factors = [\"external_idp\"] }]\n\
                [apps.enrollment]\nokta_password = \"REQUIRED\"\nexternal_idp = \"OPTIONAL\"\n";
    let mut flow = TestFlow::in_org(file, "a");
    flow.add(json!({"login": USER, "password": PASSWORD, member: ["external_idp"]}));
    flow.goes("identify", json!({"identifier": USER, "credentials": {"passcode": PASSWORD}}));
    if member == "enroll" {
        flow.goes("credential/enroll", json!({"authenticator": {"id": id("external_idp")}}));
    }
    flow
}

fn account_at_provider(subject: &str, email: &str) -> ProviderIdentity {
    ProviderIdentity {
        subject: subject.to_owned(),
        email: email.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
    }
}

#[test]
fn an_identity_provider_as_an_authenticator_verifies_the_account_that_was_enrolled() {
    for (member, related, error) in [
        ("factors", "$.currentAuthenticatorEnrollment", "oie.authenticator.verify.error.fail"),
        ("enroll", "$.currentAuthenticator", "oie.authenticator.enroll.error.fail"),
    ] {
        let mut flow = at_provider(member);
        let link = document(&mut flow)["remediation"]["value"][0].clone();
        assert_eq!((&link["name"], &link["type"]), (&json!("redirect-idp"), &json!("OIDC")), "{member}");
        assert_eq!((&link["relatesTo"][0], &link["idp"]["name"]), (&json!(related), &json!("Own Provider")));
        assert!(link["href"].as_str().unwrap().starts_with("http://localhost:8081/sso/idps/own?stateToken="));
        flow.elsewhere(|engine| {
            engine.provider_failed();
            Ok(())
        });
        let refused = document(&mut flow);
        assert_eq!(refused["remediation"]["value"][0]["name"], "redirect-idp");
        assert_eq!(first_key(&refused), error);
        flow.elsewhere(|engine| engine.sign_in_with_provider("own", account_at_provider("me", USER)));
        assert_eq!(flow.goes("introspect", json!({})), ["success"], "{member}");
    }
}

#[test]
fn another_account_at_the_identity_provider_verifies_nothing() {
    let mut flow = at_provider("factors");
    let other = account_at_provider("another", "another@example.com");
    flow.elsewhere(|engine| engine.sign_in_with_provider("own", other));
    let refused = document(&mut flow);
    assert_eq!(first_key(&refused), "oie.authenticator.verify.error.fail");
    assert!(flow.org.users.by_login("another@example.com").is_none(), "no account is made");
    let mut flow = at_provider("enroll");
    flow.add(json!({"login": "owner@example.com", "factors": ["external_idp"]}));
    let taken = account_at_provider("owner", "owner@example.com");
    flow.elsewhere(|engine| engine.sign_in_with_provider("own", taken));
    assert_eq!(first_key(&document(&mut flow)), "oie.authenticator.enroll.error.fail");
}

#[test]
fn duo_in_a_frame_has_to_sign_the_request_of_this_sign_in() {
    let mut flow = at_step("duo", "factors", "");
    let asked = document(&mut flow);
    let data = &asked["currentAuthenticatorEnrollment"]["value"]["contextualData"];
    assert_eq!((&data["integrationType"], &data["host"]), (&json!("IFRAME"), &json!("localhost:8081")));
    let own = data["signedToken"].as_str().unwrap().split_once(':').unwrap().1.to_owned();
    let user = flow.org.users.by_login(USER).unwrap();
    let Factor::OtpDevice { secret, .. } = &user.enrolment(Authenticator::Duo).unwrap().factor else {
        panic!("no secret")
    };
    let code = totp::code(&base32::decode(secret), flow.now);
    let mut answer =
        |signed: String| flow.post("challenge/answer", json!({"credentials": {"signatureData": signed}}));
    let (status, refused) = answer(format!("AUTH|{code}:APP|another"));
    assert_eq!((status, first_key(&refused)), (400, "oie.authenticator.duo.method.duo.verification_failed"));
    assert_eq!(answer(format!("AUTH|000:{own}")).0, 401);
    assert!(answer(format!("AUTH|{code}:{own}")).1.get("successWithInteractionCode").is_some());
}

#[test]
fn a_token_that_was_guessed_at_has_to_show_the_next_code() {
    for key in ["rsa_token", "onprem_mfa"] {
        let mut flow = at_step(key, "factors", "");
        let code = |flow: &TestFlow| {
            let user = flow.org.users.by_login(USER).unwrap();
            let Factor::OtpDevice { secret, .. } = &user.enrolments[0].factor else { panic!("no secret") };
            totp::code(&base32::decode(secret), flow.now)
        };
        let answer = |flow: &mut TestFlow, passcode: &str| {
            flow.post("challenge/answer", json!({"credentials": {"passcode": passcode}}))
        };
        for _ in 0..2 {
            assert_eq!(answer(&mut flow, "000").0, 401, "{key}");
        }
        let right = code(&flow);
        let (status, asked) = answer(&mut flow, &right);
        assert_eq!((status, first_key(&asked)), (409, "errors.E0000113"), "{key}");
        flow.later(30);
        let next = code(&flow);
        assert_eq!(flow.answer(&next), ["success"], "{key}");
    }
}

#[test]
fn a_card_is_read_and_then_its_pin_is_asked_for() {
    let mut flow = at_step("nfc_pin", "factors", "");
    let asked = document(&mut flow);
    let challenge = &asked["currentAuthenticator"]["value"]["contextualData"]["challenge"]["value"];
    assert_eq!(challenge["challengeMethod"], "CUSTOM_URI");
    assert_eq!(flow.goes("authenticators/poll", json!({})), ["challenge-poll"]);
    let user = flow.transaction.user_id().unwrap().to_owned();
    flow.elsewhere(|engine| engine.card_read(&user));
    assert_eq!(flow.goes("authenticators/poll", json!({})), ["challenge-authenticator"]);
    let wrong = flow.post("challenge/answer", json!({"credentials": {"passcode": "111111"}}));
    assert_eq!(wrong.0, 403);
    assert_eq!(flow.answer(CARD_PIN), ["success"]);
}

#[test]
fn a_forgotten_pin_is_replaced_after_another_factor() {
    let mut flow = at_step("nfc_pin", "factors", "");
    let user = flow.transaction.user_id().unwrap().to_owned();
    flow.elsewhere(|engine| engine.card_read(&user));
    let asked = document(&mut flow);
    assert_eq!(asked["currentAuthenticator"]["value"]["recover"]["name"], "recover");
    assert_eq!(flow.goes("recover", json!({})), ["reset-authenticator"]);
    let asked = document(&mut flow);
    assert_eq!(asked["currentAuthenticator"]["value"]["settings"], json!({"minLength": 6, "maxLength": 6}));
    assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": "12"}})).0, 400);
    assert_eq!(flow.answer("135791"), ["success"]);
    let mut flow = TestFlow::in_org(CARD_ALONE, "a");
    flow.add(json!({"login": USER, "factors": ["nfc_pin"]}));
    flow.goes("authenticators/nfc/launch", json!({}));
    let user = flow.org.users.by_login(USER).unwrap().id.clone();
    flow.elsewhere(|engine| engine.card_read(&user));
    assert_eq!(flow.goes("authenticators/poll", json!({})), ["challenge-authenticator"]);
    // The card alone proves nothing.
    assert_eq!(flow.goes("recover", json!({})), ["authenticator-verification-data"]);
    flow.choose("okta_email");
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["reset-authenticator"]);
    assert_eq!(flow.answer("135791"), ["success"]);
}

/// An app that takes a card alone, and offers on the first page to read it.
const CARD_ALONE: &str = "[[apps]]\nclient_id = \"a\"\nglobal_session = { establish_with = \"any-factor\" }\n\
    vendors = { card_button = true }\nsign_on = [{ authenticate_with = \"any-1-factor\" }]\n\
    [apps.enrollment]\nnfc_pin = \"OPTIONAL\"\n";

#[test]
fn a_new_card_gets_a_pin_of_six_digits() {
    let mut flow = at_step("nfc_pin", "enroll", "");
    assert!(
        document(&mut flow)["currentAuthenticator"]["value"]["contextualData"]["setupNfcUrl"].is_string()
    );
    let user = flow.transaction.user_id().unwrap().to_owned();
    flow.elsewhere(|engine| engine.card_read(&user));
    let asked = document(&mut flow);
    assert_eq!(asked["currentAuthenticator"]["value"]["settings"], json!({"minLength": 6, "maxLength": 6}));
    for pin in ["12345", "1234567", "12345a"] {
        assert_eq!(flow.post("challenge/answer", json!({"credentials": {"passcode": pin}})).0, 400, "{pin}");
    }
    assert_eq!(flow.answer("135791"), ["success"]);
}

#[test]
fn a_card_on_the_first_page_says_who_signs_in() {
    let file = "[[apps]]\nclient_id = \"a\"\nglobal_session = { establish_with = \"any-factor\" }\n\
                vendors = { card_button = true }\nsign_on = [{ authenticate_with = \"any-1-factor\" }]\n\
                [apps.enrollment]\nnfc_pin = \"OPTIONAL\"\n";
    let mut flow = TestFlow::in_org(file, "a");
    flow.add(json!({"login": USER, "factors": ["nfc_pin"]}));
    assert!(flow.goes("introspect", json!({})).contains(&"launch-nfc-authenticator".to_owned()));
    assert_eq!(flow.goes("authenticators/nfc/launch", json!({})), ["challenge-poll"]);
    let user = flow.org.users.by_login(USER).unwrap().id.clone();
    flow.elsewhere(|engine| engine.card_read(&user));
    assert_eq!(flow.goes("authenticators/poll", json!({})), ["challenge-authenticator"]);
    assert_eq!(flow.answer(CARD_PIN), ["success"]);
}

#[test]
fn an_app_of_the_company_approves_a_push_and_is_not_enrolled_here() {
    let mut flow = at_step("custom_app", "factors", "");
    assert_eq!(flow.goes("introspect", json!({})), ["authenticator-verification-data"]);
    let choice =
        json!({"authenticator": {"id": id("custom_app"), "methodType": "push", "autoChallenge": true}});
    assert_eq!(flow.goes("challenge", choice)[0], "challenge-poll");
    flow.on_phone(false);
    let (_, rejected) = flow.post("authenticators/poll", json!({}));
    let resend = &rejected["remediation"]["value"][0];
    assert_eq!(
        (&resend["name"], &resend["value"][0]["value"]["id"]),
        (&json!("resend"), &json!(id("custom_app")))
    );
    flow.goes("challenge", json!({"authenticator": {"id": id("custom_app"), "methodType": "push"}}));
    flow.on_phone(true);
    assert_eq!(flow.goes("authenticators/poll", json!({})), ["success"]);
    assert!(!Authenticator::CustomApp.can_self_enrol());
}

#[test]
fn an_identity_is_verified_once_and_only_the_service_that_okta_does_not_name_sends_its_terms() {
    for (service, has_terms) in [("persona", false), ("clear", false), ("incode", false), ("standard", true)]
    {
        let file = format!(
            "[[apps]]\nclient_id = \"a\"\nsign_on = [{{ authenticate_with = \"password\" }}]\n\
             vendors = {{ identity_verification = \"{service}\" }}\n[apps.enrollment]\nokta_password = \"REQUIRED\"\n"
        );
        let mut flow = TestFlow::in_org(&file, "a");
        flow.add(json!({"login": USER, "password": PASSWORD}));
        let signing_in = || json!({"identifier": USER, "credentials": {"passcode": PASSWORD}});
        assert_eq!(flow.goes("identify", signing_in()), ["redirect-idverify"], "{service}");
        let link = document(&mut flow)["remediation"]["value"][0].clone();
        assert_eq!(
            (&link["type"], link.get("idvMetadata").is_some()),
            (&json!("ID_PROOFING"), has_terms),
            "{service}"
        );
        flow.elsewhere(|engine| engine.returned_from_vendor(false));
        assert_eq!(flow.goes("introspect", json!({})), ["redirect-idverify"], "{service}");
        flow.elsewhere(|engine| engine.returned_from_vendor(true));
        assert_eq!(flow.goes("introspect", json!({})), ["success"], "{service}");
        flow.restart();
        assert_eq!(flow.goes("identify", signing_in()), ["success"], "{service}");
    }
}
