//! Every step the org can ask for: what is shown of it, and what an answer becomes.

use latchkey_idx::pure::{Lead, Shown, Turn, lead};
use latchkey_idx::{
    Answer, Body, Chosen, Error, Feature, Input, Intent, Key, Kind, Method, Name, Response, Scalar, Status,
    Step, Transaction,
};
use serde_json::{Value, json};

use crate::{org, pages};

fn answer(values: Value) -> Answer {
    values.as_object().expect("values").clone().into_iter().collect()
}

fn go(page: &Value, intent: Intent, values: Value) -> Lead {
    lead(&Response::json(200, page.to_string()), Turn::Later, intent, &answer(values))
        .expect("it leads somewhere")
}

fn shown(page: &Value, intent: Intent, values: Value) -> Shown {
    match go(page, intent, values) {
        Lead::Show(shown) => shown,
        Lead::Send(request) => panic!("it is sent: {request:?}"),
    }
}

fn asked(page: &Value, intent: Intent) -> Transaction {
    shown(page, intent, json!({})).transaction()
}

fn step(page: &Value, intent: Intent) -> Step {
    asked(page, intent).next_step.expect("a step")
}

/// Where an answer goes, and what is sent besides the state handle.
fn sent(page: &Value, intent: Intent, values: Value) -> (String, Value) {
    match go(page, intent, values) {
        Lead::Send(request) => {
            let Body::Json(mut body) = request.body else { panic!("a form of the engine is JSON") };
            assert_eq!(body.remove("stateHandle"), Some(json!("state-1")));
            (request.url.replace("https://org.example/idp/idx/", ""), Value::Object(body))
        }
        Lead::Show(shown) => panic!("it is shown: {:?}", shown.transaction()),
    }
}

fn names(inputs: &[Input]) -> Vec<&str> {
    inputs.iter().map(|input| input.name.as_str()).collect()
}

fn to(path: &str, body: Value) -> (String, Value) {
    (path.to_owned(), body)
}

const SIGN_IN: Intent = Intent::Authenticate;

#[test]
fn identify_takes_a_name_and_perhaps_a_password() {
    let page = org::identify();
    let transaction = asked(&page, SIGN_IN);
    assert_eq!(transaction.enabled_features, [Feature::EnrollProfile]);
    let available: Vec<_> = transaction.available_steps.iter().map(|step| step.name.clone()).collect();
    assert_eq!(available, [Name::Identify, Name::SelectEnrollProfile, Name::Cancel]);
    let step = transaction.next_step.expect("a step");
    assert_eq!(names(&step.inputs), ["username", "password"]);
    assert!(step.inputs.iter().all(|input| input.required));
    assert!(step.inputs[1].secret);
    let body = json!({"identifier": "mary", "credentials": {"passcode": "pw"}});
    assert_eq!(sent(&page, SIGN_IN, json!({"username": "mary", "password": "pw"})), to("identify", body));
    assert_eq!(
        sent(&page, SIGN_IN, json!({"username": "mary"})),
        to("identify", json!({"identifier": "mary"}))
    );
}

#[test]
fn each_authenticator_is_proved_in_its_own_way() {
    let answer_to = |page: &Value, values| sent(page, SIGN_IN, values).1["credentials"].clone();
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
        let page = pages::code("challenge-authenticator", key);
        assert_eq!(names(&step(&page, SIGN_IN).inputs), ["verificationCode"], "{key}");
        assert_eq!(answer_to(&page, code.clone()), json!({"passcode": "123456"}), "{key}");
        assert_eq!(answer_to(&page, json!({"otp": "123456"})), json!({"passcode": "123456"}), "{key}");
    }
    assert_eq!(answer_to(&pages::totp(), code), json!({"totp": "123456"}));
    assert_eq!(answer_to(&pages::recoverable(), json!({"password": "pw"})), json!({"passcode": "pw"}));
    assert_eq!(
        answer_to(&pages::question(), json!({"answer": "soup"})),
        json!({"questionKey": "food", "answer": "soup"})
    );
    let enrol = |values| answer_to(&pages::question_enrollment(), values);
    assert_eq!(
        enrol(json!({"questionKey": "food", "answer": "soup"})),
        json!({"questionKey": "food", "answer": "soup"})
    );
    assert_eq!(
        enrol(json!({"question": "Why?", "answer": "soup"})),
        json!({"questionKey": "custom", "question": "Why?", "answer": "soup"})
    );
    let made = json!({"clientData": "c", "attestation": "a", "transports": "[]"});
    assert_eq!(answer_to(&pages::passkey_enrollment(), made.clone()), made);
    let used = json!({"authenticatorData": "a", "clientData": "c", "signatureData": "s"});
    assert_eq!(answer_to(&pages::passkey(), used.clone()), used);
    let whole = json!({"passcode": "raw", "extra": 1});
    assert_eq!(answer_to(&pages::totp(), json!({"credentials": whole.clone()})), whole);
}

