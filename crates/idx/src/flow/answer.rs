//! An answer: the values that a person or an app gives to one step or several, by the names of Okta's guides.

use std::fmt;

use serde_json::{Map, Value};
use zeroize::Zeroize;

/// Values by guide name (`username`, `password`, `verificationCode`, `authenticator`, …), for one step or several.
///
/// Values that a step does not take remain for the next ones, so `username`, `password` and `authenticator` may be given
/// together. Some names are commands instead of values: `skip`, `resend`, `startPolling` (each `true`) and `step` (the
/// name of an available step).
///
/// ```
/// use latchkey_idx::Answer;
///
/// let answer = Answer::default().with("username", "mary@example.com").with("password", "correct horse");
/// assert_eq!(format!("{answer:?}"), r#"Answer {"password", "username"}"#);
/// ```
#[derive(Clone, Default)]
pub struct Answer {
    values: Map<String, Value>,
}

impl Answer {
    /// The answer with one more value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of that name, if it is truthy: not null, false, zero or an empty text.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| is_truthy(value))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// The first of these names that has a value.
    pub(crate) fn first(&self, names: &[&str]) -> Option<&Value> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The value of that name, also if it is false or empty.
    pub(crate) fn raw(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn forget(&mut self, name: &str) {
        if let Some(mut value) = self.values.remove(name) {
            wipe(&mut value);
        }
    }
}

impl FromIterator<(String, Value)> for Answer {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(values: I) -> Self {
        Self { values: values.into_iter().collect() }
    }
}

/// Prints the names only.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer ")?;
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.values.values_mut().for_each(wipe);
    }
}

/// Truthiness as in JavaScript, on which Okta's own SDK relies.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Overwrites the texts inside. Copies that serde has made are out of reach.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
