//! Authenticators of other vendors: credentials of several parts, and steps at another site.

use latchkey_idx::{
    Answer, BeginOptions, CallContext, Input, InputType, Intent, OptionValue, Scalar, StepName, json_response,
};
use serde_json::{Value, json};

use crate::documents::authenticator;
use crate::fake_org::{self, form, page};
use crate::steps::{SIGN_IN, names, request_to, submitted, transaction};

/// A page with one form about an authenticator whose credential has these fields.
fn credential_page(name: &str, authenticator: Value, fields: Value) -> Value {
    let credentials =
        json!([{"name": "credentials", "type": "object", "required": true, "form": {"value": fields}}]);
    let mut form = form(name, "challenge/answer", credentials);
    form["relatesTo"] = json!(["$.currentAuthenticator"]);
    let mut page = page(json!([form]));
    page["currentAuthenticator"] = json!({"type": "object", "value": authenticator});
    page
}

fn token_of_account(key: &str) -> Value {
    let fields = json!([
        {"name": "id", "required": true, "value": "aut1", "mutable": false},
        {"name": "clientData", "label": "User name", "value": "mary", "required": true},
        {"name": "passcode", "label": "Passcode", "required": true},
    ]);
    credential_page("enroll-authenticator", authenticator(key, "security_key"), fields)
}

fn inputs(page: &Value) -> Vec<Input> {
    transaction(page, SIGN_IN).next_step.expect("a step").inputs
}

#[test]
fn a_token_of_an_account_asks_for_the_user_name_and_the_code() {
    for key in ["rsa_token", "onprem_mfa"] {
        let page = token_of_account(key);
        let inputs = inputs(&page);
        assert_eq!(names(&inputs), ["clientData", "verificationCode"], "{key}");
        assert_eq!(inputs[0].label.as_deref(), Some("User name"));
        assert_eq!(inputs[0].value, Some(Scalar::Text("mary".to_owned())));
        assert!(inputs.iter().all(|input| input.required && input.visible), "{key}");
        assert!(inputs[1].secret, "the code may begin with a PIN");
        let answer = json!({"clientData": "mary", "verificationCode": "123456"});
        assert_eq!(
            submitted(&page, SIGN_IN, answer),
            request_to(
                "challenge/answer",
                json!({"credentials": {"clientData": "mary", "passcode": "123456"}})
            )
        );
    }
}

#[test]
fn symantec_vip_asks_for_the_credential_id_and_two_codes_at_enrolment_only() {
    let key = || authenticator("symantec_vip", "app");
    let fields = json!([
        {"name": "credentialId", "label": "Credential ID", "required": true},
        {"name": "passcode", "label": "Code 1", "required": true},
        {"name": "nextPasscode", "label": "Code 2", "required": true},
    ]);
    let page = credential_page("enroll-authenticator", key(), fields);
    assert_eq!(names(&inputs(&page)), ["credentialId", "verificationCode", "nextPasscode"]);
    let answer = json!({"credentialId": "VSMT1", "verificationCode": "111111", "nextPasscode": "222222"});
    let body =
        json!({"credentials": {"credentialId": "VSMT1", "passcode": "111111", "nextPasscode": "222222"}});
    assert_eq!(submitted(&page, SIGN_IN, answer), request_to("challenge/answer", body));

    let fields = json!([{"name": "passcode", "label": "Code", "required": true}]);
    let page = credential_page("challenge-authenticator", key(), fields);
    assert_eq!(names(&inputs(&page)), ["verificationCode"]);
}

#[test]
fn the_frame_of_duo_answers_with_signed_data() {
    let mut duo = authenticator("duo", "app");
    duo["contextualData"] = json!({"integrationType": "IFRAME", "host": "api-1.duosecurity.example", "signedToken": "TX|a:APP|b"});
    let fields = json!([{"name": "signatureData", "label": "Assertion", "required": true, "visible": false}]);
    let page = credential_page("challenge-authenticator", duo, fields);
    let step = transaction(&page, SIGN_IN).next_step.expect("a step");
    assert_eq!(names(&step.inputs), ["signatureData"]);
    assert!(!step.inputs[0].visible);
    let frame = step.authenticator.expect("an authenticator").context.duo_frame.expect("a frame");
    assert_eq!(
        (frame.host.as_str(), frame.signed_request.reveal()),
        ("api-1.duosecurity.example", "TX|a:APP|b")
    );
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"signatureData": "AUTH|c:APP|b"})),
        request_to("challenge/answer", json!({"credentials": {"signatureData": "AUTH|c:APP|b"}}))
    );
}

#[test]
fn a_step_at_another_site_names_its_authenticator() {
    let mut page = page(json!([{
        "name": "redirect-idp", "type": "X509", "method": "GET", "relatesTo": ["$.currentAuthenticator"],
        "idp": {"id": "MTLS", "name": "Certificates"}, "href": "https://org.example/sso/idps/MTLS?stateToken=1",
    }]));
    page["currentAuthenticator"] =
        json!({"type": "object", "value": authenticator("smart_card_idp", "federated")});
    let step = transaction(&page, SIGN_IN).next_step.expect("a step");
    assert_eq!((step.name, step.kind.as_deref()), (StepName::RedirectIdp, Some("X509")));
    assert_eq!(step.authenticator.and_then(|one| one.display_name).as_deref(), Some("smart_card_idp"));
    assert_eq!(step.href.as_deref(), Some("https://org.example/sso/idps/MTLS?stateToken=1"));
}

