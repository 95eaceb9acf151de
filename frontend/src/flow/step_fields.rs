//! The fields of a step, and the values that are sent besides.

use super::expected_code::{CodeCharacters, ExpectedCode};
use super::field::{Control, Field, SelectOption, TextKind, fields};
use super::form_kind::FormKind;
use super::step_reader::{SKIP, StepReader};
use crate::text::{Phrase, Wording};
use latchkey_contract::{
    AuthenticatorSettings, ChoiceValue, ContextualData, Input, Step, Transaction, Value, Values,
};

/// The step that a passkey chosen by autofill answers.
pub(crate) const AUTOFILL: &str = "challenge-webauthn-autofillui-authenticator";

/// The step of the button "Sign in with a passkey".
pub(crate) const PASSKEY_BUTTON: &str = "launch-passkeys-authenticator";

/// The step of Okta's older button for passkeys, which leads to a challenge.
pub(crate) const PASSKEY_LAUNCH: &str = "launch-webauthn-authenticator";

/// The challenge that a passkey signs to answer the step of this name, if that step takes a passkey.
pub(crate) fn passkey_challenge<'a>(transaction: &'a Transaction, name: &str) -> Option<&'a Value> {
    let step = transaction.available_steps.iter().find(|step| step.name == name)?;
    step.authenticator.as_ref()?.contextual_data.as_ref()?.challenge_data.as_ref()
}

/// Whether the person has something to fill in.
pub(crate) fn has_fields(step: &Step) -> bool {
    step.inputs.iter().any(is_filled_in)
}

fn is_filled_in(input: &Input) -> bool {
    input.is_shown() && input.form.as_ref().is_none_or(|form| form.value.iter().any(is_filled_in))
}

impl StepReader<'_> {
    /// The fields of the first form of a sign-in.
    pub(super) fn sign_in_fields(&self) -> Vec<Field> {
        let all = fields(&self.step.inputs, None);
        match passkey_challenge(self.transaction, AUTOFILL) {
            Some(_) => all.into_iter().map(or_passkey).collect(),
            None => all,
        }
    }

    pub(super) fn fields(&self, kind: &FormKind) -> Vec<Field> {
        let all = fields(&self.step.inputs, self.rules(kind).as_ref());
        match kind {
            // The guides have three inputs for a question, of which two exclude each other.
            FormKind::EnrollQuestion => questions(self.data(), all),
            FormKind::MessageType(_) => named(all, &["methodType"]),
            FormKind::Phone => named(all, &["phoneNumber"]),
            FormKind::Code(_) | FormKind::EnrollApp { .. } => {
                let has_six_digits = SIX_DIGITS.contains(&self.key());
                let six = |field| if has_six_digits { of_six_digits(field) } else { field };
                all.into_iter().map(next_code).map(six).collect()
            }
            FormKind::ResetPassword => all.into_iter().map(by_email).collect(),
            FormKind::SignUp
            | FormKind::SignIn
            | FormKind::Profile
            | FormKind::UnlockAccount
            | FormKind::Choose(_)
            | FormKind::OneMethod(_)
            | FormKind::HowToVerify(_)
            | FormKind::Channel(_)
            | FormKind::ChannelAddress(_)
            | FormKind::Password
            | FormKind::SetPassword
            | FormKind::ExpiredPassword
            | FormKind::ExpiringPassword(_)
            | FormKind::CardPin
            | FormKind::NewCardPin
            | FormKind::ReadCard
            | FormKind::Answer(_)
            | FormKind::Consent(_)
            | FormKind::EmailConsent(_)
            | FormKind::DeviceWarning
            | FormKind::ActivateDevice
            | FormKind::StaySignedIn
            | FormKind::General(_) => all,
        }
    }

    /// The rules for a new password; none on a page that asks for an existing one.
    fn rules(&self, kind: &FormKind) -> Option<AuthenticatorSettings> {
        match kind {
            FormKind::SetPassword
            | FormKind::ExpiredPassword
            | FormKind::ExpiringPassword(_)
            | FormKind::SignUp => Some(self.settings().cloned().unwrap_or_default()),
            _ => None,
        }
    }

    pub(super) fn fixed_values(&self) -> Values {
        let mut values = Values::new();
        let name = self.step.name.as_str();
        if name == SKIP {
            values.insert(name.to_owned(), true.into());
        } else if self.step.inputs.is_empty()
            || self.transaction.next_step.as_ref().is_none_or(|next| next.name != name)
        {
            values.insert("step".to_owned(), name.into());
        }
        // The only method of an authenticator is sent without asking.
        for input in &self.step.inputs {
            if let ("methodType", [only]) = (input.name.as_str(), input.options.as_slice())
                && self.step.name == "authenticator-enrollment-data"
                && let Some(ChoiceValue::Plain(value)) = &only.value
            {
                values.insert(input.name.clone(), value.clone());
            }
        }
        values
    }
}

