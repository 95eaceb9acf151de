//! The fields that a person fills in, read from the inputs of a step.

use super::expected_code::{CodeCharacters, ExpectedCode};
use super::field_label::{label, option_label};
use crate::decimal;
use crate::text::Wording;
use crate::values;
use latchkey_contract::{
    AuthenticatorSettings, Choice, ChoiceValue, GracePeriod, Input, InputKind, Profile, Value,
};
use std::sync::Arc;

/// A field with its label, or a group of fields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// The path of its value in the answer: the input's name, or the names down to it.
    pub(crate) path: Vec<String>,
    pub(crate) label: Wording,
    pub(crate) required: bool,
    /// The fewest characters of its value.
    pub(crate) min_length: Option<u32>,
    pub(crate) control: Control,
    /// Its initial value.
    pub(crate) start: String,
}

/// The kind of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Control {
    /// A line of text.
    Text(TextKind),
    /// An existing secret.
    Password,
    /// A new secret.
    NewPassword(NewPassword),
    /// A code from a message, an app or a token.
    Code(ExpectedCode),
    /// A country and a number, sent as E.164.
    Phone,
    Checkbox,
    /// One of a few options, as radios.
    Radios(Vec<SelectOption>),
    /// One of many options, as a list.
    Select(Vec<SelectOption>),
    /// One of several nested forms.
    Forms(Arc<[(Wording, Vec<Field>)]>),
    /// A group of fields.
    Group(Vec<Field>),
    /// The token of a CAPTCHA, which the page makes.
    Captcha,
    /// Sent without being shown.
    Fixed(Value),
}

/// A new password and its rules.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewPassword {
    pub(crate) rules: AuthenticatorSettings,
    /// Whether the person types it once, and not twice.
    pub(crate) is_typed_once: bool,
}

/// The content of a text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextKind {
    Username,
    /// A passkey chosen by autofill here identifies the person and proves it.
    UsernameOrPasskey,
    Plain,
    Email,
    GivenName,
    FamilyName,
    /// Another name of a person, a place or an organization, with its `autocomplete` token.
    Name(&'static str),
    Number,
    Integer,
    Date,
}

/// An option to choose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SelectOption {
    pub(crate) label: Wording,
    /// The value of the input. An object has the values of several inputs, the field's among them.
    pub(crate) value: Value,
    /// Its masked address or number, or the name of the app of which it is a method.
    pub(crate) target: Option<String>,
    /// For how long it may still be left out.
    pub(crate) grace: Option<GracePeriod>,
}

impl Field {
    /// Its id in the page; unique within a form.
    pub(crate) fn id(&self) -> String {
        self.path.join(".")
    }

    /// Whether its control is in the late part.
    pub(crate) fn is_late(&self) -> bool {
        match &self.control {
            Control::Text(TextKind::Number | TextKind::Integer)
            | Control::NewPassword(_)
            | Control::Code(_)
            | Control::Phone
            | Control::Captcha
            | Control::Radios(_)
            | Control::Select(_)
            | Control::Forms(_) => true,
            Control::Text(_) => self.min_length.is_some(),
            Control::Password | Control::Checkbox | Control::Fixed(_) => false,
            Control::Group(inner) => inner.iter().any(Self::is_late),
        }
    }

    /// Whether the person has nothing to fill in here.
    pub(crate) fn is_fixed(&self) -> bool {
        match &self.control {
            Control::Fixed(_) => true,
            Control::Group(inner) => inner.iter().all(Self::is_fixed),
            _ => false,
        }
    }

    /// Whether its value is secret: it is neither stored for a reload nor restored.
    pub(crate) fn is_secret(&self) -> bool {
        let is_answer = self.path.last().is_some_and(|name| name == "answer");
        is_answer || matches!(self.control, Control::Password | Control::NewPassword(_) | Control::Code(_))
    }
}

/// The input for the token of a CAPTCHA, inside `captchaVerify`.
const CAPTCHA_TOKEN: &str = "captchaToken";
/// The most options to show as radios; more become a list.
const MAX_RADIOS: usize = 7;

