//! Every kind of step: how it is presented, and the request that an answer becomes.

use latchkey_idx::evaluation::{Evaluation, FlowStage, Presentation, evaluate};
use latchkey_idx::{
    Answer, AuthenticatorKey, Feature, Input, InputType, Intent, MethodType, OptionValue, Scalar, Status,
    Step, StepName, Transaction, json_response,
};
use serde_json::{Value, json};

use crate::{documents, fake_org};

pub(crate) fn answer(values: Value) -> Answer {
    values.as_object().expect("values").clone().into_iter().collect()
}

pub(crate) fn evaluation(document: &Value, intent: Intent, values: Value) -> Evaluation {
    evaluate(&json_response(200, document.to_string()), FlowStage::Resume, intent, &answer(values))
        .expect("an evaluation")
}

fn presented(document: &Value, intent: Intent, values: Value) -> Presentation {
    match evaluation(document, intent, values) {
        Evaluation::Present(presentation) => presentation,
        Evaluation::Submit(request) => panic!("submitted: {request:?}"),
    }
}

pub(crate) fn transaction(document: &Value, intent: Intent) -> Transaction {
    presented(document, intent, json!({})).transaction()
}

fn step(document: &Value, intent: Intent) -> Step {
    transaction(document, intent).next_step.expect("a step")
}

/// The path and the body that an answer is submitted with, without the state handle.
pub(crate) fn submitted(document: &Value, intent: Intent, values: Value) -> (String, Value) {
    match evaluation(document, intent, values) {
        Evaluation::Submit(request) => {
            let mut body = request.body;
            assert_eq!(body.remove("stateHandle"), Some(json!("state-1")));
            (request.address.replace("https://org.example/idp/idx/", ""), Value::Object(body))
        }
        Evaluation::Present(presentation) => panic!("presented: {:?}", presentation.transaction()),
    }
}

pub(crate) fn names(inputs: &[Input]) -> Vec<&str> {
    inputs.iter().map(|input| input.name.as_str()).collect()
}

pub(crate) fn request_to(path: &str, body: Value) -> (String, Value) {
    (path.to_owned(), body)
}

pub(crate) const SIGN_IN: Intent = Intent::Authenticate;

#[test]
fn identify_takes_a_username_with_or_without_a_password() {
    let page = fake_org::identify();
    let transaction = transaction(&page, SIGN_IN);
    assert_eq!(transaction.enabled_features, [Feature::EnrollProfile]);
    let available: Vec<_> = transaction.available_steps.iter().map(|step| step.name.clone()).collect();
    assert_eq!(available, [StepName::Identify, StepName::SelectEnrollProfile, StepName::Cancel]);
    let step = transaction.next_step.expect("a step");
    assert_eq!(names(&step.inputs), ["username", "password"]);
    assert!(step.inputs.iter().all(|input| input.required));
    assert!(step.inputs[1].secret);
    let body = json!({"identifier": "mary", "credentials": {"passcode": "pw"}});
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"username": "mary", "password": "pw"})),
        request_to("identify", body)
    );
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"username": "mary"})),
        request_to("identify", json!({"identifier": "mary"}))
    );
}

#[test]
fn each_authenticator_has_its_own_credential() {
    let answer_to = |page: &Value, values| submitted(page, SIGN_IN, values).1["credentials"].clone();
    let code = json!({"verificationCode": "123456"});
    for key in [
        "okta_email",
        "phone_number",
        "google_otp",
        "custom_otp",
        "symantec_vip",
        "yubikey_token",
        "tac",
        "rsa_token",
        "unheard_of",
    ] {
        let page = documents::code("challenge-authenticator", key);
        assert_eq!(names(&step(&page, SIGN_IN).inputs), ["verificationCode"], "{key}");
        assert_eq!(answer_to(&page, code.clone()), json!({"passcode": "123456"}), "{key}");
        assert_eq!(answer_to(&page, json!({"otp": "123456"})), json!({"passcode": "123456"}), "{key}");
    }
    assert_eq!(answer_to(&documents::totp(), code), json!({"totp": "123456"}));
    assert_eq!(
        answer_to(&documents::recoverable_password(), json!({"password": "pw"})),
        json!({"passcode": "pw"})
    );
    assert_eq!(
        answer_to(&documents::question(), json!({"answer": "soup"})),
        json!({"questionKey": "food", "answer": "soup"})
    );
    let enrol = |values| answer_to(&documents::question_enrollment(), values);
    assert_eq!(
        enrol(json!({"questionKey": "food", "answer": "soup"})),
        json!({"questionKey": "food", "answer": "soup"})
    );
    assert_eq!(
        enrol(json!({"question": "Why?", "answer": "soup"})),
        json!({"questionKey": "custom", "question": "Why?", "answer": "soup"})
    );
    let made = json!({"clientData": "c", "attestation": "a", "transports": "[]"});
    assert_eq!(answer_to(&documents::passkey_enrollment(), made.clone()), made);
    let used = json!({"authenticatorData": "a", "clientData": "c", "signatureData": "s"});
    assert_eq!(answer_to(&documents::passkey(), used.clone()), used);
    let whole = json!({"passcode": "raw", "extra": 1});
    assert_eq!(answer_to(&documents::totp(), json!({"credentials": whole.clone()})), whole);
}