#[test]
fn what_helps_to_answer_is_in_the_step() {
    let google = step(&pages::google_enrollment(), SIGN_IN).authenticator.expect("an authenticator");
    assert_eq!(google.key, Some(Key::GoogleOtp));
    assert_eq!(google.usage.shared_secret.as_ref().map(|secret| secret.reveal()), Some("BASE32"));
    assert!(google.usage.qr_code.is_some());
    assert!(!format!("{google:?}").contains("BASE32"));

    let question = step(&pages::question_enrollment(), SIGN_IN);
    assert_eq!(names(&question.inputs), ["questionKey", "question", "answer"]);
    assert_eq!(question.inputs[0].options[0].value, Chosen::Value(Scalar::Text("food".into())));
    let enrolled =
        step(&pages::question(), SIGN_IN).authenticator.expect("an authenticator").usage.enrolled_question;
    assert_eq!(enrolled.expect("a question").question, "What is your favorite food?");

    let passkey = step(&pages::passkey(), SIGN_IN);
    assert_eq!(names(&passkey.inputs), ["authenticatorData", "clientData", "signatureData"]);
    assert!(passkey.inputs.iter().all(|input| !input.visible && input.required));
    assert_eq!(passkey.enrollments[0].credential_id.as_deref(), Some("cred-1"));
    let usage = passkey.authenticator.expect("an authenticator").usage;
    assert_eq!(usage.challenge.expect("a challenge")["challenge"], "BBBB");
    let usage = step(&pages::passkey_enrollment(), SIGN_IN).authenticator.expect("an authenticator").usage;
    assert_eq!(usage.activation.expect("a challenge")["challenge"], "AAAA");

    let mailed = step(&pages::mailed(), SIGN_IN);
    assert!(mailed.can_resend);
    assert!(mailed.authenticator.expect("an authenticator").usage.email_link);

    let rules =
        step(&pages::password("enroll-authenticator"), SIGN_IN).authenticator.and_then(|own| own.settings);
    let rules = rules.expect("rules");
    assert_eq!((rules.min_length, rules.min_number, rules.min_symbol), (8, 1, 0));
    assert_eq!(rules.exclude_attributes, ["firstName", "lastName"]);
    assert_eq!((rules.history_count, rules.days_to_expiry), (4, Some(5)));
}

#[test]
fn a_password_can_be_reset_and_renewed() {
    let page = pages::password("reset-authenticator");
    let step_ = step(&page, Intent::RecoverPassword);
    assert_eq!(names(&step_.inputs), ["password", "revokeSessions"]);
    assert_eq!(step_.inputs[1].kind, Kind::Boolean);
    let body = json!({"credentials": {"passcode": "New-1", "revokeSessions": false}});
    assert_eq!(
        sent(&page, Intent::RecoverPassword, json!({"password": "New-1", "revokeSessions": false})).1,
        body
    );

    let page = pages::renewal("reenroll-authenticator", "okta_password", "password");
    assert_eq!(names(&step(&page, SIGN_IN).inputs), ["newPassword"]);
    assert_eq!(
        sent(&page, SIGN_IN, json!({"newPassword": "New-1"})).1,
        json!({"credentials": {"passcode": "New-1"}})
    );
    let page = pages::renewal("reenroll-authenticator-warning", "okta_email", "email");
    assert_eq!(names(&step(&page, SIGN_IN).inputs), ["verificationCode"]);
    assert_eq!(
        sent(&page, SIGN_IN, json!({"verificationCode": "1"})).1,
        json!({"credentials": {"passcode": "1"}})
    );
    assert!(step(&page, SIGN_IN).can_skip);
    assert_eq!(sent(&page, SIGN_IN, json!({"skip": true})), to("skip", json!({})));
}

