//! Tests: choices that are buttons.

use super::super::screen::{Screen, StepForm};
use super::super::screen_of_step::screen;
use super::*;
use latchkey_contract::{
    Authenticator, Choice, ChoiceValue, ConsentRequest, ContextualData, Form, Input, InputKind, Profile,
    Status, Transaction,
};

fn choice(label: &str, value: impl Into<Value>) -> Choice {
    Choice { label: label.into(), value: Some(ChoiceValue::Plain(value.into())), ..Choice::default() }
}

fn pending(next: Step, available_steps: Vec<Step>) -> Transaction {
    Transaction {
        transaction: "t1".into(),
        status: Status::Pending,
        available_steps,
        next_step: Some(next),
        app: "Shop".into(),
        ..Transaction::default()
    }
}

fn form(step: &Step) -> StepForm {
    let transaction = pending(step.clone(), vec![step.clone()]);
    match screen(&transaction, Some(step), &Values::new()) {
        Screen::Form(form) => form,
        other => panic!("no form: {other:?}"),
    }
}

/// The step that asks how a code is received.
fn methods(key: &str, name: &str, options: Vec<Choice>, profile: Profile) -> Step {
    let held = Authenticator {
        key: key.into(),
        display_name: name.into(),
        profile: Some(profile),
        ..Authenticator::default()
    };
    let input = Input { name: "methodType".into(), required: true, options, ..Input::default() };
    let (name, authenticator) = ("authenticator-verification-data".into(), Some(held));
    Step { name, authenticator, inputs: vec![input], ..Step::default() }
}

#[test]
fn a_single_method_is_a_button_that_names_its_target() {
    let email = Profile { email: Some("m***y@example.com".into()), ..Profile::default() };
    let asked = form(&methods("okta_email", "Email", vec![choice("Email", "email")], email));
    let FormKind::OneMethod(one) = asked.kind else { panic!("one button: {:?}", asked.kind) };
    assert_eq!((&*one.name, one.to.as_deref()), ("Email", Some("m***y@example.com")));
    assert_eq!(asked.fields[0].control, Control::Fixed("email".into()), "it is sent without being shown");

    let phone = Profile { phone_number: Some("+1 XXX-XXX-4567".into()), ..Profile::default() };
    let asked = form(&methods("phone_number", "Phone", vec![choice("SMS", "sms")], phone));
    assert!(matches!(asked.kind, FormKind::OneMethod(one) if one.to.as_deref() == Some("+1 XXX-XXX-4567")));
}

#[test]
fn several_methods_stay_a_choice() {
    let both = vec![choice("SMS", "sms"), choice("Voice call", "voice")];
    let asked = form(&methods("phone_number", "Phone", both, Profile::default()));
    assert_eq!(asked.kind, FormKind::MessageType(None));
    assert!(matches!(&asked.fields[0].control, Control::Radios(options) if options.len() == 2));
}

/// The step that asks how Okta Verify is set up.
fn channels(options: &[(&str, &str)]) -> Step {
    let options = options.iter().map(|(label, value)| choice(label, *value)).collect();
    let channel = Input { name: "channel".into(), options, ..Input::default() };
    let outer =
        Input { name: "authenticator".into(), form: Some(Form { value: vec![channel] }), ..Input::default() };
    Step { name: "select-enrollment-channel".into(), inputs: vec![outer], ..Step::default() }
}

#[test]
fn the_channels_of_a_set_up_are_listed_in_words() {
    let asked = form(&channels(&[
        ("QRCODE", "qrcode"),
        ("EMAIL", "email"),
        ("SMS", "sms"),
        ("SAMEDEVICE", "samedevice"),
    ]));
    let Control::Group(inner) = &asked.fields[0].control else { panic!("a group") };
    let Control::Radios(options) = &inner[0].control else { panic!("radios") };
    let labels: Vec<_> = options.iter().map(|option| option.label.clone()).collect();
    let words = [Phrase::ChannelQr, Phrase::ChannelEmail, Phrase::ChannelSms, Phrase::ChannelHere];
    assert_eq!(labels, words.map(Wording::Ours));
    let alone = form(&channels(&[("EMAIL", "email")]));
    assert!(matches!(alone.kind, FormKind::OneMethod(one) if one.purpose == ChoicePurpose::Enroll));
}

