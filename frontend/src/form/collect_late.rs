//! Collects the answers of the controls in the late part.

use super::code::code;
use super::collect::{FormAnswers, Typed, non_empty, take_all};
use super::phone_number;
use crate::decimal;
use crate::flow::field::{Control, Field, SelectOption, TextKind};
use crate::text::{Phrase, Wording};
use latchkey_contract::{I18n, Message, Value};

/// Collects the answer of a control of the late part.
pub(crate) fn take(field: &Field, typed: Typed<'_>, answers: &mut FormAnswers) {
    let id = field.id();
    let words = typed(&id);
    let value = match &field.control {
        Control::Forms(forms) => {
            let chosen = words.parse().unwrap_or(0);
            let inner = forms.get(chosen).map(|(_, inner)| inner.as_slice()).unwrap_or_default();
            return take_all(inner, typed, take, answers);
        }
        Control::Radios(options) | Control::Select(options) => match chosen(options, &words) {
            Some(Value::Object(values)) => return answers.values.extend(values),
            value => value,
        },
        Control::NewPassword(entry) => {
            if !entry.is_typed_once && words != typed(&again(&id)) {
                answers.errors.push((again(&id), Wording::Ours(Phrase::PasswordsDiffer)));
            }
            non_empty(&words)
        }
        Control::Code(format) => non_empty(&code(&words, format.characters)),
        Control::Captcha if words.is_empty() => {
            answers.is_pending = true;
            return;
        }
        Control::Captcha => non_empty(&words),
        Control::Phone => non_empty(&phone_number::international(&typed(&country(&id)), &words)),
        Control::Text(TextKind::Number) => {
            decimal::read(words.trim()).map(Value::Number).or_else(|| non_empty(&words))
        }
        Control::Text(TextKind::Integer) => {
            words.trim().parse().ok().map(Value::Integer).or_else(|| non_empty(&words))
        }
        Control::Text(_) => non_empty(words.trim()),
        Control::Password | Control::Checkbox | Control::Group(_) | Control::Fixed(_) => {
            return;
        }
    };
    if let Some(least) = field.min_length.filter(|least| is_shorter(value.as_ref(), *least)) {
        answers.errors.push((id, too_short(least)));
        return;
    }
    answers.add(field, value);
}

/// Whether this is a text of fewer characters. A value that is missing is an error of its own.
fn is_shorter(value: Option<&Value>, least: u32) -> bool {
    value.and_then(Value::text).is_some_and(|text| (text.chars().count() as u32) < least)
}

/// The error of a text that is too short, by the key that Okta's widget has for it.
pub(super) fn too_short(least: u32) -> Wording {
    let key = "model.validation.field.string.minLength".to_owned();
    Wording::Message(Message {
        i18n: Some(I18n { key, params: vec![Value::Integer(least.into())] }),
        ..Message::default()
    })
}

/// The id of the second field of a new password.
pub(super) fn again(id: &str) -> String {
    format!("{id}-again")
}

/// The id of a phone number's country.
pub(super) fn country(id: &str) -> String {
    format!("{id}-country")
}

fn chosen(options: &[SelectOption], words: &str) -> Option<Value> {
    options.get(words.parse::<usize>().ok()?).map(|option| option.value.clone())
}