#[test]
fn an_authenticator_is_chosen_by_its_key() {
    let page = pages::select("select-authenticator-enroll", "credential/enroll");
    let choice = step(&page, Intent::Register);
    assert_eq!(names(&choice.inputs), ["authenticator"]);
    let keys: Vec<_> = choice.inputs[0].options.iter().map(|option| option.value.clone()).collect();
    let expected =
        ["okta_password", "okta_email", "phone_number"].map(|key| Chosen::Value(Scalar::Text(key.into())));
    assert_eq!(keys, expected);
    let chosen = |values| sent(&page, Intent::Register, values);
    assert_eq!(
        chosen(json!({"authenticator": "okta_email"})),
        to("credential/enroll", json!({"authenticator": {"id": "aut-1"}}))
    );
    assert_eq!(
        chosen(json!({"authenticators": ["unknown", "phone_number"]})).1,
        json!({"authenticator": {"id": "aut-2"}})
    );
    let explicit = json!({"id": "aut-9", "methodType": "sms", "phoneNumber": "+1"});
    let whole = json!({"authenticator": explicit});
    assert_eq!(chosen(whole.clone()).1, whole);
    assert!(matches!(go(&page, Intent::Register, json!({"authenticator": "webauthn"})), Lead::Show(_)));
    let recovered = pages::select("select-authenticator-authenticate", "challenge");
    assert_eq!(
        sent(&recovered, Intent::RecoverPassword, json!({})).1,
        json!({"authenticator": {"id": "aut-0"}})
    );
    assert_eq!(
        sent(&recovered, SIGN_IN, json!({"password": "pw"})).1,
        json!({"authenticator": {"id": "aut-0"}})
    );
}

#[test]
fn a_phone_is_reached_by_a_method_and_a_number() {
    let page = pages::phone_verification();
    let asked = step(&page, SIGN_IN);
    assert_eq!(names(&asked.inputs), ["methodType"]);
    let phone = asked.authenticator.expect("an authenticator");
    assert_eq!(
        (phone.methods, phone.profile.phone_number.as_deref()),
        (vec![Method::Other("phone".into())], Some("+1 XXX-XXX-4567"))
    );
    let body = json!({"authenticator": {"id": "aut-phone", "enrollmentId": "pae-1", "methodType": "sms"}});
    assert_eq!(sent(&page, SIGN_IN, json!({"methodType": "sms"})), to("challenge", body));
    let page = pages::phone_enrollment();
    assert_eq!(names(&step(&page, Intent::Register).inputs), ["methodType", "phoneNumber"]);
    let body =
        json!({"authenticator": {"id": "aut-phone", "methodType": "voice", "phoneNumber": "+15551234567"}});
    let values = json!({"methodType": "voice", "phoneNumber": "+15551234567"});
    assert_eq!(sent(&page, Intent::Register, values), to("credential/enroll", body));
}

#[test]
fn an_account_is_unlocked_by_name_and_authenticator() {
    let page = pages::unlock();
    assert_eq!(names(&step(&page, Intent::UnlockAccount).inputs), ["username", "authenticator"]);
    let body = json!({"identifier": "mary", "authenticator": {"id": "aut-1", "methodType": "email"}});
    let values = json!({"username": "mary", "authenticator": "okta_email"});
    assert_eq!(sent(&page, Intent::UnlockAccount, values), to("challenge", body));
    let body = json!({"identifier": "mary", "authenticator": {"id": "aut-2", "methodType": "sms"}});
    let values = json!({"username": "mary", "authenticator": "phone_number"});
    assert_eq!(sent(&page, Intent::UnlockAccount, values), to("challenge", body));
    let mut first = org::identify();
    first["remediation"]["value"][1] = org::form("unlock-account", "unlock-account", json!([]));
    assert_eq!(sent(&first, Intent::UnlockAccount, json!({})), to("unlock-account", json!({})));
}

