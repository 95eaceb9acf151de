//! Tests: the screen of each step.

use super::super::step_fields::{PASSKEY_BUTTON, PASSKEY_LAUNCH};
use super::*;
use crate::flow::alternative::{Alternative, Provider};
use crate::flow::field::{Control, TextKind};
use crate::flow::form_kind::{ChoicePurpose, CodeSource};
use crate::flow::step_fields::{AUTOFILL, has_fields, passkey_challenge};
use crate::flow::step_reader::SKIP;
use crate::text::Phrase;
use latchkey_contract::route::Entry;
use latchkey_contract::{
    Authenticator, AuthenticatorMethod, Choice, ChoiceValue, ConsentRequest, Feature, Form, Idp, Input, Poll,
    Profile, QrCode, Question, Status,
};

fn input(name: &str) -> Input {
    Input { name: name.into(), required: true, ..Input::default() }
}

fn step(name: &str, inputs: &[&str]) -> Step {
    Step { name: name.into(), inputs: inputs.iter().copied().map(input).collect(), ..Step::default() }
}

/// A step about an authenticator.
fn about(name: &str, key: &str, data: ContextualData) -> Step {
    let held = Authenticator {
        key: key.into(),
        display_name: "The App".into(),
        contextual_data: Some(data),
        ..Authenticator::default()
    };
    Step { authenticator: Some(held), ..step(name, &["verificationCode"]) }
}

fn options(name: &str, values: &[&str]) -> Input {
    let option = |value: &&str| Choice {
        label: (*value).into(),
        value: Some(ChoiceValue::Plain((*value).into())),
        ..Choice::default()
    };
    Input { options: values.iter().map(option).collect(), ..input(name) }
}

fn pending(next: Option<Step>, others: Vec<Step>) -> Transaction {
    Transaction {
        transaction: "t1".into(),
        status: Status::Pending,
        available_steps: next.iter().cloned().chain(others).collect(),
        next_step: next,
        ..Transaction::default()
    }
}

fn shown(step: &Step, others: Vec<Step>) -> Screen {
    screen(&pending(Some(step.clone()), others), Some(step), &Values::new())
}

fn fill(step: &Step, others: Vec<Step>) -> StepForm {
    match shown(step, others) {
        Screen::Form(fill) => fill,
        other => panic!("no form: {other:?}"),
    }
}

fn waits(step: &Step) -> WaitReason {
    match shown(step, vec![]) {
        Screen::Wait(wait) => wait.reason,
        other => panic!("nothing to wait for: {other:?}"),
    }
}

fn picture() -> QrCode {
    QrCode { href: "data:image/png;base64,AA".into() }
}

#[test]
fn every_step_has_its_screen_and_an_unknown_one_the_general_form() {
    for (name, kind) in [
        ("identify", FormKind::SignIn),
        ("identify-recovery", FormKind::ResetPassword),
        ("enroll-profile", FormKind::SignUp),
        ("profile-update", FormKind::Profile),
        ("select-authenticator-authenticate", FormKind::Choose(ChoicePurpose::Verify)),
        ("select-authenticator-unlock-account", FormKind::UnlockAccount),
        ("reset-authenticator", FormKind::SetPassword),
        ("reenroll-authenticator", FormKind::ExpiredPassword),
        ("consent", FormKind::Consent(ConsentRequest::default())),
        ("keep-me-signed-in", FormKind::StaySignedIn),
        ("levitate", FormKind::General("levitate".into())),
    ] {
        assert_eq!(fill(&step(name, &["value"]), vec![]).kind, kind, "{name}");
    }
}

#[test]
fn the_challenged_authenticator_decides_the_screen() {
    let kind = |key| fill(&about("challenge-authenticator", key, ContextualData::default()), vec![]).kind;
    assert_eq!(kind("okta_password"), FormKind::Password);
    assert_eq!(kind("google_otp"), FormKind::Code(CodeSource::App("The App".into())));
    let question = Question { question_key: "pet".into(), question: "Your first pet?".into() };
    let data = ContextualData { enrolled_question: Some(question), ..ContextualData::default() };
    let asked = fill(&about("challenge-authenticator", "security_question", data), vec![]);
    assert_eq!(asked.kind, FormKind::Answer("Your first pet?".into()));
    let strange = Step {
        inputs: vec![input("smell")],
        ..about("challenge-authenticator", "nose", ContextualData::default())
    };
    assert_eq!(fill(&strange, vec![]).kind, FormKind::General("challenge-authenticator".into()));
}

