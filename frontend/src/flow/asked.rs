//! What a step asks of the person, and what is sent besides.

use super::field::{Control, Field, Label, Opt, Typed, fields};
use super::page::Page;
use super::screen::{About, SKIP};
use crate::text::Line;
use latchkey_contract::{ChoiceValue, ContextualData, Input, Settings, Step, Transaction, Value, Values};

/// The step that a passkey answers which is picked where the username is typed.
pub(crate) const AUTOFILL: &str = "challenge-webauthn-autofillui-authenticator";

/// What such a passkey signs, if the org takes one.
pub(crate) fn offered(transaction: &Transaction) -> Option<&Value> {
    let step = transaction.available_steps.iter().find(|step| step.name == AUTOFILL)?;
    step.authenticator.as_ref()?.contextual_data.as_ref()?.challenge_data.as_ref()
}

/// Whether there is something in it for the person to fill in.
pub(crate) fn asks(step: &Step) -> bool {
    step.inputs.iter().any(is_asked)
}

fn is_asked(input: &Input) -> bool {
    input.is_shown() && input.form.as_ref().is_none_or(|form| form.value.iter().any(is_asked))
}

impl About<'_> {
    pub(super) fn fields(&self, page: &Page) -> Vec<Field> {
        let all = fields(&self.step.inputs, self.rules(page).as_ref());
        match page {
            // The guides ask for a question in three inputs of which two exclude each other.
            Page::EnrollQuestion => questions(self.data, all),
            Page::MessageType => named(all, &["methodType"]),
            Page::Phone => named(all, &["phoneNumber"]),
            Page::ResetPassword => all.into_iter().map(by_email).collect(),
            Page::SignIn if offered(self.transaction).is_some() => all.into_iter().map(or_passkey).collect(),
            Page::SignUp
            | Page::SignIn
            | Page::Profile
            | Page::UnlockAccount
            | Page::Choose
            | Page::HowToVerify(_)
            | Page::Channel(_)
            | Page::ChannelAddress(_)
            | Page::Password
            | Page::SetPassword
            | Page::ExpiredPassword
            | Page::ExpiringPassword(_)
            | Page::Code(_)
            | Page::EnrollApp { .. }
            | Page::Answer(_)
            | Page::Consent
            | Page::StaySignedIn
            | Page::General(_) => all,
        }
    }

    /// The rules for a new password; on a page that asks for an old one there are none.
    fn rules(&self, page: &Page) -> Option<Settings> {
        match page {
            Page::SetPassword | Page::ExpiredPassword | Page::ExpiringPassword(_) | Page::SignUp => {
                Some(self.settings().cloned().unwrap_or_default())
            }
            _ => None,
        }
    }

    pub(super) fn always(&self) -> Values {
        let mut values = Values::new();
        let name = self.step.name.as_str();
        if name == SKIP {
            values.insert(name.to_owned(), true.into());
        } else if self.transaction.next_step.as_ref().is_none_or(|next| next.name != name) {
            values.insert("step".to_owned(), name.into());
        }
        // An authenticator's method that leaves no choice is sent without being asked for.
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

fn questions(data: &ContextualData, asked: Vec<Field>) -> Vec<Field> {
    if data.questions.is_empty() {
        return asked;
    }
    let field = |name: &str, label, control| Field {
        path: vec![name.to_owned()],
        label,
        required: true,
        control,
        start: String::new(),
    };
    let answer = || field("answer", Label::Ours(Line::Answer), Control::Text(Typed::Plain));
    let known = data
        .questions
        .iter()
        .map(|known| Opt {
            label: Label::Org(known.question.clone()),
            value: known.question_key.as_str().into(),
        })
        .collect();
    let pick = vec![field("questionKey", Label::Ours(Line::Question), Control::List(known)), answer()];
    let write = vec![
        field("questionKey", Label::Ours(Line::Question), Control::Fixed("custom".into())),
        field("question", Label::Ours(Line::OwnQuestion), Control::Text(Typed::Plain)),
        answer(),
    ];
    let forms = vec![(Label::Ours(Line::PickQuestion), pick), (Label::Ours(Line::WriteQuestion), write)];
    vec![Field {
        path: vec!["questions".to_owned()],
        label: Label::Ours(Line::EnrollQuestion),
        required: true,
        control: Control::Forms(forms.into()),
        start: String::new(),
    }]
}

fn named(fields: Vec<Field>, names: &[&str]) -> Vec<Field> {
    fields.into_iter().filter(|field| names.iter().any(|name| field.id() == *name)).collect()
}

fn or_passkey(field: Field) -> Field {
    match field.control {
        Control::Text(Typed::Username) => Field { control: Control::Text(Typed::UsernameOrPasskey), ..field },
        _ => field,
    }
}

fn by_email(field: Field) -> Field {
    match field.control {
        Control::Text(Typed::Username) => Field { label: Label::Ours(Line::Email), ..field },
        _ => field,
    }
}