#[test]
fn a_profile_is_filled_attribute_by_attribute() {
    let page = pages::profile();
    let asked = step(&page, Intent::Register);
    assert_eq!(names(&asked.inputs), ["firstName", "email", "nickName", "passcode"]);
    assert_eq!(asked.inputs[0].max_length, Some(50));
    let values = json!({"firstName": "Mary", "email": "mary@example.com", "password": "pw", "shoeSize": 38});
    let body = json!({"userProfile": {"firstName": "Mary", "email": "mary@example.com"}, "credentials": {"passcode": "pw"}});
    assert_eq!(sent(&page, Intent::Register, values), to("enroll/new", body));
    assert!(matches!(
        go(&page, Intent::Register, json!({"firstName": "Mary", "password": "pw"})),
        Lead::Show(_)
    ));
    assert_eq!(sent(&org::identify(), Intent::Register, json!({})), to("enroll", json!({})));
}

#[test]
fn okta_verify_is_set_up_over_a_channel() {
    let page = pages::set_up();
    let asked = step(&page, SIGN_IN);
    assert_eq!(
        (asked.name, asked.poll.and_then(|poll| poll.refresh), asked.can_skip),
        (Name::EnrollPoll, Some(2000), true)
    );
    assert_eq!(sent(&page, SIGN_IN, json!({"startPolling": true})), to("challenge/poll", json!({})));
    let body = json!({"authenticator": {"id": "aut-ov", "channel": "email"}});
    assert_eq!(sent(&page, SIGN_IN, json!({"channel": "email"})), to("credential/enroll", body));
    let page = pages::channel();
    assert_eq!(names(&step(&page, SIGN_IN).inputs), ["email"]);
    assert_eq!(
        sent(&page, SIGN_IN, json!({"email": "m@example.com"})),
        to("challenge/send", json!({"email": "m@example.com"}))
    );
}

#[test]
fn a_push_is_waited_for_and_sent_again() {
    let page = pages::push();
    let waiting = step(&page, SIGN_IN);
    assert_eq!(waiting.poll.and_then(|poll| poll.refresh), Some(4000));
    assert_eq!(waiting.authenticator.and_then(|own| own.usage.correct_answer).as_deref(), Some("63"));
    assert_eq!(sent(&page, SIGN_IN, json!({"step": "challenge-poll"})), to("authenticators/poll", json!({})));
    let body = json!({"authenticator": {"id": "aut-ov", "methodType": "push"}});
    assert_eq!(sent(&pages::rejected(), SIGN_IN, json!({"step": "resend"})), to("challenge", body));
    assert_eq!(sent(&pages::mailed(), SIGN_IN, json!({"resend": true})), to("challenge/resend", json!({})));
}

#[test]
fn actions_are_taken_by_name() {
    let page = pages::mailed();
    let poll =
        asked(&page, SIGN_IN).available_steps.into_iter().find(|step| step.name.as_str().ends_with("-poll"));
    assert_eq!(poll.expect("a way to wait").refresh, Some(4000));
    let values = json!({"step": "currentAuthenticatorEnrollment-poll"});
    assert_eq!(sent(&page, SIGN_IN, values), to("challenge/poll", json!({})));
    assert_eq!(sent(&page, SIGN_IN, json!({"step": "cancel"})), to("cancel", json!({})));
    assert_eq!(sent(&pages::recoverable(), Intent::RecoverPassword, json!({})), to("recover", json!({})));
    let response = Response::json(200, page.to_string());
    let unknown = lead(&response, Turn::Later, SIGN_IN, &answer(json!({"step": "nowhere"})));
    assert_eq!(unknown.err(), Some(Error::UnknownStep("nowhere".into())));
}

#[test]
fn an_identity_provider_is_a_link_for_the_browser() {
    let page = pages::providers();
    let transaction = asked(&page, SIGN_IN);
    assert_eq!(transaction.enabled_features, [Feature::RedirectIdp]);
    let step = transaction.next_step.expect("a step");
    assert_eq!(step.name, Name::RedirectIdp);
    assert_eq!(step.kind.as_deref(), Some("GOOGLE"));
    assert_eq!(step.href.as_deref(), Some("https://org.example/sso/idps/GOOGLE"));
    assert_eq!(step.idp.and_then(|idp| idp.name).as_deref(), Some("GOOGLE IdP"));
    let links = transaction.available_steps.iter().filter(|step| step.name == Name::RedirectIdp).count();
    assert_eq!(links, 2);
}

