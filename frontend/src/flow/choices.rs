//! Choices that are buttons: the only method of an authenticator, a consent, and whether to stay signed in.

use super::alternative::Alternative;
use super::field::{Control, Field, SelectOption, fields};
use super::form_kind::{ChoicePurpose, FormKind, OneMethod};
use super::screen::DecisionButtons;
use super::step_reader::StepReader;
use crate::text::{Phrase, Wording};
use crate::values;
use latchkey_contract::{Step, Value, Values};

impl StepReader<'_> {
    /// The kind of a form that asks for the method of an authenticator. A single method is not asked for.
    pub(super) fn with_one_method(&self, kind: FormKind, fields: &mut [Field]) -> FormKind {
        let (purpose, name) = match &kind {
            FormKind::MessageType(_) => (ChoicePurpose::Verify, self.name()),
            FormKind::HowToVerify(name) => (ChoicePurpose::Verify, name.clone()),
            FormKind::Channel(name) => (ChoicePurpose::Enroll, name.clone()),
            _ => return kind,
        };
        let Some(method) = take_only_option(fields) else { return kind };
        let profile = self.profile();
        FormKind::OneMethod(Box::new(OneMethod {
            purpose,
            name,
            method,
            to: profile.email.or(profile.phone_number),
        }))
    }
}

impl StepReader<'_> {
    /// The other channels by which the authenticator can be set up, one action each. A channel that only the org has a name
    /// for is chosen on the page of all channels.
    pub(super) fn channels(&self, select: &Step) -> Vec<Alternative> {
        let current = self.data().and_then(|data| data.selected_channel.as_deref());
        let all = fields(&select.inputs, None);
        let listed: Option<Vec<Alternative>> = channel_options(&all)
            .iter()
            .filter(|option| option.value.text() != current)
            .map(|option| match option.label {
                Wording::Ours(label) => Some(Alternative::Answer(chosen(select, &all, option), label)),
                Wording::Org(_) | Wording::Message(_) => None,
            })
            .collect();
        match listed {
            Some(listed) if !listed.is_empty() => listed,
            _ => vec![Alternative::Show(select.name.clone(), Phrase::SetUpAnotherWay)],
        }
    }
}

/// The options of the choice of a channel.
fn channel_options(fields: &[Field]) -> &[SelectOption] {
    let found = fields.iter().map(|field| match &field.control {
        Control::Radios(options) if field.path.last().is_some_and(|name| name == CHANNEL) => &options[..],
        Control::Group(inner) => channel_options(inner),
        _ => &[],
    });
    found.into_iter().find(|options| !options.is_empty()).unwrap_or_default()
}

/// The answer to `step` with this channel.
fn chosen(step: &Step, fields: &[Field], channel: &SelectOption) -> Values {
    values::both(values::one("step", step.name.as_str()), values_of(fields, channel))
}

/// The values of these fields, which are fixed but for the channel.
fn values_of(fields: &[Field], channel: &SelectOption) -> Values {
    let value = |field: &Field| match &field.control {
        Control::Fixed(value) => Some(value.clone()),
        Control::Radios(_) => Some(channel.value.clone()),
        Control::Group(inner) => Some(Value::Object(values_of(inner, channel))),
        _ => None,
    };
    fields.iter().filter_map(|field| Some((field.path.last()?.clone(), value(field)?))).collect()
}

/// The input of a channel.
const CHANNEL: &str = "channel";

/// Takes the only option of the only choice, which is then sent without being shown.
fn take_only_option(fields: &mut [Field]) -> Option<SelectOption> {
    fields.iter_mut().find_map(|field| match &mut field.control {
        Control::Radios(options) if options.len() == 1 => {
            let only = options.pop()?;
            field.control = Control::Fixed(only.value.clone());
            Some(only)
        }
        Control::Group(inner) => take_only_option(inner),
        _ => None,
    })
}

/// The decision of a consent, or whether to stay signed in. Its input is then answered by the buttons, and no scope is allowed
/// before the person does so.
pub(super) fn decision(
    kind: &FormKind,
    fields: &mut Vec<Field>,
    fixed_values: &mut Values,
) -> Option<Box<DecisionButtons>> {
    let org = |words: &str| Wording::Org(words.to_owned());
    let (name, allow, decline) = match kind {
        FormKind::Consent(_) | FormKind::EmailConsent(_) => {
            ("consent", org("Allow Access"), org("Don't Allow"))
        }
        FormKind::StaySignedIn => {
            ("keepMeSignedIn", Wording::Ours(Phrase::RememberMe), Wording::Ours(Phrase::NotNow))
        }
        _ => return None,
    };
    clear_switches(fields);
    // Okta hides the input where scopes are allowed one by one, and lists no options.
    let at = fields.iter().position(|field| matches!(field.path.as_slice(), [only] if only == name));
    let options = match at.map(|at| fields.remove(at).control) {
        Some(Control::Radios(options)) => options,
        _ => Vec::new(),
    };
    let label = |flag: bool, default: Wording| {
        let option = options.iter().find(|one| one.value == Value::Bool(flag));
        option.map_or(default, |one| one.label.clone())
    };
    let (allow, decline) = (label(true, allow), label(false, decline));
    let mut declined_values = fixed_values.clone();
    declined_values.insert(name.to_owned(), false.into());
    fixed_values.insert(name.to_owned(), true.into());
    Some(Box::new(DecisionButtons { allow, decline, declined_values }))
}

fn clear_switches(fields: &mut [Field]) {
    for field in fields {
        match &mut field.control {
            Control::Checkbox => field.start.clear(),
            Control::Group(inner) => clear_switches(inner),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "choices_tests.rs"]
mod tests;
