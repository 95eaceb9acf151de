//! Chooses the screen of a step. Steps without a screen of their own get the general form.

use super::alternative::{CERTIFICATE, is_address};
use super::choices::decision;
use super::device_step::{LAUNCH, challenge, text};
use super::ended::ended;
use super::field::Field;
use super::form_kind::{FormKind, is_picture};
use super::note::is_rich;
use super::screen::{
    Ceremony, Elsewhere, ElsewhereQuestion, Passkey, PasskeyName, Screen, StepForm, USER_HANDLE, Wait,
    WaitReason,
};
use super::step_reader::{CARD, StepReader};
use crate::text::Phrase;
use latchkey_contract::{ContextualData, Step, Transaction, Values};

/// The screen for `step` of the transaction. `given` has the values that the person has already entered for it.
pub(crate) fn screen(transaction: &Transaction, step: Option<&Step>, given: &Values) -> Screen {
    let Some(step) = step else { return Screen::Ended(ended(&transaction.messages)) };
    let reader = StepReader { transaction, step };
    let is_device = step.name.ends_with("-poll") && reader.key() != CARD;
    if let Some(challenge) = challenge(step).filter(|_| is_device) {
        return Screen::Device(reader.device_step(challenge));
    }
    if let Some(elsewhere) = reader.elsewhere() {
        return Screen::Elsewhere(elsewhere);
    }
    match step.name.as_str() {
        LAUNCH => Screen::Device(reader.launch_step()),
        "challenge-poll" | "enroll-poll" | "poll" | "device-challenge-poll" => Screen::Wait(reader.wait()),
        "enroll-authenticator-promotion" => match reader.ceremony() {
            Some(Ceremony::Make(data)) => Screen::Passkey(reader.passkey(Ceremony::Promote(data))),
            Some(_) | None => Screen::Form(reader.form(given)),
        },
        "challenge-authenticator" | "enroll-authenticator" => match reader.ceremony() {
            Some(ceremony) => Screen::Passkey(reader.passkey(ceremony)),
            None => Screen::Form(reader.form(given)),
        },
        name if SIGN_IN.contains(&name) => Screen::Form(reader.sign_in_form()),
        _ => Screen::Form(reader.form(given)),
    }
}

/// The first form of a sign-in, if `step` is one and the first part of the program has all its controls.
pub(crate) fn sign_in_form(transaction: &Transaction, step: Option<&Step>) -> Option<StepForm> {
    // The late part says who is signed in.
    let step = step.filter(|step| is_first_step(step) && transaction.signed_in.is_none())?;
    // The buttons for passkeys, Okta Verify and cards, the advice about certificates and links in messages are in the late part, too.
    let is_button = |step: &Step| step.name.starts_with("launch-");
    let is_late = |form: &StepForm| {
        form.fields.iter().any(Field::is_late)
            || form.providers.iter().any(|provider| provider.is_certificate)
            || transaction.available_steps.iter().any(is_button)
            || transaction.messages.iter().any(is_rich)
    };
    Some(StepReader { transaction, step }.sign_in_form()).filter(|form| !is_late(form))
}

/// Whether a sign-in begins with this step.
pub(super) fn is_first_step(step: &Step) -> bool {
    SIGN_IN.contains(&step.name.as_str()) && step.authenticator.is_none()
}

/// What Okta calls the authenticator unless the org has renamed it.
const DEFAULT_PASSKEY_NAMES: [&str; 3] =
    ["", "Security Key or Biometric", "Security Key or Biometric Authenticator"];
/// The channels by which Okta Verify is set up on the device that the browser runs on.
const ON_THIS_DEVICE: [Option<&str>; 2] = [Some("samedevice"), Some("devicebootstrap")];
/// The first steps of a sign-in.
const SIGN_IN: [&str; 2] = ["identify", "redirect-idp"];

/// Milliseconds between two polls.
pub(crate) fn poll_interval(transaction: &Transaction, step: Option<&Step>) -> Option<u32> {
    let step = step?;
    let waits = |other: &Step| other.poll.is_some() || other.name.ends_with("-poll");
    let elsewhere = || transaction.available_steps.iter().find(|other| waits(other));
    let poll = if waits(step) { step.poll } else { elsewhere()?.poll };
    Some(poll.and_then(|poll| poll.refresh).unwrap_or(DEFAULT_POLL_INTERVAL_MS).max(MIN_POLL_INTERVAL_MS))
}

/// The poll interval if the org does not set one.
const DEFAULT_POLL_INTERVAL_MS: u32 = 4_000;
/// The shortest poll interval.
const MIN_POLL_INTERVAL_MS: u32 = 1_000;

