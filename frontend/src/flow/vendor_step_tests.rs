//! Tests: the screens of steps at other vendors.

use super::super::alternative::Alternative;
use super::super::expected_code::{CodeCharacters, ExpectedCode};
use super::super::field::Control;
use super::super::form_kind::CodeSource;
use super::super::screen::DeviceTask;
use super::*;
use latchkey_contract::{
    Authenticator, ConsentDetail, ConsentRequest, Idp, Input, Message, MessageLink, Status, Value,
};

fn transaction(step: Step) -> Transaction {
    Transaction {
        transaction: "t1".into(),
        status: Status::Pending,
        next_step: Some(step),
        ..Transaction::default()
    }
}

fn shown(step: Step, others: &[&str]) -> Screen {
    let mut transaction = transaction(step);
    transaction.available_steps =
        others.iter().map(|name| Step { name: (*name).into(), ..Step::default() }).collect();
    screen(&transaction, transaction.next_step.as_ref(), &Values::new())
}

fn about(key: &str, name: &str) -> Option<Authenticator> {
    Some(Authenticator { key: key.into(), display_name: name.into(), ..Authenticator::default() })
}

fn link(kind: &str) -> Step {
    Step {
        name: "redirect-idp".into(),
        kind: Some(kind.into()),
        href: Some("/login/redirect/t1/one".into()),
        idp: Some(Idp { id: "one".into(), name: "Certificates".into() }),
        ..Step::default()
    }
}

#[test]
fn an_authenticator_elsewhere_has_a_screen_and_a_provider_of_the_first_page_has_none() {
    let step = Step { authenticator: about("smart_card_idp", "Smart Card"), ..link("X509") };
    assert!(sign_in_form(&transaction(step.clone()), Some(&step)).is_none());
    let Screen::Elsewhere(verify) = shown(step.clone(), &[]) else { panic!("a step elsewhere") };
    assert_eq!((verify.name.as_str(), verify.href.as_str()), ("Smart Card", "/login/redirect/t1/one"));
    assert_eq!(verify.question, ElsewhereQuestion::Certificate { enrolls: false });
    let Screen::Elsewhere(set_up) = shown(step, &["select-authenticator-enroll"]) else {
        panic!("elsewhere")
    };
    assert_eq!(set_up.question, ElsewhereQuestion::Certificate { enrolls: true });
    assert!(matches!(shown(link("OIDC"), &[]), Screen::Form(_)));
}

#[test]
fn a_certificate_on_the_first_page_needs_the_late_part_for_its_advice() {
    for (kind, is_first) in [("OIDC", true), ("X509", false)] {
        let step = link(kind);
        assert_eq!(sign_in_form(&transaction(step.clone()), Some(&step)).is_some(), is_first, "{kind}");
    }
}

#[test]
fn a_link_that_is_unknown_can_be_followed_and_one_that_is_unsafe_cannot() {
    let step = Step { name: "piv-idp".into(), ..link("X509") };
    assert!(matches!(shown(step.clone(), &[]), Screen::Elsewhere(_)));
    let unsafe_link = Step { href: Some("javascript:alert(1)".into()), ..step };
    assert!(matches!(shown(unsafe_link, &[]), Screen::Form(_)));
}

#[test]
fn a_service_that_verifies_identities_shows_its_terms() {
    let terms = vec![ConsentDetail { label: "Terms of use".into(), value: "https://terms.example".into() }];
    let step = Step {
        name: "redirect-idverify".into(),
        idp: Some(Idp { id: "IDV_PERSONA".into(), name: "Persona".into() }),
        consent: Some(ConsentRequest { details: terms.clone(), ..ConsentRequest::default() }),
        ..link("ID_PROOFING")
    };
    let Screen::Elsewhere(elsewhere) = shown(step, &[]) else { panic!("a step elsewhere") };
    assert_eq!(elsewhere.question, ElsewhereQuestion::Identity { terms });
    assert_eq!(elsewhere.name, "Persona");
}