#[test]
fn the_text_names_the_channel_of_a_code() {
    let via = |kind: &str, method: &str| {
        let held = Authenticator {
            key: kind.into(),
            kind: kind.into(),
            methods: vec![AuthenticatorMethod { kind: method.into() }],
            ..Authenticator::default()
        };
        let asked =
            Step { authenticator: Some(held), ..step("challenge-authenticator", &["verificationCode"]) };
        fill(&asked, vec![]).kind
    };
    assert_eq!(via("email", "email"), FormKind::Code(CodeSource::Email { to: None, link: false }));
    assert_eq!(via("phone", "sms"), FormKind::Code(CodeSource::Sms(None)));
    assert_eq!(via("phone", "voice"), FormKind::Code(CodeSource::Voice(None)));
    assert_eq!(via("tac", "otp"), FormKind::Code(CodeSource::Given));
}

#[test]
fn a_code_and_the_choice_of_its_message_name_the_number_as_the_org_masks_it() {
    let number = Some("+1 XXX-XXX-4567".to_owned());
    let about_phone = |name: &str, inputs: Vec<Input>| {
        let profile = Some(Profile { phone_number: number.clone(), ..Profile::default() });
        let methods = vec![AuthenticatorMethod { kind: "sms".into() }];
        let (key, kind) = ("phone_number".into(), "phone".into());
        let held = Authenticator { key, kind, methods, profile, ..Authenticator::default() };
        fill(&Step { authenticator: Some(held), inputs, ..step(name, &[]) }, vec![]).kind
    };
    let code = about_phone("challenge-authenticator", vec![input("verificationCode")]);
    assert_eq!(code, FormKind::Code(CodeSource::Sms(number.clone())));
    let methods = vec![options("methodType", &["sms", "voice"])];
    assert_eq!(
        about_phone("authenticator-verification-data", methods),
        FormKind::MessageType(number.clone())
    );
}

#[test]
fn an_app_is_set_up_by_qr_code_and_key_and_a_remote_picture_is_not_shown() {
    let data = ContextualData {
        qrcode: Some(picture()),
        shared_secret: Some("JBSW".into()),
        ..ContextualData::default()
    };
    let kind = fill(&about("enroll-authenticator", "google_otp", data), vec![]).kind;
    let expected = FormKind::EnrollApp {
        name: "The App".into(),
        picture: Some(picture().href),
        secret: Some("JBSW".into()),
    };
    assert_eq!(kind, expected);
    let data = ContextualData {
        qrcode: Some(QrCode { href: "https://org.example/qr.png".into() }),
        shared_secret: Some("JBSW".into()),
        ..ContextualData::default()
    };
    let kind = fill(&about("enroll-authenticator", "google_otp", data), vec![]).kind;
    assert_eq!(
        kind,
        FormKind::EnrollApp { name: "The App".into(), picture: None, secret: Some("JBSW".into()) }
    );
}

#[test]
fn the_message_type_is_asked_before_the_number_if_there_is_a_choice() {
    let asked = |methods: &[&str]| Step {
        inputs: vec![options("methodType", methods), input("phoneNumber")],
        ..step("authenticator-enrollment-data", &[])
    };
    let both = asked(&["sms", "voice"]);
    let first = fill(&both, vec![]);
    assert_eq!((first.kind, first.fields.len()), (FormKind::MessageType(None), 1));
    let transaction = pending(Some(both.clone()), vec![]);
    let given = crate::values::one("methodType", "voice");
    let Screen::Form(second) = screen(&transaction, Some(&both), &given) else { panic!("a form follows") };
    assert_eq!((second.kind, second.fields.len()), (FormKind::Phone, 1));
    // A single method is sent without asking.
    let only = fill(&asked(&["sms"]), vec![]);
    assert_eq!(only.kind, FormKind::Phone);
    assert!(only.fixed_values == crate::values::one("methodType", "sms"));
}