#[test]
fn a_step_contains_the_data_needed_to_answer_it() {
    let google = step(&documents::google_enrollment(), SIGN_IN).authenticator.expect("an authenticator");
    assert_eq!(google.key, Some(AuthenticatorKey::GoogleOtp));
    assert_eq!(google.context.shared_secret.as_ref().map(|secret| secret.reveal()), Some("BASE32"));
    assert!(google.context.qr_code.is_some());
    assert!(!format!("{google:?}").contains("BASE32"));

    let question = step(&documents::question_enrollment(), SIGN_IN);
    assert_eq!(names(&question.inputs), ["questionKey", "question", "answer"]);
    assert_eq!(question.inputs[0].options[0].value, OptionValue::Value(Scalar::Text("food".into())));
    let enrolled = step(&documents::question(), SIGN_IN)
        .authenticator
        .expect("an authenticator")
        .context
        .enrolled_question;
    assert_eq!(enrolled.expect("a question").question, "What is your favorite food?");

    let passkey = step(&documents::passkey(), SIGN_IN);
    assert_eq!(names(&passkey.inputs), ["authenticatorData", "clientData", "signatureData"]);
    assert!(passkey.inputs.iter().all(|input| !input.visible && input.required));
    assert_eq!(passkey.enrollments[0].credential_id.as_deref(), Some("cred-1"));
    let context = passkey.authenticator.expect("an authenticator").context;
    assert_eq!(context.challenge_data.expect("a challenge")["challenge"], "BBBB");
    let context =
        step(&documents::passkey_enrollment(), SIGN_IN).authenticator.expect("an authenticator").context;
    assert_eq!(context.activation_data.expect("a challenge")["challenge"], "AAAA");

    let mailed = step(&documents::email_challenge(), SIGN_IN);
    assert!(mailed.can_resend);
    assert!(mailed.authenticator.expect("an authenticator").context.email_link);

    let rules = step(&documents::password("enroll-authenticator"), SIGN_IN)
        .authenticator
        .and_then(|own| own.settings);
    let rules = rules.expect("rules");
    assert_eq!((rules.min_length, rules.min_number, rules.min_symbol), (8, 1, 0));
    assert_eq!(rules.exclude_attributes, ["firstName", "lastName"]);
    assert_eq!((rules.history_count, rules.days_to_expiry), (4, Some(5)));
}

#[test]
fn a_password_can_be_reset_and_replaced() {
    let page = documents::password("reset-authenticator");
    let presented_step = step(&page, Intent::RecoverPassword);
    assert_eq!(names(&presented_step.inputs), ["password", "revokeSessions"]);
    assert_eq!(presented_step.inputs[1].kind, InputType::Boolean);
    let body = json!({"credentials": {"passcode": "New-1", "revokeSessions": false}});
    assert_eq!(
        submitted(&page, Intent::RecoverPassword, json!({"password": "New-1", "revokeSessions": false})).1,
        body
    );

    let page = documents::renewal("reenroll-authenticator", "okta_password", "password");
    assert_eq!(names(&step(&page, SIGN_IN).inputs), ["newPassword"]);
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"newPassword": "New-1"})).1,
        json!({"credentials": {"passcode": "New-1"}})
    );
    let page = documents::renewal("reenroll-authenticator-warning", "okta_email", "email");
    assert_eq!(names(&step(&page, SIGN_IN).inputs), ["verificationCode"]);
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"verificationCode": "1"})).1,
        json!({"credentials": {"passcode": "1"}})
    );
    assert!(step(&page, SIGN_IN).can_skip);
    assert_eq!(submitted(&page, SIGN_IN, json!({"skip": true})), request_to("skip", json!({})));
}

