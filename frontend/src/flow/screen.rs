//! Which screen a transaction asks for. Pure, and to the end: what has no page of its own gets the general form.

use super::alternative::{Alternative, Provider};
use super::ended::{Ended, ended};
use super::field::Field;
use super::form_kind::FormKind;
use latchkey_contract::{
    AuthenticatorSettings, ContextualData, OwnSession, Step, Transaction, Value, Values,
};

/// What the person sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Screen {
    /// Nothing is known yet.
    Starting,
    /// Something is to be filled in.
    Form(StepForm),
    /// Something happens elsewhere.
    Wait(Wait),
    /// The device is asked.
    Passkey(Passkey),
    /// Nothing more can be answered here.
    Ended(Ended),
    /// Somebody is signed in.
    SignedIn(SignedInPerson),
}

/// A form: what it is about, what is filled in, and what else can be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepForm {
    pub(crate) kind: FormKind,
    pub(crate) fields: Vec<Field>,
    /// What is sent besides the fields.
    pub(crate) fixed_values: Values,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
    pub(crate) providers: Vec<Provider>,
}

/// What happens elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wait {
    pub(crate) what: WaitReason,
    pub(crate) name: String,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
}

/// What the person does elsewhere while this page waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WaitReason {
    /// Approve on the phone, by number if there is one.
    Approve(Option<String>),
    /// Scan a picture with the app.
    Scan { picture: String, secret: Option<String> },
    /// Open a link that was sent.
    Open(Option<String>),
    /// Something nobody has coded for.
    Other,
}

/// What the device is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Passkey {
    pub(crate) ask: Ceremony,
    /// Passkeys that exist: not to be made again, or the ones to use.
    pub(crate) known: Vec<String>,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
}

/// Whether a passkey is made or used, with what the device needs for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ceremony {
    Make(Value),
    Use(Value),
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignedInPerson {
    pub(crate) name: String,
    pub(crate) claims: Vec<(String, Value)>,
    /// Where they are signed in, here and elsewhere.
    pub(crate) sessions: Vec<OwnSession>,
}

/// The screen for `step`, which is one of the transaction's. `given` is what the person has said of this step so far.
pub(crate) fn screen(transaction: &Transaction, step: Option<&Step>, given: &Values) -> Screen {
    let Some(step) = step else { return Screen::Ended(ended(&transaction.messages)) };
    let nothing = ContextualData::default();
    let data = step.authenticator.as_ref().and_then(|held| held.contextual_data.as_ref());
    let about = StepReader { transaction, step, data: data.unwrap_or(&nothing) };
    match step.name.as_str() {
        "challenge-poll" | "enroll-poll" | "poll" | "device-challenge-poll" => Screen::Wait(about.wait()),
        "challenge-authenticator" | "enroll-authenticator" => match about.ceremony() {
            Some(ask) => Screen::Passkey(about.passkey(ask)),
            None => Screen::Form(about.fill(given)),
        },
        _ => Screen::Form(about.fill(given)),
    }
}

/// Milliseconds until the org is asked again whether something happened elsewhere.
pub(crate) fn polls(transaction: &Transaction, step: Option<&Step>) -> Option<u32> {
    let step = step?;
    let waits = |other: &Step| other.poll.is_some() || other.name.ends_with("-poll");
    let elsewhere = || transaction.available_steps.iter().find(|other| waits(other));
    let poll = if waits(step) { step.poll } else { elsewhere()?.poll };
    Some(poll.and_then(|poll| poll.refresh).unwrap_or(DEFAULT_POLL_INTERVAL_MS).max(MIN_POLL_INTERVAL_MS))
}

/// What an org means when it does not say how often.
const DEFAULT_POLL_INTERVAL_MS: u32 = 4_000;
/// No org is asked more often than this.
const MIN_POLL_INTERVAL_MS: u32 = 1_000;

/// A step in its transaction, while it is read.
pub(super) struct StepReader<'a> {
    pub(super) transaction: &'a Transaction,
    pub(super) step: &'a Step,
    pub(super) data: &'a ContextualData,
}

impl StepReader<'_> {
    fn fill(&self, given: &Values) -> StepForm {
        let kind = self.kind(given);
        StepForm {
            fields: self.fields(&kind),
            fixed_values: self.fixed_values(),
            skip: self.can_skip(),
            alternatives: self.alternatives(&kind),
            providers: self.providers(),
            kind,
        }
    }

    fn wait(&self) -> Wait {
        let data = self.data;
        let sent_to = data.email.as_ref().or(data.phone_number.as_ref()).cloned();
        let what = match (self.step.name.as_str(), &data.qrcode) {
            ("challenge-poll", _) => WaitReason::Approve(data.correct_answer.clone()),
            (_, Some(code)) if is_picture(&code.href) => {
                WaitReason::Scan { picture: code.href.clone(), secret: data.shared_secret.clone() }
            }
            ("enroll-poll", _) => WaitReason::Open(sent_to),
            _ => WaitReason::Other,
        };
        Wait { what, name: self.name(), skip: self.can_skip(), alternatives: self.other_alternatives() }
    }

    fn ceremony(&self) -> Option<Ceremony> {
        match (&self.data.challenge_data, &self.data.activation_data) {
            (Some(challenge), _) => Some(Ceremony::Use(challenge.clone())),
            (None, Some(activation)) => Some(Ceremony::Make(activation.clone())),
            (None, None) => None,
        }
    }

    fn passkey(&self, ask: Ceremony) -> Passkey {
        let known = self
            .step
            .authenticator_enrollments
            .iter()
            .filter_map(|held| held.credential_id.clone())
            .collect();
        Passkey { ask, known, skip: self.can_skip(), alternatives: self.other_alternatives() }
    }

    /// The org says it of its next step only, and it holds for every other that is open.
    fn can_skip(&self) -> bool {
        let skips = |step: &Step| step.name == SKIP;
        !skips(self.step) && (self.step.can_skip || self.transaction.available_steps.iter().any(skips))
    }

    pub(super) fn key(&self) -> &str {
        self.step.authenticator.as_ref().map_or("", |authenticator| &authenticator.key)
    }

    pub(super) fn name(&self) -> String {
        self.step.authenticator.as_ref().map(|held| held.display_name.clone()).unwrap_or_default()
    }

    pub(super) fn settings(&self) -> Option<&AuthenticatorSettings> {
        self.step.authenticator.as_ref()?.settings.as_ref()
    }
}

/// The step that leads on without an answer.
pub(super) const SKIP: &str = "skip";

/// A picture that the page's policy lets through.
pub(super) fn is_picture(href: &str) -> bool {
    href.starts_with("data:image/")
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