#[test]
fn a_security_question_is_chosen_or_written() {
    let known = Question { question_key: "pet".into(), question: "Your first pet?".into() };
    let data = ContextualData { questions: vec![known], ..ContextualData::default() };
    let asked = fill(&about("enroll-authenticator", "security_question", data), vec![]);
    let [field] = asked.fields.as_slice() else { panic!("one choice: {:?}", asked.fields) };
    let Control::Forms(forms) = &field.control else { panic!("two little forms") };
    assert_eq!(forms.iter().map(|(_, inner)| inner.len()).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn a_webauthn_step_asks_for_a_passkey() {
    let data = ContextualData { challenge_data: Some("sign this".into()), ..ContextualData::default() };
    let asked = about("challenge-authenticator", "webauthn", data);
    let Screen::Passkey(passkey) = shown(&asked, vec![]) else { panic!("the device is asked") };
    assert_eq!((passkey.ceremony, passkey.has_user_handle), (Ceremony::Use("sign this".into()), false));
    let hidden = Input { visible: Some(false), ..input("userHandle") };
    let asked = Step { inputs: vec![hidden], ..asked };
    let Screen::Passkey(passkey) = shown(&asked, vec![]) else { panic!("the device is asked") };
    assert!(passkey.has_user_handle, "the org asks whose it is");
}

#[test]
fn passkey_autofill_is_on_if_the_org_accepts_it() {
    let data = ContextualData { challenge_data: Some("sign this".into()), ..ContextualData::default() };
    let hidden = Input { visible: Some(false), ..input("signatureData") };
    let credentials = Input { form: Some(Form { value: vec![hidden] }), ..input("credentials") };
    let autofill = Step { inputs: vec![credentials], ..about(AUTOFILL, "", data) };
    assert!(!has_fields(&autofill), "a person does not type a signature");
    let identify = step("identify", &["username"]);
    let typed = |others| match fill(&identify, others).fields.first().map(|field| field.control.clone()) {
        Some(Control::Text(typed)) => typed,
        other => panic!("no line of text: {other:?}"),
    };
    assert_eq!(typed(vec![]), TextKind::Username);
    assert_eq!(typed(vec![autofill.clone()]), TextKind::UsernameOrPasskey);
    assert_eq!(
        passkey_challenge(&pending(Some(identify.clone()), vec![autofill]), AUTOFILL),
        Some(&"sign this".into())
    );
    assert_eq!(passkey_challenge(&pending(Some(identify), vec![]), AUTOFILL), None);
}

/// A step that offers a passkey after the sign-in, under this name.
fn promotion(name: &str) -> Step {
    let data = ContextualData { activation_data: Some("make this".into()), ..ContextualData::default() };
    let mut step = about("enroll-authenticator-promotion", "webauthn", data);
    step.authenticator.iter_mut().for_each(|held| held.display_name = name.into());
    step
}

#[test]
fn an_offered_passkey_has_a_screen_with_the_name_that_the_org_gives_it() {
    for (name, expected) in [
        ("Security Key or Biometric", PasskeyName::Default),
        ("Passkeys", PasskeyName::Passkeys),
        ("Acme key", PasskeyName::Own("Acme key".into())),
    ] {
        let Screen::Passkey(passkey) = shown(&promotion(name), vec![step(SKIP, &[])]) else {
            panic!("no offer")
        };
        assert_eq!((passkey.ceremony, passkey.name), (Ceremony::Promote("make this".into()), expected));
        assert!(passkey.skip);
    }
}

#[test]
fn the_first_part_shows_no_captcha_and_no_button_for_passkeys() {
    let identify = step("identify", &["username"]);
    let first =
        |next: &Step, others| sign_in_form(&pending(Some(next.clone()), others), Some(next)).is_some();
    assert!(first(&identify, vec![]));
    let data = ContextualData { challenge_data: Some("sign this".into()), ..ContextualData::default() };
    assert!(!first(&identify, vec![about(PASSKEY_BUTTON, "", data)]));
    assert!(!first(&identify, vec![step(PASSKEY_LAUNCH, &[])]));

    let token = Input { visible: Some(false), ..input("captchaToken") };
    let id = Input {
        visible: Some(false),
        mutable: Some(false),
        value: Some("cap1".into()),
        ..input("captchaId")
    };
    let mut guarded = identify;
    guarded.inputs.push(Input { form: Some(Form { value: vec![id, token] }), ..input("captchaVerify") });
    assert!(!first(&guarded, vec![]));
    let last = fill(&guarded, vec![]).fields.pop().map(|field| field.control);
    let Some(Control::Group(inner)) = last else { panic!("the id and the token: {last:?}") };
    assert_eq!(inner[0].control, Control::Fixed("cap1".into()));
    assert_eq!(inner[1].control, Control::Captcha);
}

#[test]
fn a_poll_step_has_a_waiting_screen() {
    let push = ContextualData { correct_answer: Some("42".into()), ..ContextualData::default() };
    assert_eq!(waits(&about("challenge-poll", "okta_verify", push)), WaitReason::Approve(Some("42".into())));
    let scan = ContextualData { qrcode: Some(picture()), ..ContextualData::default() };
    let expected = WaitReason::Scan { picture: picture().href, secret: None };
    assert_eq!(waits(&about("enroll-poll", "okta_verify", scan)), expected);
    let mail = ContextualData { email: Some("m***y".into()), ..ContextualData::default() };
    assert_eq!(waits(&about("enroll-poll", "okta_verify", mail)), WaitReason::Open(Some("m***y".into())));
    assert_eq!(waits(&about("poll", "", ContextualData::default())), WaitReason::Other);
    assert_eq!(waits(&about("device-challenge-poll", "", ContextualData::default())), WaitReason::Other);
}

#[test]
fn polls_are_at_least_a_second_apart_and_four_seconds_by_default() {
    let every = |refresh| {
        let poll = Some(Poll { required: true, refresh });
        let waiting = Step { poll, ..step("challenge-poll", &[]) };
        poll_interval(&pending(Some(waiting.clone()), vec![]), Some(&waiting))
    };
    assert_eq!([every(Some(2_500)), every(Some(10)), every(None)], [Some(2_500), Some(1_000), Some(4_000)]);
    let code = step("challenge-authenticator", &["verificationCode"]);
    assert_eq!(poll_interval(&pending(Some(code.clone()), vec![]), Some(&code)), None);
    let beside = step("currentAuthenticatorEnrollment-poll", &[]);
    assert_eq!(poll_interval(&pending(Some(code.clone()), vec![beside]), Some(&code)), Some(4_000));
}

#[test]
fn the_first_page_links_to_the_offered_features() {
    let identify = step("identify", &["username"]);
    let transaction = Transaction {
        captcha: None,
        enabled_features: vec![Feature::UnlockAccount, Feature::RecoverPassword],
        ..pending(Some(identify.clone()), vec![])
    };
    let Screen::Form(fill) = screen(&transaction, Some(&identify), &Values::new()) else { panic!("a form") };
    let expected = [
        Alternative::Enter(Entry::RecoverPassword, Phrase::ForgotPassword),
        Alternative::Enter(Entry::UnlockAccount, Phrase::UnlockAccount),
    ];
    assert_eq!(fill.alternatives, expected);
}

#[test]
fn another_authenticator_is_offered_if_there_is_one_and_cancel_comes_last() {
    let code = Step {
        can_resend: true,
        ..about("challenge-authenticator", "okta_email", ContextualData::default())
    };
    let list = |values: &[&str]| Step {
        inputs: vec![options("authenticator", values)],
        ..step("select-authenticator-authenticate", &[])
    };
    let alternatives = |others| fill(&code, others).alternatives;
    assert_eq!(alternatives(vec![list(&["okta_email"])]), [Alternative::Resend, Alternative::Cancel]);
    let elsewhere =
        Alternative::Show("select-authenticator-authenticate".into(), Phrase::VerifyWithSomethingElse);
    assert_eq!(
        alternatives(vec![list(&["okta_email", "phone_number"])]),
        [Alternative::Resend, elsewhere, Alternative::Cancel]
    );
    let forgot = step("currentAuthenticatorEnrollment-recover", &[]);
    let taken = Alternative::Take(forgot.name.clone(), Phrase::ForgotPassword);
    assert_eq!(alternatives(vec![forgot]), [Alternative::Resend, taken, Alternative::Cancel]);
}

#[test]
fn a_provider_is_offered_once_and_never_with_a_script_address() {
    let provider = |name: &str, href: &str| Step {
        idp: Some(Idp { id: "0oa".into(), name: name.into() }),
        href: Some(href.into()),
        ..step("redirect-idp", &[])
    };
    let others = vec![
        provider("Acme", "/login/redirect/t1/0oa"),
        provider("Acme", "/login/redirect/t1/0oa"),
        provider("Evil", "javascript:alert(1)"),
        provider("Evil", "//evil.example"),
    ];
    let passkey_challenge = fill(&step("identify", &["username"]), others).providers;
    assert_eq!(
        passkey_challenge,
        [Provider {
            name: "Acme".into(),
            kind: String::new(),
            href: "/login/redirect/t1/0oa".into(),
            is_certificate: false
        }]
    );
}

#[test]
fn an_optional_step_can_be_skipped_and_another_step_is_answered_by_name() {
    let skip = step(SKIP, &[]);
    let profile = step("profile-update", &["nickname"]);
    let transaction = pending(Some(skip.clone()), vec![profile.clone()]);
    let Screen::Form(optional) = screen(&transaction, Some(&profile), &Values::new()) else {
        panic!("a form")
    };
    assert_eq!(optional.skip, Some(Phrase::Skip));
    assert!(optional.fixed_values == crate::values::one("step", "profile-update"));
    let alone = fill(&skip, vec![]);
    assert_eq!(alone.skip, None, "it is the answer already");
    assert!(alone.fixed_values == crate::values::one("skip", true));
}

#[test]
fn a_transaction_without_a_step_is_an_end() {
    assert!(matches!(screen(&pending(None, vec![]), None, &Values::new()), Screen::Ended(_)));
}