#[test]
fn an_authenticator_is_chosen_by_its_key() {
    let page = documents::select("select-authenticator-enroll", "credential/enroll");
    let choice = step(&page, Intent::Register);
    assert_eq!(names(&choice.inputs), ["authenticator"]);
    let keys: Vec<_> = choice.inputs[0].options.iter().map(|option| option.value.clone()).collect();
    let expected = ["okta_password", "okta_email", "phone_number"]
        .map(|key| OptionValue::Value(Scalar::Text(key.into())));
    assert_eq!(keys, expected);
    let chosen = |values| submitted(&page, Intent::Register, values);
    assert_eq!(
        chosen(json!({"authenticator": "okta_email"})),
        request_to("credential/enroll", json!({"authenticator": {"id": "aut-1"}}))
    );
    assert_eq!(
        chosen(json!({"authenticators": ["unknown", "phone_number"]})).1,
        json!({"authenticator": {"id": "aut-2"}})
    );
    let explicit = json!({"id": "aut-9", "methodType": "sms", "phoneNumber": "+1"});
    let whole = json!({"authenticator": explicit});
    assert_eq!(chosen(whole.clone()).1, whole);
    assert!(matches!(
        evaluation(&page, Intent::Register, json!({"authenticator": "webauthn"})),
        Evaluation::Present(_)
    ));
    let recovered = documents::select("select-authenticator-authenticate", "challenge");
    assert_eq!(
        submitted(&recovered, Intent::RecoverPassword, json!({})).1,
        json!({"authenticator": {"id": "aut-0"}})
    );
    assert_eq!(
        submitted(&recovered, SIGN_IN, json!({"password": "pw"})).1,
        json!({"authenticator": {"id": "aut-0"}})
    );
}

#[test]
fn a_phone_takes_a_method_and_a_number() {
    let page = documents::phone_verification();
    let presented_step = step(&page, SIGN_IN);
    assert_eq!(names(&presented_step.inputs), ["methodType"]);
    let phone = presented_step.authenticator.expect("an authenticator");
    assert_eq!(
        (phone.methods, phone.profile.phone_number.as_deref()),
        (vec![MethodType::Other("phone".into())], Some("+1 XXX-XXX-4567"))
    );
    let body = json!({"authenticator": {"id": "aut-phone", "enrollmentId": "pae-1", "methodType": "sms"}});
    assert_eq!(submitted(&page, SIGN_IN, json!({"methodType": "sms"})), request_to("challenge", body));
    let page = documents::phone_enrollment();
    assert_eq!(names(&step(&page, Intent::Register).inputs), ["methodType", "phoneNumber"]);
    let body =
        json!({"authenticator": {"id": "aut-phone", "methodType": "voice", "phoneNumber": "+15551234567"}});
    let values = json!({"methodType": "voice", "phoneNumber": "+15551234567"});
    assert_eq!(submitted(&page, Intent::Register, values), request_to("credential/enroll", body));
}

#[test]
fn an_account_is_unlocked_by_username_and_authenticator() {
    let page = documents::unlock();
    assert_eq!(names(&step(&page, Intent::UnlockAccount).inputs), ["username", "authenticator"]);
    let body = json!({"identifier": "mary", "authenticator": {"id": "aut-1", "methodType": "email"}});
    let values = json!({"username": "mary", "authenticator": "okta_email"});
    assert_eq!(submitted(&page, Intent::UnlockAccount, values), request_to("challenge", body));
    let body = json!({"identifier": "mary", "authenticator": {"id": "aut-2", "methodType": "sms"}});
    let values = json!({"username": "mary", "authenticator": "phone_number"});
    assert_eq!(submitted(&page, Intent::UnlockAccount, values), request_to("challenge", body));
    let mut first = fake_org::identify();
    first["remediation"]["value"][1] = fake_org::form("unlock-account", "unlock-account", json!([]));
    assert_eq!(submitted(&first, Intent::UnlockAccount, json!({})), request_to("unlock-account", json!({})));
}

