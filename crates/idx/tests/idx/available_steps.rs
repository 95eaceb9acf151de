//! The steps beside the next one: actions, identity providers, passkey autofill and forms that can be skipped.

use latchkey_idx::evaluation::{FlowStage, evaluate};
use latchkey_idx::{Error, Feature, InputType, Intent, Step, StepName, json_response};
use serde_json::json;

use crate::steps::{SIGN_IN, answer, names, request_to, submitted, transaction};
use crate::{documents, fake_org};

#[test]
fn actions_are_chosen_by_name() {
    let page = documents::email_challenge();
    let poll = transaction(&page, SIGN_IN)
        .available_steps
        .into_iter()
        .find(|step| step.name.as_str().ends_with("-poll"));
    assert_eq!(poll.expect("a way to wait").refresh, Some(4000));
    let values = json!({"step": "currentAuthenticatorEnrollment-poll"});
    assert_eq!(submitted(&page, SIGN_IN, values), request_to("challenge/poll", json!({})));
    assert_eq!(submitted(&page, SIGN_IN, json!({"step": "cancel"})), request_to("cancel", json!({})));
    assert_eq!(
        submitted(&documents::recoverable_password(), Intent::RecoverPassword, json!({})),
        request_to("recover", json!({}))
    );
    let response = json_response(200, page.to_string());
    let unknown = evaluate(&response, FlowStage::Resume, SIGN_IN, &answer(json!({"step": "nowhere"})));
    assert_eq!(unknown.err(), Some(Error::UnknownStep("nowhere".into())));
}

#[test]
fn an_identity_provider_is_a_link_for_the_browser() {
    let page = documents::identity_providers();
    let transaction = transaction(&page, SIGN_IN);
    assert_eq!(transaction.enabled_features, [Feature::RedirectIdp]);
    let step = transaction.next_step.expect("a step");
    assert_eq!(step.name, StepName::RedirectIdp);
    assert_eq!(step.kind.as_deref(), Some("GOOGLE"));
    assert_eq!(step.href.as_deref(), Some("https://org.example/sso/idps/GOOGLE"));
    assert_eq!(step.idp.and_then(|idp| idp.name).as_deref(), Some("GOOGLE IdP"));
    let links = transaction.available_steps.iter().filter(|step| step.name == StepName::RedirectIdp).count();
    assert_eq!(links, 2);
}

#[test]
fn passkey_autofill_is_available_beside_identify() {
    let hidden = |name: &str| json!({"name": name, "required": true, "visible": false});
    let proof = json!({"value": [hidden("clientData"), hidden("signatureData")]});
    let mut autofill = fake_org::form(
        "challenge-webauthn-autofillui-authenticator",
        "challenge/answer/webauthn-autofillui",
        json!([{"name": "credentials", "type": "object", "required": true, "form": proof}]),
    );
    autofill["relatesTo"] = json!(["webauthnAutofillUIChallenge"]);
    let mut page = fake_org::identify();
    page["remediation"]["value"].as_array_mut().expect("forms").push(autofill);
    let challenge = json!({"challenge": "AQID", "userVerification": "preferred"});
    page["webauthnAutofillUIChallenge"] = json!({"type": "object", "value": {"challengeData": challenge}});

    let transaction = transaction(&page, SIGN_IN);
    assert_eq!(transaction.next_step.map(|step| step.name), Some(StepName::Identify));
    let offers = |step: &&Step| step.name == StepName::ChallengeWebauthnAutofilluiAuthenticator;
    let offered = transaction.available_steps.iter().find(offers).expect("a way on");
    assert_eq!(
        offered.authenticator.as_ref().and_then(|it| it.context.challenge_data.clone()),
        Some(challenge)
    );
    let given = json!({"clientData": "e30", "signatureData": "MEUC"});
    let values = json!({"step": "challenge-webauthn-autofillui-authenticator", "credentials": given});
    let body = json!({"credentials": given});
    assert_eq!(submitted(&page, SIGN_IN, values), request_to("challenge/answer/webauthn-autofillui", body));
}