/// The inputs that say how a person proves who they are. Their options are always in sight.
const METHODS: [&str; 3] = ["authenticator", METHOD, "channel"];
/// The input of the method of an authenticator.
const METHOD: &str = "methodType";

/// Every field the person fills, in the org's order. `rules` are those for a new password.
pub(crate) fn fields(inputs: &[Input], rules: Option<&AuthenticatorSettings>) -> Vec<Field> {
    inputs.iter().filter(|input| input.is_shown()).map(|input| field(input, &[], rules)).collect()
}

fn field(input: &Input, above: &[String], rules: Option<&AuthenticatorSettings>) -> Field {
    let path: Vec<String> = above.iter().cloned().chain([input.name.clone()]).collect();
    Field {
        label: label(input),
        required: input.required,
        min_length: input.min_length,
        control: control(input, &path, rules),
        start: input.value.as_ref().map(plain).unwrap_or_default(),
        path,
    }
}

fn control(input: &Input, path: &[String], rules: Option<&AuthenticatorSettings>) -> Control {
    if input.name == CAPTCHA_TOKEN {
        return Control::Captcha;
    }
    if input.visible == Some(false) || input.mutable == Some(false) {
        return Control::Fixed(input.value.clone().unwrap_or_else(|| "".into()));
    }
    if let Some(form) = &input.form {
        return Control::Group(within(&form.value, path, rules));
    }
    if !input.options.is_empty() {
        return choice(&input.options, path, rules);
    }
    let new_password = |rules: Option<&AuthenticatorSettings>| {
        Control::NewPassword(NewPassword {
            rules: rules.cloned().unwrap_or_default(),
            is_typed_once: input.typed_once,
        })
    };
    match (input.name.as_str(), &input.kind) {
        (_, InputKind::Boolean) => Control::Checkbox,
        (_, InputKind::Number) => Control::Text(TextKind::Number),
        (_, InputKind::Integer) => Control::Text(TextKind::Integer),
        ("newPassword", _) => new_password(rules),
        ("password" | "passcode", _) if rules.is_some() => new_password(rules),
        ("password" | "passcode", _) => Control::Password,
        // With a PIN in it, or from a key that types it.
        ("verificationCode", _) if input.secret => Control::Password,
        ("userCode", _) | ("verificationCode" | "otp" | "totp", InputKind::Alphanumeric) => {
            Control::Code(ExpectedCode::of(CodeCharacters::Letters, input))
        }
        ("verificationCode" | "otp" | "totp", _) => {
            Control::Code(ExpectedCode::of(CodeCharacters::Digits, input))
        }
        ("phoneNumber" | "mobilePhone" | "primaryPhone", _) => Control::Phone,
        ("username" | "identifier", _) => Control::Text(TextKind::Username),
        ("email" | "secondEmail", _) => Control::Text(TextKind::Email),
        ("firstName", _) => Control::Text(TextKind::GivenName),
        ("lastName", _) => Control::Text(TextKind::FamilyName),
        ("middleName", _) => Control::Text(TextKind::Name("additional-name")),
        ("displayName", _) => Control::Text(TextKind::Name("name")),
        ("nickName", _) => Control::Text(TextKind::Name("nickname")),
        ("streetAddress", _) => Control::Text(TextKind::Name("street-address")),
        ("city", _) => Control::Text(TextKind::Name("address-level2")),
        ("organization", _) => Control::Text(TextKind::Name("organization")),
        ("title", _) => Control::Text(TextKind::Name("organization-title")),
        (_, InputKind::Date) => Control::Text(TextKind::Date),
        _ if input.secret => Control::Password,
        _ => Control::Text(TextKind::Plain),
    }
}