#[test]
fn a_profile_is_filled_attribute_by_attribute() {
    let page = documents::profile();
    let presented_step = step(&page, Intent::Register);
    assert_eq!(names(&presented_step.inputs), ["firstName", "email", "nickName", "passcode"]);
    assert_eq!(presented_step.inputs[0].max_length, Some(50));
    let values = json!({"firstName": "Mary", "email": "mary@example.com", "password": "pw", "shoeSize": 38});
    let body = json!({"userProfile": {"firstName": "Mary", "email": "mary@example.com"}, "credentials": {"passcode": "pw"}});
    assert_eq!(submitted(&page, Intent::Register, values), request_to("enroll/new", body));
    assert!(matches!(
        evaluation(&page, Intent::Register, json!({"firstName": "Mary", "password": "pw"})),
        Evaluation::Present(_)
    ));
    assert_eq!(
        submitted(&fake_org::identify(), Intent::Register, json!({})),
        request_to("enroll", json!({}))
    );
}

#[test]
fn okta_verify_is_set_up_over_a_channel() {
    let page = documents::okta_verify_setup();
    let presented_step = step(&page, SIGN_IN);
    assert_eq!(
        (presented_step.name, presented_step.poll.and_then(|poll| poll.refresh), presented_step.can_skip),
        (StepName::EnrollPoll, Some(2000), true)
    );
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"startPolling": true})),
        request_to("challenge/poll", json!({}))
    );
    let body = json!({"authenticator": {"id": "aut-ov", "channel": "email"}});
    assert_eq!(submitted(&page, SIGN_IN, json!({"channel": "email"})), request_to("credential/enroll", body));
    let page = documents::channel();
    assert_eq!(names(&step(&page, SIGN_IN).inputs), ["email"]);
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"email": "m@example.com"})),
        request_to("challenge/send", json!({"email": "m@example.com"}))
    );
}

#[test]
fn a_push_is_polled_and_resent() {
    let page = documents::push();
    let waiting = step(&page, SIGN_IN);
    assert_eq!(waiting.poll.and_then(|poll| poll.refresh), Some(4000));
    assert_eq!(waiting.authenticator.and_then(|own| own.context.correct_answer).as_deref(), Some("63"));
    assert_eq!(
        submitted(&page, SIGN_IN, json!({"step": "challenge-poll"})),
        request_to("authenticators/poll", json!({}))
    );
    let body = json!({"authenticator": {"id": "aut-ov", "methodType": "push"}});
    assert_eq!(
        submitted(&documents::rejected_push(), SIGN_IN, json!({"step": "resend"})),
        request_to("challenge", body)
    );
    assert_eq!(
        submitted(&documents::email_challenge(), SIGN_IN, json!({"resend": true})),
        request_to("challenge/resend", json!({}))
    );
}

#[test]
fn after_an_interaction_code_no_form_is_submitted() {
    let mut page = fake_org::page(json!([]));
    page["remediation"] = Value::Null;
    page["successWithInteractionCode"] = json!({"rel": ["create-form"], "name": "issue", "href": "https://org.example/token",
        "value": [{"name": "interaction_code", "value": "code-1"}]});
    let transaction = presented(&page, SIGN_IN, json!({"skip": true, "resend": true})).transaction();
    assert_eq!((transaction.status, transaction.next_step), (Status::Success, None));
}

#[test]
fn a_document_without_forms_ends_the_flow() {
    let page = json!({"version": "1.0.0", "messages": {"type": "array", "value": [
        {"message": "Sorry", "class": "ERROR", "i18n": {"key": "sorry", "params": ["a", 1]}},
        {"message": "Sorry", "class": "ERROR", "i18n": {"key": "sorry"}},
        {"message": "No key"}, {"message": "No key"},
    ]}});
    let transaction = transaction(&page, SIGN_IN);
    assert_eq!(transaction.status, Status::Terminal);
    let texts: Vec<_> = transaction.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["Sorry", "No key", "No key"]);
    assert_eq!(transaction.messages[0].params, [Scalar::Text("a".into()), Scalar::Number(1.into())]);
}