#[test]
fn the_other_channels_are_listed_at_once_beside_the_current_one() {
    let offered = |options: &[(&str, &str)]| {
        let mut select = channels(options);
        let fixed =
            Input { name: "id".into(), mutable: Some(false), value: Some("aut1".into()), ..Input::default() };
        select.inputs[0].form.as_mut().unwrap().value.insert(0, fixed);
        let data = ContextualData { selected_channel: Some("qrcode".into()), ..ContextualData::default() };
        let authenticator = Some(Authenticator { contextual_data: Some(data), ..Authenticator::default() });
        let poll = Step { name: "enroll-poll".into(), authenticator, ..Step::default() };
        let transaction = pending(poll.clone(), vec![poll.clone(), select]);
        StepReader { transaction: &transaction, step: &poll }.other_alternatives()
    };
    let answer = |channel: &str| {
        let inner =
            crate::values::both(crate::values::one("id", "aut1"), crate::values::one("channel", channel));
        let step = crate::values::one("step", "select-enrollment-channel");
        crate::values::both(step, crate::values::one("authenticator", Value::Object(inner)))
    };
    assert_eq!(
        offered(&[("QRCODE", "qrcode"), ("EMAIL", "email"), ("SMS", "sms")]),
        [
            Alternative::Answer(answer("email"), Phrase::ChannelEmail),
            Alternative::Answer(answer("sms"), Phrase::ChannelSms),
            Alternative::Cancel,
        ]
    );
    // A channel of the org's own keeps the page with its name.
    let page = Alternative::Show("select-enrollment-channel".into(), Phrase::SetUpAnotherWay);
    assert_eq!(offered(&[("QRCODE", "qrcode"), ("NFC tag", "nfc")]), [page, Alternative::Cancel]);
}

#[test]
fn ten_authenticators_stay_a_list_with_their_targets() {
    let profile = Profile { email: Some("m***y@example.com".into()), ..Profile::default() };
    let options =
        (0..10).map(|at| Choice { profile: Some(profile.clone()), ..choice("One", at.to_string()) });
    let list = Input { name: "authenticator".into(), options: options.collect(), ..Input::default() };
    let step =
        Step { name: "select-authenticator-authenticate".into(), inputs: vec![list], ..Step::default() };
    let asked = form(&step);
    assert_eq!(asked.kind, FormKind::Choose(ChoicePurpose::Verify));
    let Control::Radios(options) = &asked.fields[0].control else { panic!("radios: {:?}", asked.fields) };
    assert!(
        options.len() == 10 && options.iter().all(|one| one.target.as_deref() == Some("m***y@example.com"))
    );
}

fn consent(inputs: Vec<Input>) -> Step {
    let options = vec![choice("Allow Access", true), choice("Don't Allow", false)];
    let consent = Input { name: "consent".into(), kind: InputKind::Boolean, options, ..Input::default() };
    let consent_request = Some(ConsentRequest::default());
    let inputs = [vec![consent], inputs].concat();
    Step { name: "granular-consent".into(), inputs, consent: consent_request, ..Step::default() }
}

#[test]
fn a_consent_has_two_buttons_and_names_the_app() {
    let asked = form(&consent(vec![]));
    let FormKind::Consent(request) = &asked.kind else { panic!("a consent") };
    assert_eq!(request.app, "Shop");
    assert!(asked.fields.is_empty(), "there is nothing to choose and then send");
    let decision = asked.decision.expect("two buttons");
    let label = |label: &str| Wording::Org(label.into());
    assert_eq!((decision.allow, decision.decline), (label("Allow Access"), label("Don't Allow")));
    assert_eq!(asked.fixed_values.get("consent"), Some(&true.into()));
    assert_eq!(decision.declined_values.get("consent"), Some(&false.into()));
}

#[test]
fn staying_signed_in_is_chosen_by_one_of_two_buttons() {
    let stay =
        Input { name: "keepMeSignedIn".into(), kind: InputKind::Boolean, required: true, ..Input::default() };
    let step = Step { name: "keep-me-signed-in".into(), inputs: vec![stay], ..Step::default() };
    let asked = form(&step);
    assert!(asked.fields.is_empty(), "there is nothing to choose and then send");
    let decision = asked.decision.expect("two buttons");
    let labels = (Wording::Ours(Phrase::RememberMe), Wording::Ours(Phrase::NotNow));
    assert_eq!((decision.allow, decision.decline), labels);
    assert_eq!(asked.fixed_values.get("keepMeSignedIn"), Some(&true.into()));
    assert_eq!(decision.declined_values.get("keepMeSignedIn"), Some(&false.into()));
}

