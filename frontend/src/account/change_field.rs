//! The fields of the account page's forms, each with its label and its attributes.

use super::phrase;
use crate::text::Phrase;

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ChangeField {
    CurrentPassword,
    NewPassword,
    /// The new password a second time.
    RepeatedPassword,
    Email,
    PhoneNumber,
    /// How a code reaches a phone.
    MessageType,
    Code,
    /// The name of an enrolment.
    Nickname(String),
}

/// The attributes of an input.
pub(super) struct InputHints {
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) inputmode: Option<&'static str>,
    pub(super) autocapitalize: Option<&'static str>,
    pub(super) maxlength: Option<&'static str>,
}

impl ChangeField {
    /// The name of its value.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::CurrentPassword => "currentPassword",
            Self::NewPassword => "password",
            Self::RepeatedPassword => "again",
            Self::Email => "email",
            Self::PhoneNumber => "phoneNumber",
            Self::MessageType => "methodType",
            Self::Code => "verificationCode",
            Self::Nickname(_) => "nickname",
        }
    }

    pub(super) fn label(&self) -> Phrase {
        match self {
            Self::CurrentPassword => phrase::CURRENT_PASSWORD,
            Self::NewPassword => phrase::NEW_PASSWORD,
            Self::RepeatedPassword => phrase::REPEAT_PASSWORD,
            Self::Email => phrase::NEW_EMAIL_ADDRESS,
            Self::PhoneNumber => phrase::NEW_PHONE_NUMBER,
            Self::MessageType => phrase::MESSAGE_TYPE,
            Self::Code => phrase::VERIFICATION_CODE,
            Self::Nickname(_) => phrase::NAME,
        }
    }

    /// What the value may look like, in words below the input.
    pub(super) fn advice(&self) -> Option<Phrase> {
        (*self == Self::PhoneNumber).then_some(phrase::PHONE_HINT)
    }

    /// The value that it begins with.
    pub(super) fn start(&self) -> &str {
        match self {
            Self::Nickname(name) => name,
            Self::MessageType => MESSAGE_TYPES[0].0,
            _ => "",
        }
    }

    pub(super) fn hints(&self) -> InputHints {
        let plain = |kind, autocomplete| InputHints {
            kind,
            autocomplete,
            inputmode: None,
            autocapitalize: None,
            maxlength: None,
        };
        match self {
            Self::CurrentPassword => plain("password", "current-password"),
            Self::NewPassword | Self::RepeatedPassword => plain("password", "new-password"),
            Self::Email => InputHints {
                inputmode: Some("email"),
                autocapitalize: Some("none"),
                ..plain("email", "email")
            },
            Self::PhoneNumber => InputHints { inputmode: Some("tel"), ..plain("tel", "tel") },
            Self::Code => InputHints {
                inputmode: Some("numeric"),
                autocapitalize: Some("characters"),
                ..plain("text", "one-time-code")
            },
            Self::Nickname(_) | Self::MessageType => {
                InputHints { maxlength: Some("100"), ..plain("text", "off") }
            }
        }
    }
}

/// How a code reaches a phone, by the value of the choice. The first is chosen at first.
pub(super) const MESSAGE_TYPES: [(&str, Phrase); 2] = [("sms", phrase::SMS), ("voice", phrase::CALL)];

/// What is wrong with the values of a form before it is sent: the index of the field, and why.
pub(super) fn mistake(fields: &[ChangeField], values: &[String]) -> Option<(usize, Phrase)> {
    let empty = values.iter().position(|value| value.trim().is_empty());
    let value = |wanted: &ChangeField| {
        fields.iter().zip(values).find(|(field, _)| *field == wanted).map(|(_, value)| value)
    };
    let repeated = fields.iter().position(|field| *field == ChangeField::RepeatedPassword);
    let differs = value(&ChangeField::NewPassword) != value(&ChangeField::RepeatedPassword);
    let different = repeated.filter(|_| differs).map(|at| (at, phrase::PASSWORDS_DIFFER));
    empty.map(|at| (at, phrase::FILL_IN)).or(different)
}

/// The index of the field whose value is refused: the one of this name, else the first that is new.
pub(super) fn refused(fields: &[ChangeField], name: Option<&str>) -> Option<usize> {
    let named = name.and_then(|name| fields.iter().position(|field| field.name() == name));
    let is_new =
        |field: &ChangeField| !matches!(field, ChangeField::CurrentPassword | ChangeField::MessageType);
    named.or_else(|| fields.iter().position(is_new))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORDS: [ChangeField; 3] =
        [ChangeField::CurrentPassword, ChangeField::NewPassword, ChangeField::RepeatedPassword];

    fn mistaken(values: [&str; 3]) -> Option<(usize, Phrase)> {
        mistake(&PASSWORDS, &values.map(str::to_owned))
    }

    #[test]
    fn an_empty_field_is_found_before_passwords_that_differ() {
        assert_eq!(mistaken(["old", "", "other"]), Some((1, phrase::FILL_IN)));
        assert_eq!(mistaken(["old", "new", "  "]), Some((2, phrase::FILL_IN)));
        assert_eq!(mistaken(["old", "new", "other"]), Some((2, phrase::PASSWORDS_DIFFER)));
        assert_eq!(mistaken(["old", "new", "new"]), None);
    }

    #[test]
    fn a_refusal_is_at_the_field_that_the_org_names_else_at_the_new_value() {
        assert_eq!(refused(&PASSWORDS, Some("currentPassword")), Some(0));
        assert_eq!(refused(&PASSWORDS, Some("unknown")), Some(1));
        assert_eq!(refused(&PASSWORDS, None), Some(1));
        assert_eq!(refused(&[ChangeField::MessageType], None), None);
    }
}