#[test]
fn a_passkey_before_the_username_is_launched_and_answered_with_its_user_handle() {
    let mut page = fake_org::identify();
    let path = "authenticators/webauthn/launch";
    let launch = fake_org::form("launch-webauthn-authenticator", path, json!([]));
    page["remediation"]["value"].as_array_mut().expect("forms").push(launch);
    let offered = transaction(&page, SIGN_IN).available_steps;
    assert!(offered.iter().any(|step| step.name == StepName::LaunchWebauthnAuthenticator));
    let values = json!({"step": "launch-webauthn-authenticator"});
    assert_eq!(submitted(&page, SIGN_IN, values), request_to(path, json!({})));

    let mut page = documents::passkey();
    let fields = &mut page["remediation"]["value"][0]["value"][0]["form"]["value"];
    let handle = json!({"name": "userHandle", "required": false, "visible": false});
    fields.as_array_mut().expect("fields").push(handle);
    let inputs = transaction(&page, SIGN_IN).next_step.expect("a step").inputs;
    let handle = inputs.iter().find(|input| input.name == "userHandle").expect("an input");
    assert!(!handle.visible && !handle.required);
    for handle in [json!({}), json!({"userHandle": "MDB1MQ"})] {
        let mut given = json!({"authenticatorData": "a", "clientData": "c", "signatureData": "s"});
        given.as_object_mut().expect("an object").extend(handle.as_object().expect("an object").clone());
        let body = json!({"credentials": given});
        assert_eq!(submitted(&page, SIGN_IN, given), request_to("challenge/answer", body));
    }
}

#[test]
fn a_promoted_passkey_is_the_next_step_and_enrolled_in_one_request() {
    let mut page = documents::passkey_enrollment();
    let form = &mut page["remediation"]["value"][0];
    form["name"] = json!("enroll-authenticator-promotion");
    form["href"] = json!("https://org.example/idp/idx/credential/enroll");
    page["remediation"]["value"].as_array_mut().expect("forms").push(fake_org::form(
        "skip",
        "skip",
        json!([]),
    ));

    let step = transaction(&page, SIGN_IN).next_step.expect("a step");
    assert_eq!((step.name, step.can_skip), (StepName::EnrollAuthenticatorPromotion, true));
    assert!(step.authenticator.expect("an authenticator").context.activation_data.is_some());
    let made = json!({"clientData": "c", "attestation": "a", "transports": "[\"internal\"]",
        "clientExtensions": "{\"credProps\":{\"rk\":true}}"});
    let body = json!({"credentials": made});
    assert_eq!(submitted(&page, SIGN_IN, made), request_to("credential/enroll", body));
    assert_eq!(submitted(&page, SIGN_IN, json!({"skip": true})), request_to("skip", json!({})));
}

#[test]
fn a_form_that_can_be_skipped_can_be_filled_by_its_name() {
    let profile = json!({"value": [
        {"name": "nickname", "label": "Nickname"},
        {"name": "born", "label": "Date of birth", "type": "string", "format": "date"},
        {"name": "siblings", "label": "Siblings", "type": "integer"},
        {"name": "height", "label": "Height", "type": "number"},
    ]});
    let update =
        fake_org::form("profile-update", "enroll/new", json!([{"name": "userProfile", "form": profile}]));
    let page = fake_org::page(json!([update, fake_org::form("skip", "skip", json!([]))]));
    let transaction = transaction(&page, SIGN_IN);
    assert_eq!(transaction.next_step.map(|step| step.name), Some(StepName::Skip));
    let open: Vec<_> = transaction.available_steps.iter().map(|step| step.name.as_str()).collect();
    assert!(open.starts_with(&["profile-update", "skip"]), "{open:?}");
    let attributes = &transaction.available_steps[0].inputs[0].inputs;
    assert_eq!(names(attributes), ["nickname", "born", "siblings", "height"]);
    let kinds: Vec<_> = attributes.iter().map(|attribute| attribute.kind).collect();
    assert_eq!(kinds, [InputType::Text, InputType::Date, InputType::Integer, InputType::Number]);
    let given = json!({"nickname": "Countess"});
    let values = json!({"step": "profile-update", "userProfile": given});
    assert_eq!(submitted(&page, SIGN_IN, values), request_to("enroll/new", json!({"userProfile": given})));
}