/// Options are values to pick from, or forms of which one is filled; an org does not mix them.
fn choice(options: &[Choice], path: &[String], rules: Option<&AuthenticatorSettings>) -> Control {
    let forms: Vec<(Wording, Vec<Field>)> = options
        .iter()
        .filter_map(|option| match &option.value {
            Some(ChoiceValue::Form { form }) => {
                Some((Wording::Org(option.label.clone()), within(&form.value, path, rules)))
            }
            Some(ChoiceValue::Plain(_)) | None => None,
        })
        .collect();
    if !forms.is_empty() {
        return Control::Forms(forms.into());
    }
    let name = path.last().map_or("", String::as_str);
    let options: Vec<SelectOption> = options.iter().flat_map(|option| select_options(name, option)).collect();
    if options.len() > MAX_RADIOS && !METHODS.contains(&name) {
        Control::Select(options)
    } else {
        Control::Radios(options)
    }
}

/// The option, or one for each of its methods.
fn select_options(name: &str, option: &Choice) -> Vec<SelectOption> {
    let value = match &option.value {
        Some(ChoiceValue::Plain(value)) => value.clone(),
        Some(ChoiceValue::Form { .. }) | None => option.label.as_str().into(),
    };
    if option.methods.is_empty() {
        return vec![SelectOption {
            label: option_label(name, &value, &option.label),
            target: option.profile.as_ref().and_then(target),
            value,
            grace: option.grace_period.clone(),
        }];
    }
    let methods = option.methods.iter().flat_map(|method| select_options(METHOD, method));
    let with_name = |method: SelectOption| {
        let values = values::both(values::one(name, value.clone()), values::one(METHOD, method.value));
        SelectOption { value: Value::Object(values), target: Some(option.label.clone()), ..method }
    };
    methods.map(with_name).collect()
}

fn within(inputs: &[Input], path: &[String], rules: Option<&AuthenticatorSettings>) -> Vec<Field> {
    inputs.iter().map(|input| field(input, path, rules)).collect()
}

fn target(profile: &Profile) -> Option<String> {
    profile.email.clone().or_else(|| profile.phone_number.clone())
}

/// A value as text.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => decimal::words(*number).unwrap_or_default(),
        Value::Text(text) => text.clone(),
        Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => members.values().map(plain).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, kind: InputKind) -> Control {
        let input = Input { name: name.into(), kind, ..Input::default() };
        let mut fields = fields(&[input], None);
        fields.remove(0).control
    }

    #[test]
    fn an_unknown_input_gets_the_control_of_its_kind() {
        for (kind, control) in [
            (InputKind::String, Control::Text(TextKind::Plain)),
            (InputKind::Number, Control::Text(TextKind::Number)),
            (InputKind::Integer, Control::Text(TextKind::Integer)),
            (InputKind::Boolean, Control::Checkbox),
            (InputKind::Date, Control::Text(TextKind::Date)),
            (InputKind::Other("colour".into()), Control::Text(TextKind::Plain)),
        ] {
            assert_eq!(given("favourite", kind), control);
        }
    }

    #[test]
    fn a_well_known_input_gets_its_autocomplete_token() {
        for (name, control) in [
            ("username", Control::Text(TextKind::Username)),
            ("email", Control::Text(TextKind::Email)),
            (
                "verificationCode",
                Control::Code(ExpectedCode { characters: CodeCharacters::Digits, length: None }),
            ),
            ("phoneNumber", Control::Phone),
            ("password", Control::Password),
            ("middleName", Control::Text(TextKind::Name("additional-name"))),
            ("city", Control::Text(TextKind::Name("address-level2"))),
        ] {
            assert_eq!(given(name, InputKind::String), control);
        }
    }

    #[test]
    fn a_few_options_are_radios_and_many_are_a_list() {
        let of = |count: usize| {
            let option = |at: usize| Choice {
                label: at.to_string(),
                value: Some(ChoiceValue::Plain(true.into())),
                ..Choice::default()
            };
            let options = (0..count).map(option).collect();
            fields(&[Input { name: "size".into(), options, ..Input::default() }], None).remove(0).control
        };
        assert!(matches!(of(MAX_RADIOS), Control::Radios(_)));
        assert!(matches!(of(MAX_RADIOS + 1), Control::Select(_)));
    }
}