#[tokio::test]
async fn a_service_that_verifies_identities_names_its_terms() {
    let page = page(json!([{
        "name": "redirect-idverify", "type": "ID_PROOFING", "method": "GET",
        "idp": {"id": "IDV_STANDARD", "name": "Proofs"}, "href": "https://org.example/idp/identity-verification",
        "idvMetadata": {"termsOfUse": "https://proofs.example/terms", "privacyPolicy": {"href": "https://proofs.example/privacy"}},
    }]));
    let (org, client) = fake_org::org();
    org.respond_with("/idp/idx/introspect", Ok(json_response(200, page.to_string())));
    let begun = client
        .begin(
            Intent::Authenticate,
            &BeginOptions::default(),
            &Answer::default(),
            fake_org::flow_secrets(),
            &CallContext::default(),
        )
        .await;
    let step = begun.expect("the flow begins").transaction().next_step.expect("a step");
    assert_eq!(step.name, StepName::RedirectIdverify);
    assert!(step.inputs.is_empty() && step.href.is_some());
    let idp = step.idp.expect("a service");
    assert_eq!(idp.terms_of_use.as_deref(), Some("https://proofs.example/terms"));
    assert_eq!(idp.privacy_policy.as_deref(), Some("https://proofs.example/privacy"));
}

/// Two apps of one company, which share a key.
fn two_apps() -> Value {
    let option = |at: usize, id: &str| {
        json!({"label": id, "relatesTo": format!("$.authenticators.value[{at}]"), "value": {"form": {"value": [
            {"name": "id", "required": true, "value": id, "mutable": false},
            {"name": "methodType", "value": "push", "mutable": false},
        ]}}})
    };
    let choice = json!([{"name": "authenticator", "type": "object", "options": [option(0, "aut-1"), option(1, "aut-2")]}]);
    let mut page = page(json!([form("select-authenticator-authenticate", "challenge", choice)]));
    page["authenticators"] = json!({"type": "array", "value": [
        {"key": "custom_app", "type": "app", "id": "aut-1"}, {"key": "custom_app", "type": "app", "id": "aut-2"},
    ]});
    page
}

#[test]
fn two_authenticators_of_one_key_are_chosen_by_their_ids() {
    let page = two_apps();
    let inputs = inputs(&page);
    let ids: Vec<_> = inputs[0].options.iter().map(|option| option.id.as_deref()).collect();
    assert_eq!(ids, [Some("aut-1"), Some("aut-2")]);
    let key = OptionValue::Value(Scalar::Text("custom_app".to_owned()));
    assert!(inputs[0].kind == InputType::Text && inputs[0].options.iter().all(|option| option.value == key));
    for id in ["aut-1", "aut-2"] {
        assert_eq!(
            submitted(&page, SIGN_IN, json!({"authenticator": id})),
            request_to("challenge", json!({"authenticator": {"id": id}}))
        );
    }
}

/// Two phones of one person, as Okta lists them.
fn two_phones() -> Value {
    let option = |at: usize, enrollment: &str| {
        json!({"label": "Phone", "relatesTo": format!("$.authenticatorEnrollments.value[{at}]"), "value": {"form": {"value": [
            {"name": "id", "required": true, "value": "aut-phone", "mutable": false},
            {"name": "methodType", "type": "string", "required": false, "options": [
                {"label": "SMS", "value": "sms"}, {"label": "Voice call", "value": "voice"}]},
            {"name": "enrollmentId", "required": true, "value": enrollment, "mutable": false},
        ]}}})
    };
    let choice = json!([{"name": "authenticator", "type": "object", "options": [option(0, "pae-1"), option(1, "pae-2")]}]);
    let mut page = page(json!([form("select-authenticator-authenticate", "challenge", choice)]));
    let phone = |id: &str, number: &str| json!({"key": "phone_number", "type": "phone", "id": id, "profile": {"phoneNumber": number}});
    page["authenticatorEnrollments"] = json!({"type": "array", "value": [
        phone("pae-1", "+1 XXX-XXX-5309"), phone("pae-2", "+1 XXX-XXX-5310"),
    ]});
    page
}

#[test]
fn two_phones_of_one_person_are_chosen_by_their_enrolments() {
    let page = two_phones();
    let inputs = inputs(&page);
    let listed: Vec<_> = inputs[0]
        .options
        .iter()
        .map(|option| (option.id.as_deref(), option.profile.phone_number.as_deref()))
        .collect();
    assert_eq!(listed, [(Some("pae-1"), Some("+1 XXX-XXX-5309")), (Some("pae-2"), Some("+1 XXX-XXX-5310"))]);
    for id in ["pae-1", "pae-2"] {
        assert_eq!(
            submitted(&page, SIGN_IN, json!({"authenticator": id})),
            request_to("challenge", json!({"authenticator": {"id": "aut-phone", "enrollmentId": id}}))
        );
    }
    // A key alone names the first one, as in Okta's SDK.
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"authenticator": "phone_number"})),
        request_to("challenge", json!({"authenticator": {"id": "aut-phone"}}))
    );
}