fn questions(data: Option<&ContextualData>, asked: Vec<Field>) -> Vec<Field> {
    let Some(data) = data.filter(|data| !data.questions.is_empty()) else { return asked };
    let field = |name: &str, label, control| Field {
        path: vec![name.to_owned()],
        label,
        required: true,
        min_length: None,
        control,
        start: String::new(),
    };
    let answer = || field("answer", Wording::Ours(Phrase::Answer), Control::Text(TextKind::Plain));
    let known = data
        .questions
        .iter()
        .map(|known| SelectOption {
            label: Wording::Org(known.question.clone()),
            value: known.question_key.as_str().into(),
            target: None,
            grace: None,
        })
        .collect();
    let pick = vec![field("questionKey", Wording::Ours(Phrase::Question), Control::Select(known)), answer()];
    let write = vec![
        field("questionKey", Wording::Ours(Phrase::Question), Control::Fixed("custom".into())),
        field("question", Wording::Ours(Phrase::OwnQuestion), Control::Text(TextKind::Plain)),
        answer(),
    ];
    let forms =
        vec![(Wording::Ours(Phrase::PickQuestion), pick), (Wording::Ours(Phrase::WriteQuestion), write)];
    vec![Field {
        path: vec!["questions".to_owned()],
        label: Wording::Ours(Phrase::EnrollQuestion),
        required: true,
        min_length: None,
        control: Control::Forms(forms.into()),
        start: String::new(),
    }]
}

fn named(fields: Vec<Field>, names: &[&str]) -> Vec<Field> {
    fields.into_iter().filter(|field| names.iter().any(|name| field.id() == *name)).collect()
}

/// The authenticators with codes of six digits, unless the org says otherwise.
const SIX_DIGITS: [&str; 4] = ["okta_email", "phone_number", "google_otp", "okta_verify"];

fn of_six_digits(field: Field) -> Field {
    match field.control {
        Control::Code(ExpectedCode { characters: CodeCharacters::Digits, length: None }) => {
            let format = ExpectedCode { characters: CodeCharacters::Digits, length: Some(6) };
            Field { control: Control::Code(format), ..field }
        }
        _ => field,
    }
}

fn or_passkey(field: Field) -> Field {
    match field.control {
        Control::Text(TextKind::Username) => {
            Field { control: Control::Text(TextKind::UsernameOrPasskey), ..field }
        }
        _ => field,
    }
}

/// The second of two codes in a row is a code, too.
fn next_code(field: Field) -> Field {
    match field.id().as_str() {
        "nextPasscode" => Field {
            control: Control::Code(ExpectedCode { characters: CodeCharacters::Digits, length: None }),
            ..field
        },
        _ => field,
    }
}

fn by_email(field: Field) -> Field {
    match field.control {
        Control::Text(TextKind::Username) => Field { label: Wording::Ours(Phrase::Email), ..field },
        _ => field,
    }
}
