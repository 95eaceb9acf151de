//! The screens of the gallery (`frontend/gallery/screens.json`) are what the server answers, and none is missing.

use super::screen;
use crate::flow::form_kind::{CodeSource, FormKind};
use crate::flow::screen::{Ceremony, DeviceTask, ElsewhereQuestion, Screen, WaitReason};
use crate::read_contract;
use latchkey_contract::{Account, Session, Transaction, Values};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

fn screens() -> Vec<Json> {
    let file: Json = serde_json::from_str(include_str!("../../gallery/screens.json")).unwrap();
    file["screens"].as_array().unwrap().clone()
}

/// The transaction of a screen with the members that `answers.js` adds.
fn whole(transaction: &Json) -> Json {
    let mut steps: Vec<Json> = transaction.get("nextStep").into_iter().cloned().collect();
    steps.extend(transaction.get("others").and_then(Json::as_array).into_iter().flatten().cloned());
    let mut whole = json!({
        "transaction": "gallery", "status": "PENDING", "availableSteps": steps, "enabledFeatures": [], "messages": []
    });
    for (name, value) in transaction.as_object().unwrap().iter().filter(|(name, _)| *name != "others") {
        whole[name] = value.clone();
    }
    whole
}

/// The kind of a screen. A new variant is missed here by the compiler, and then by the gallery.
fn kind(screen: &Screen) -> &'static str {
    match screen {
        Screen::Starting => "starting",
        Screen::SignedIn(_) => "signed in",
        Screen::SignedInAlready(_) => "signed in already",
        Screen::Ended(_) => "ended",
        Screen::Wait(wait) => match wait.reason {
            WaitReason::Approve(None) => "approve",
            WaitReason::Approve(Some(_)) => "approve with a number",
            WaitReason::Scan { .. } => "scan",
            WaitReason::Open(_) => "open",
            WaitReason::SetUpHere => "set up on this device",
            WaitReason::Card { .. } => "read a card",
            WaitReason::Other => "other wait",
        },
        Screen::Device(step) => match step.task {
            DeviceTask::Pass(_) => "Okta Verify on this device",
            DeviceTask::Open { .. } => "Okta Verify by a link",
            DeviceTask::Launch { .. } => "FastPass alone",
        },
        Screen::Elsewhere(elsewhere) => match elsewhere.question {
            ElsewhereQuestion::Vendor { .. } => "page of a vendor",
            ElsewhereQuestion::Certificate { .. } => "certificate",
            ElsewhereQuestion::Identity { .. } => "identity verification",
        },
        Screen::Passkey(passkey) => match passkey.ceremony {
            Ceremony::Make(_) => "make a passkey",
            Ceremony::Promote(_) => "offer a passkey",
            Ceremony::Use(_) => "use a passkey",
        },
        Screen::Form(form) => form_kind(&form.kind),
    }
}

fn form_kind(kind: &FormKind) -> &'static str {
    match kind {
        FormKind::SignIn => "sign in",
        FormKind::SignUp => "sign up",
        FormKind::Profile => "profile",
        FormKind::ResetPassword => "reset password",
        FormKind::UnlockAccount => "unlock account",
        FormKind::Choose(_) => "choose",
        FormKind::MessageType(_) => "message type",
        FormKind::HowToVerify(_) => "how to verify",
        FormKind::OneMethod(_) => "one method",
        FormKind::Channel(_) => "channel",
        FormKind::ChannelAddress(_) => "channel address",
        FormKind::Phone => "phone",
        FormKind::Password => "password",
        FormKind::SetPassword => "set password",
        FormKind::ExpiredPassword => "expired password",
        FormKind::ExpiringPassword(_) => "expiring password",
        FormKind::Code(CodeSource::Sms(_)) => "code by SMS",
        FormKind::Code(CodeSource::Voice(_)) => "code by call",
        FormKind::Code(CodeSource::Email { .. }) => "code by e-mail",
        FormKind::Code(CodeSource::App(_)) => "code of an app",
        FormKind::Code(CodeSource::Given) => "code of an administrator",
        FormKind::Code(CodeSource::Key) => "code of a key",
        FormKind::EnrollApp { .. } => "app",
        FormKind::EnrollQuestion => "question",
        FormKind::CardPin => "PIN of a card",
        FormKind::NewCardPin => "new PIN of a card",
        FormKind::ReadCard => "card before its app is open",
        FormKind::Answer(_) => "answer",
        FormKind::Consent(_) => "consent",
        FormKind::EmailConsent(_) => "consent to a mailed link",
        FormKind::DeviceWarning => "device warning",
        FormKind::ActivateDevice => "activate a device",
        FormKind::StaySignedIn => "stay signed in",
        FormKind::General(_) => "general",
    }
}

/// All kinds that a transaction can have. The others are what the client shows before and after a flow.
const KINDS: [&str; 50] = [
    "activate a device",
    "answer",
    "app",
    "approve",
    "approve with a number",
    "card before its app is open",
    "certificate",
    "channel",
    "channel address",
    "choose",
    "code by call",
    "code by e-mail",
    "code by SMS",
    "code of a key",
    "code of an administrator",
    "code of an app",
    "consent",
    "consent to a mailed link",
    "device warning",
    "ended",
    "expired password",
    "expiring password",
    "FastPass alone",
    "general",
    "how to verify",
    "identity verification",
    "make a passkey",
    "message type",
    "new PIN of a card",
    "offer a passkey",
    "Okta Verify by a link",
    "Okta Verify on this device",
    "one method",
    "open",
    "other wait",
    "page of a vendor",
    "password",
    "phone",
    "PIN of a card",
    "profile",
    "question",
    "read a card",
    "reset password",
    "scan",
    "set password",
    "set up on this device",
    "sign in",
    "sign up",
    "stay signed in",
    "unlock account",
];

#[test]
fn the_gallery_has_a_screen_of_every_kind() {
    let screens = screens();
    let shown: BTreeSet<&str> = screens
        .iter()
        .filter_map(|one| {
            let read = read_contract::transaction(&whole(one.get("transaction")?)).unwrap();
            // The form for a phone number follows the choice of the message in the same step.
            let given =
                one.get("submit").map(|given| serde_json::from_value::<Values>(given.clone()).unwrap());
            Some(kind(&screen(&read, read.next_step.as_ref(), &given.unwrap_or_default())))
        })
        .collect();
    let missing: Vec<&str> = KINDS.into_iter().filter(|kind| !shown.contains(kind)).collect();
    assert!(missing.is_empty(), "not in the gallery: {missing:?}");
    assert!(screens.iter().any(|one| one.get("user").is_some()), "the account is not in the gallery");
}

#[test]
fn the_gallery_answers_as_the_contract_says() {
    let mut names = BTreeSet::new();
    for one in screens() {
        let name = one["name"].as_str().unwrap().to_owned();
        if let Some(transaction) = one.get("transaction") {
            assert!(serde_json::from_value::<Transaction>(whole(transaction)).is_ok(), "{name}");
        }
        if let Some(user) = one.get("user") {
            let session = json!({ "authenticated": true, "user": user });
            assert!(serde_json::from_value::<Session>(session).is_ok(), "{name}");
        }
        if let Some(account) = one.get("account") {
            assert!(serde_json::from_value::<Account>(account.clone()).is_ok(), "{name}");
        }
        assert!(names.insert(name.clone()), "{name} is there twice");
    }
}