#[test]
fn a_code_ends_the_flow_and_nothing_more_is_sent() {
    let mut page = org::page(json!([]));
    page["remediation"] = Value::Null;
    page["successWithInteractionCode"] = json!({"rel": ["create-form"], "name": "issue", "href": "https://org.example/token",
        "value": [{"name": "interaction_code", "value": "code-1"}]});
    let transaction = shown(&page, SIGN_IN, json!({"skip": true, "resend": true})).transaction();
    assert_eq!((transaction.status, transaction.next_step), (Status::Success, None));
}

#[test]
fn a_page_without_forms_is_the_end() {
    let page = json!({"version": "1.0.0", "messages": {"type": "array", "value": [
        {"message": "Sorry", "class": "ERROR", "i18n": {"key": "sorry", "params": ["a", 1]}},
        {"message": "Sorry", "class": "ERROR", "i18n": {"key": "sorry"}},
        {"message": "No key"}, {"message": "No key"},
    ]}});
    let transaction = asked(&page, SIGN_IN);
    assert_eq!(transaction.status, Status::Terminal);
    let texts: Vec<_> = transaction.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["Sorry", "No key", "No key"]);
    assert_eq!(transaction.messages[0].params, [Scalar::Text("a".into()), Scalar::Number(1.into())]);
}

#[test]
fn a_passkey_the_browser_offers_is_a_way_on_beside_the_name() {
    let hidden = |name: &str| json!({"name": name, "required": true, "visible": false});
    let proof = json!({"value": [hidden("clientData"), hidden("signatureData")]});
    let mut autofill = org::form(
        "challenge-webauthn-autofillui-authenticator",
        "challenge/answer/webauthn-autofillui",
        json!([{"name": "credentials", "type": "object", "required": true, "form": proof}]),
    );
    autofill["relatesTo"] = json!(["webauthnAutofillUIChallenge"]);
    let mut page = org::identify();
    page["remediation"]["value"].as_array_mut().expect("forms").push(autofill);
    let challenge = json!({"challenge": "AQID", "userVerification": "preferred"});
    page["webauthnAutofillUIChallenge"] = json!({"type": "object", "value": {"challengeData": challenge}});

    let transaction = asked(&page, SIGN_IN);
    assert_eq!(transaction.next_step.map(|step| step.name), Some(Name::Identify));
    let offers = |step: &&Step| step.name == Name::ChallengeWebauthnAutofilluiAuthenticator;
    let offered = transaction.available_steps.iter().find(offers).expect("a way on");
    assert_eq!(offered.authenticator.as_ref().and_then(|it| it.usage.challenge.clone()), Some(challenge));
    let given = json!({"clientData": "e30", "signatureData": "MEUC"});
    let values = json!({"step": "challenge-webauthn-autofillui-authenticator", "credentials": given});
    let body = json!({"credentials": given});
    assert_eq!(sent(&page, SIGN_IN, values), to("challenge/answer/webauthn-autofillui", body));
}

#[test]
fn a_form_that_may_be_skipped_can_be_filled_by_its_name() {
    let profile = json!({"value": [
        {"name": "nickname", "label": "Nickname"},
        {"name": "born", "label": "Date of birth", "type": "string", "format": "date"},
        {"name": "siblings", "label": "Siblings", "type": "integer"},
        {"name": "height", "label": "Height", "type": "number"},
    ]});
    let update = org::form("profile-update", "enroll/new", json!([{"name": "userProfile", "form": profile}]));
    let page = org::page(json!([update, org::form("skip", "skip", json!([]))]));
    let transaction = asked(&page, SIGN_IN);
    assert_eq!(transaction.next_step.map(|step| step.name), Some(Name::Skip));
    let open: Vec<_> = transaction.available_steps.iter().map(|step| step.name.as_str()).collect();
    assert!(open.starts_with(&["profile-update", "skip"]), "{open:?}");
    let attributes = &transaction.available_steps[0].inputs[0].inputs;
    assert_eq!(names(attributes), ["nickname", "born", "siblings", "height"]);
    let kinds: Vec<_> = attributes.iter().map(|attribute| attribute.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Date, Kind::Integer, Kind::Number]);
    let given = json!({"nickname": "Countess"});
    let values = json!({"step": "profile-update", "userProfile": given});
    assert_eq!(sent(&page, SIGN_IN, values), to("enroll/new", json!({"userProfile": given})));
}