#[test]
fn a_consent_that_is_hidden_has_the_same_two_buttons() {
    let hidden = Input {
        name: "consent".into(),
        kind: InputKind::Boolean,
        required: true,
        visible: Some(false),
        ..Input::default()
    };
    let step = Step {
        name: "granular-consent".into(),
        inputs: vec![hidden],
        consent: Some(ConsentRequest::default()),
        ..Step::default()
    };
    let asked = form(&step);
    let decision = asked.decision.expect("two buttons");
    let label = |label: &str| Wording::Org(label.into());
    assert_eq!((decision.allow, decision.decline), (label("Allow Access"), label("Don't Allow")));
    assert_eq!(asked.fixed_values.get("consent"), Some(&true.into()));
    assert_eq!(decision.declined_values.get("consent"), Some(&false.into()));
}

#[test]
fn no_scope_is_allowed_before_the_person_ticks_it() {
    let scope = Input {
        name: "email".into(),
        kind: InputKind::Boolean,
        value: Some(true.into()),
        ..Input::default()
    };
    let scopes =
        Input { name: "optedScopes".into(), form: Some(Form { value: vec![scope] }), ..Input::default() };
    let asked = form(&consent(vec![scopes]));
    let Control::Group(scopes) = &asked.fields[0].control else { panic!("a group") };
    assert_eq!((&scopes[0].control, &*scopes[0].start), (&Control::Checkbox, ""));
}

/// The list of authenticators with Okta Verify in it, which has these methods.
fn list_with_okta_verify(methods: Vec<Choice>) -> Step {
    let okta_verify = Choice { methods, ..choice("Okta Verify", "okta_verify") };
    let options = vec![choice("Email", "okta_email"), okta_verify];
    let input = Input { name: "authenticator".into(), required: true, options, ..Input::default() };
    Step { name: "select-authenticator-authenticate".into(), inputs: vec![input], ..Step::default() }
}

#[test]
fn the_methods_of_okta_verify_are_options_of_the_list_and_one_choice_answers_both() {
    let methods = vec![choice("Get a push notification", "push"), choice("Enter a code", "totp")];
    let listed = form(&list_with_okta_verify(methods));
    let Control::Radios(options) = &listed.fields[0].control else { panic!("radios: {:?}", listed.fields) };
    let rows: Vec<_> = options.iter().map(|option| (&option.label, option.target.as_deref())).collect();
    let org = |label: &str| Wording::Org(label.to_owned());
    let (email, push, code) = (org("Email"), org("Get a push notification"), org("Enter a code"));
    let name = Some("Okta Verify");
    assert_eq!(rows, [(&email, None), (&push, name), (&code, name)]);
    let Value::Object(values) = &options[1].value else { panic!("two values: {:?}", options[1].value) };
    assert_eq!(values::json(values), r#"{"authenticator":"okta_verify","methodType":"push"}"#);

    let listed = form(&list_with_okta_verify(Vec::new()));
    let Control::Radios(options) = &listed.fields[0].control else { panic!("radios: {:?}", listed.fields) };
    assert_eq!(options[1].value, "okta_verify".into());
}

#[test]
fn a_method_of_okta_verify_is_left_for_another_one_by_the_list() {
    let okta_verify = Authenticator { key: "okta_verify".into(), ..Authenticator::default() };
    let at = |name: &str, methods: Vec<Choice>| {
        let option = Choice { methods, ..choice("Okta Verify", "okta_verify") };
        let input = Input { name: "authenticator".into(), options: vec![option], ..Input::default() };
        let list =
            Step { name: "select-authenticator-authenticate".into(), inputs: vec![input], ..Step::default() };
        let step = Step { name: name.into(), authenticator: Some(okta_verify.clone()), ..Step::default() };
        let transaction = pending(step.clone(), vec![step.clone(), list]);
        let reader = StepReader { transaction: &transaction, step: &step };
        reader.other_alternatives().iter().any(|other| matches!(other, Alternative::Show(..)))
    };
    let methods = || vec![choice("Get a push notification", "push"), choice("Enter a code", "totp")];
    assert!(at("challenge-authenticator", methods()));
    assert!(!at("challenge-authenticator", Vec::new()));
    assert!(!at("authenticator-verification-data", methods()), "this is the list of methods");
}