impl StepReader<'_> {
    fn sign_in_form(&self) -> StepForm {
        StepForm {
            kind: FormKind::SignIn,
            fields: self.sign_in_fields(),
            decision: None,
            fixed_values: self.fixed_values(),
            skip: self.skip_label(),
            alternatives: self.entries(),
            providers: self.providers(),
        }
    }

    fn form(&self, given: &Values) -> StepForm {
        let kind = self.kind(given);
        let mut fields = self.fields(&kind);
        let kind = self.with_one_method(kind, &mut fields);
        let mut fixed_values = self.fixed_values();
        StepForm {
            decision: decision(&kind, &mut fields, &mut fixed_values),
            fields,
            fixed_values,
            skip: self.skip_label(),
            alternatives: self.alternatives(&kind),
            providers: self.providers(),
            kind,
        }
    }

    /// The label of the button that skips the step. An authenticator that will be required later can only be put off.
    fn skip_label(&self) -> Option<Phrase> {
        let mut options = self.step.inputs.iter().flat_map(|input| &input.options);
        let is_required_later = options.any(|option| option.grace_period.is_some());
        let label = if is_required_later { Phrase::RemindMeLater } else { Phrase::Skip };
        self.can_skip().then_some(label)
    }

    /// What another site asks: a step with an address that is not an entry of the first page.
    fn elsewhere(&self) -> Option<Elsewhere> {
        let step = self.step;
        let is_entry = step.name == "redirect-idp" && step.authenticator.is_none();
        let href = step.href.clone().filter(|href| !is_entry && is_address(href))?;
        let provider = step.idp.as_ref();
        let name = match (self.name(), provider) {
            (name, Some(provider)) if name.is_empty() => provider.name.clone(),
            (name, _) => name,
        };
        let others = &self.transaction.available_steps;
        let enrolls = others.iter().any(|other| other.name == "select-authenticator-enroll");
        let question = match step.name.as_str() {
            "redirect-idverify" => ElsewhereQuestion::Identity {
                terms: step.consent.as_ref().map(|consent| consent.details.clone()).unwrap_or_default(),
            },
            _ if step.kind.as_deref() == Some(CERTIFICATE) => ElsewhereQuestion::Certificate { enrolls },
            _ => ElsewhereQuestion::Vendor { enrolls },
        };
        let alternatives = self.other_alternatives();
        Some(Elsewhere { question, name, href, skip: self.can_skip(), alternatives })
    }

    fn wait(&self) -> Wait {
        let nothing = ContextualData::default();
        let data = self.data().unwrap_or(&nothing);
        let sent_to = data.email.as_ref().or(data.phone_number.as_ref()).cloned();
        let reason = match (self.step.name.as_str(), &data.qrcode) {
            _ if self.key() == CARD => {
                WaitReason::Card { href: challenge(self.step).and_then(|challenge| text(challenge, "href")) }
            }
            ("challenge-poll", _) => WaitReason::Approve(data.correct_answer.clone()),
            (_, Some(code)) if is_picture(&code.href) => {
                WaitReason::Scan { picture: code.href.clone(), secret: data.shared_secret.clone() }
            }
            ("enroll-poll", _) if ON_THIS_DEVICE.contains(&data.selected_channel.as_deref()) => {
                WaitReason::SetUpHere
            }
            ("enroll-poll", _) => WaitReason::Open(sent_to),
            _ => WaitReason::Other,
        };
        Wait { reason, name: self.name(), skip: self.can_skip(), alternatives: self.other_alternatives() }
    }

    fn ceremony(&self) -> Option<Ceremony> {
        let data = self.data()?;
        match (&data.challenge_data, &data.activation_data) {
            (Some(challenge), _) => Some(Ceremony::Use(challenge.clone())),
            (None, Some(activation)) => Some(Ceremony::Make(activation.clone())),
            (None, None) => None,
        }
    }

    fn passkey(&self, ceremony: Ceremony) -> Passkey {
        let known = self
            .step
            .authenticator_enrollments
            .iter()
            .filter_map(|held| held.credential_id.clone())
            .collect();
        let name = match self.name() {
            name if DEFAULT_PASSKEY_NAMES.contains(&name.as_str()) => PasskeyName::Default,
            name if name == "Passkeys" => PasskeyName::Passkeys,
            name => PasskeyName::Own(name),
        };
        Passkey {
            ceremony,
            name,
            known,
            has_user_handle: self.step.inputs.iter().any(|input| input.name == USER_HANDLE),
            skip: self.can_skip(),
            alternatives: self.other_alternatives(),
        }
    }
}

#[cfg(test)]
#[path = "screen_of_step_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "access_step_tests.rs"]
mod access_tests;

#[cfg(test)]
#[path = "gallery_tests.rs"]
mod gallery_tests;

#[cfg(test)]
#[path = "vendor_step_tests.rs"]
mod vendor_tests;
