//! The steps that an org asks for once the user is known.

use super::*;
use crate::flow::field::Control;
use crate::text::Wording;
use crate::values;
use latchkey_contract::{
    Choice, ChoiceValue, ConsentDetail, ConsentRequest, Form, GracePeriod, Input, InputKind, Status,
};

fn fill(step: &Step) -> StepForm {
    let transaction = Transaction {
        transaction: "t1".into(),
        status: Status::Pending,
        available_steps: vec![step.clone()],
        next_step: Some(step.clone()),
        ..Transaction::default()
    };
    match screen(&transaction, Some(step), &Values::new()) {
        Screen::Form(form) => form,
        other => panic!("no form: {other:?}"),
    }
}

#[test]
fn an_authenticator_that_will_be_required_can_be_put_off() {
    let grace_period = Some(GracePeriod { remaining_skips: Some(3), ..GracePeriod::default() });
    let option = Choice {
        label: "Email".into(),
        value: Some(ChoiceValue::Plain("okta_email".into())),
        grace_period,
        ..Choice::default()
    };
    let input = Input { name: "authenticator".into(), options: vec![option], ..Input::default() };
    let step = Step {
        name: "select-authenticator-enroll".into(),
        inputs: vec![input],
        can_skip: true,
        ..Step::default()
    };
    let form = fill(&step);
    assert_eq!(form.skip, Some(Phrase::RemindMeLater));
}

#[test]
fn a_warning_about_the_device_is_answered_by_its_name() {
    let step = Step { name: "device-assurance-grace-period".into(), ..Step::default() };
    let form = fill(&step);
    assert_eq!(form.kind, FormKind::DeviceWarning);
    assert_eq!(form.fixed_values, values::one("step", "device-assurance-grace-period"));
}

#[test]
fn a_mailed_link_that_asks_names_the_request_and_is_answered_by_two_buttons() {
    let option = |label: &str, value: bool| Choice {
        label: label.into(),
        value: Some(ChoiceValue::Plain(value.into())),
        ..Choice::default()
    };
    let consent = Input {
        name: "consent".into(),
        kind: InputKind::Boolean,
        options: vec![option("Yes, it's me", true), option("No, it's not me", false)],
        ..Input::default()
    };
    let details = vec![ConsentDetail { label: "Browser".into(), value: "Chrome".into() }];
    let step = Step {
        name: "email-challenge-consent".into(),
        inputs: vec![consent],
        consent: Some(ConsentRequest { details: details.clone(), ..ConsentRequest::default() }),
        ..Step::default()
    };
    let form = fill(&step);
    let FormKind::EmailConsent(request) = &form.kind else { panic!("a consent") };
    assert_eq!((&request.details, form.fields.len()), (&details, 0));
    let decision = form.decision.expect("two buttons");
    assert_eq!(form.fixed_values.get("consent"), Some(&true.into()));
    assert_eq!(decision.declined_values.get("consent"), Some(&false.into()));
}

#[test]
fn scopes_are_ticked_one_by_one_and_those_that_are_fixed_are_listed() {
    let scope = |name: &str, mutable| Input {
        name: name.into(),
        label: Some(format!("The {name}")),
        kind: InputKind::Boolean,
        value: Some(true.into()),
        mutable,
        ..Input::default()
    };
    let form = Form { value: vec![scope("email", None), scope("a.b", None), scope("openid", Some(false))] };
    let opted = Input { name: "optedScopes".into(), form: Some(form), ..Input::default() };
    let step = Step { name: "granular-consent".into(), inputs: vec![opted], ..Step::default() };
    let form = fill(&step);
    let FormKind::Consent(request) = &form.kind else { panic!("a consent") };
    assert_eq!(request.scopes.iter().map(|scope| &*scope.label).collect::<Vec<_>>(), ["The openid"]);
    let Control::Group(scopes) = &form.fields[0].control else { panic!("a group") };
    let controls: Vec<_> = scopes.iter().map(|scope| (&scope.label, &scope.control)).collect();
    assert_eq!(controls[0], (&Wording::Org("The email".into()), &Control::Checkbox));
    assert_eq!(controls[2].1, &Control::Fixed(true.into()));
    assert_eq!(scopes[1].path, ["optedScopes", "a.b"]);
}