#[test]
fn a_card_is_read_by_an_app_and_its_pin_is_secret() {
    for name in ["challenge-poll", "enroll-poll"] {
        let step = Step { name: name.into(), authenticator: about("nfc_pin", "Card"), ..Step::default() };
        let Screen::Wait(wait) = shown(step, &[]) else { panic!("a wait") };
        assert_eq!(wait.reason, WaitReason::Card { href: None }, "{name}");
    }
    let pin = Input { name: "verificationCode".into(), secret: true, ..Input::default() };
    for (name, kind) in [
        ("challenge-authenticator", FormKind::CardPin),
        ("enroll-authenticator", FormKind::NewCardPin),
        ("reset-authenticator", FormKind::NewCardPin),
    ] {
        let step = Step {
            name: name.into(),
            authenticator: about("nfc_pin", "Card"),
            inputs: vec![pin.clone()],
            ..Step::default()
        };
        let Screen::Form(form) = shown(step, &[]) else { panic!("a form") };
        assert_eq!((form.kind, &form.fields[0].control), (kind, &Control::Password));
    }
}

#[test]
fn a_forgotten_pin_has_words_of_its_own() {
    let step = Step {
        name: "challenge-authenticator".into(),
        authenticator: about("nfc_pin", "Card"),
        inputs: vec![Input { name: "verificationCode".into(), secret: true, ..Input::default() }],
        ..Step::default()
    };
    let Screen::Form(form) = shown(step, &["currentAuthenticator-recover"]) else { panic!("a form") };
    let taken = Alternative::Take("currentAuthenticator-recover".into(), Phrase::ForgotPin);
    assert_eq!(form.alternatives, [taken, Alternative::Cancel]);
}

#[test]
fn a_card_button_beside_the_username_needs_the_late_part() {
    let step = Step { name: "identify".into(), ..Step::default() };
    for (others, is_first) in [(&["identify"][..], true), (&["identify", "launch-nfc-authenticator"], false)]
    {
        let mut transaction = transaction(step.clone());
        transaction.available_steps =
            others.iter().map(|name| Step { name: (*name).into(), ..Step::default() }).collect();
        assert_eq!(sign_in_form(&transaction, Some(&step)).is_some(), is_first, "{others:?}");
    }
}

#[test]
fn a_message_with_a_link_beside_the_username_needs_the_late_part() {
    let step = Step { name: "identify".into(), ..Step::default() };
    for (links, is_first) in [(vec![], true), (vec![MessageLink::default()], false)] {
        let messages = vec![Message { links, ..Message::default() }];
        let transaction = Transaction { messages, ..transaction(step.clone()) };
        assert_eq!(sign_in_form(&transaction, Some(&step)).is_some(), is_first);
    }
}

#[test]
fn a_key_types_its_code_and_the_second_of_two_codes_gets_the_keypad() {
    let step = |key: &str, inputs: &[&str]| Step {
        name: "enroll-authenticator".into(),
        authenticator: about(key, "Token"),
        inputs: inputs.iter().map(|name| Input { name: (*name).into(), ..Input::default() }).collect(),
        ..Step::default()
    };
    let Screen::Form(key) = shown(step("yubikey_token", &["verificationCode"]), &[]) else {
        panic!("a form")
    };
    assert_eq!(key.kind, FormKind::Code(CodeSource::Key));
    let inputs = ["credentialId", "verificationCode", "nextPasscode"];
    let Screen::Form(token) = shown(step("symantec_vip", &inputs), &[]) else { panic!("a form") };
    assert_eq!(
        token.fields[2].control,
        Control::Code(ExpectedCode { characters: CodeCharacters::Digits, length: None })
    );
}

#[test]
fn okta_verify_on_this_device_is_opened_by_a_link_or_set_up_as_a_message_says() {
    let waiting = |data: ContextualData| {
        let authenticator = about("okta_verify", "Okta Verify")
            .map(|held| Authenticator { contextual_data: Some(data), ..held });
        Step { name: "enroll-poll".into(), authenticator, ..Step::default() }
    };
    let link = Value::Object(
        [
            ("href".to_owned(), Value::from("https://open.example/")),
            ("downloadHref".to_owned(), Value::from("https://get.example/")),
        ]
        .into(),
    );
    let opened = ContextualData { device_challenge: Some(link), ..ContextualData::default() };
    let Screen::Device(device) = shown(waiting(opened), &["select-authenticator-enroll"]) else {
        panic!("a link")
    };
    let download = Some("https://get.example/".to_owned());
    assert_eq!(device.task, DeviceTask::Open { href: "https://open.example/".into(), download });
    assert!(device.alternatives.contains(&Alternative::Cancel));
    for channel in ["samedevice", "devicebootstrap"] {
        let described =
            ContextualData { selected_channel: Some(channel.into()), ..ContextualData::default() };
        let Screen::Wait(wait) = shown(waiting(described), &[]) else { panic!("a wait") };
        assert_eq!(wait.reason, WaitReason::SetUpHere, "{channel}: no link was sent");
    }
}
