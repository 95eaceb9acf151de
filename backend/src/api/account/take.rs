//! Takes the members of a body by name.

use crate::http::ApiError;
use latchkey_contract::{Value, Values};
use latchkey_idx::{NewPasskey, PhoneMethod};

/// The most characters of a text that a person types.
const MAX_TEXT_CHARS: usize = 1024;
/// The most characters of what a passkey answers.
const MAX_LONG_TEXT_CHARS: usize = 12 * 1024;

/// The members of a body that were not taken yet.
pub(super) struct Members(pub(super) Values);

impl Members {
    /// A text that must be there.
    pub(super) fn required(&mut self, name: &str) -> Result<String, ApiError> {
        self.optional(name)?.ok_or_else(|| ApiError::invalid(format!("`{name}` is missing")))
    }

    /// A text that may be absent.
    pub(super) fn optional(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        self.text(name, MAX_TEXT_CHARS)
    }

    /// A flag; absent is false.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, ApiError> {
        match self.0.remove(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(ApiError::invalid(format!("`{name}` is not true or false"))),
        }
    }

    /// How a code reaches a phone.
    pub(super) fn phone_method(&mut self) -> Result<PhoneMethod, ApiError> {
        match self.required("methodType")?.as_str() {
            "sms" => Ok(PhoneMethod::Sms),
            "voice" => Ok(PhoneMethod::Voice),
            _ => Err(ApiError::invalid("`methodType` is sms or voice")),
        }
    }

    /// What the browser has made.
    pub(super) fn passkey(&mut self) -> Result<NewPasskey, ApiError> {
        let mut long = |name: &str| {
            let text = self.text(name, MAX_LONG_TEXT_CHARS)?;
            text.ok_or_else(|| ApiError::invalid(format!("`{name}` is missing")))
        };
        let (client_data, attestation) = (long("clientData")?, long("attestation")?);
        Ok(NewPasskey {
            client_data,
            attestation,
            transports: self.optional("transports")?,
            client_extensions: self.optional("clientExtensions")?,
        })
    }

    /// Refuses members that were not taken.
    pub(super) fn end(self) -> Result<(), ApiError> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(_) => Err(ApiError::invalid("the body has a member that this call does not take")),
        }
    }

    fn text(&mut self, name: &str, max_chars: usize) -> Result<Option<String>, ApiError> {
        let Some(value) = self.0.remove(name) else { return Ok(None) };
        let text = value.text().filter(|text| !text.is_empty() && text.chars().count() <= max_chars);
        let wrong = || ApiError::invalid(format!("`{name}` is not a string of 1 to {max_chars} characters"));
        text.map(|text| Some(text.to_owned())).ok_or_else(wrong)
    }
}
