//! What a person or an app answers: values by the names the guides use.

use std::fmt;

use serde_json::{Map, Value};
use zeroize::Zeroize;

use crate::ion::Ion;

/// Values by guide name (`username`, `password`, `verificationCode`, `authenticator`, …), for one step or several.
///
/// What a step does not take stays for the next ones, so `username`, `password` and `authenticator` may come together.
/// Some names are not values but wishes: `skip`, `resend`, `startPolling` (each `true`) and `step` (the name of one of
/// the available steps).
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

/// What is left of an answer while a flow goes on, with what the authenticators in it have been taken to mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub(crate) given: Answer,
    /// The authenticators to choose, in order.
    pub(crate) wanted: Vec<Map<String, Value>>,
    /// What more was said about an authenticator than its key.
    pub(crate) details: Vec<Map<String, Value>>,
}

impl Answer {
    /// The answer with one value more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// Whether nothing is answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of that name, if it says anything: not null, false, zero or empty text.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| says_something(value))
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

impl Values {
    pub(crate) fn new(given: Answer) -> Self {
        let mut values = Self { given, ..Self::default() };
        if let Some(Value::Array(list)) = values.given.get("authenticators") {
            values.wanted = list.iter().filter_map(described).collect();
        }
        values.note_authenticator();
        values
    }

    /// Puts `authenticator` on the list, and what it says beyond a key among the details.
    pub(crate) fn note_authenticator(&mut self) {
        if let Some(authenticator) = self.given.get("authenticator").and_then(described)
            && !self.wanted.iter().any(|wanted| same_authenticator(wanted, &authenticator))
        {
            self.wanted.push(authenticator);
        }
        for wanted in &self.wanted {
            if wanted.len() > 1 && !self.details.contains(wanted) {
                self.details.push(wanted.clone());
            }
        }
    }

    /// The authenticator, if it is given as an object.
    pub(crate) fn explicit_authenticator(&self) -> Option<&Map<String, Value>> {
        self.given.get("authenticator").and_then(Value::as_object)
    }

    /// The same, if it says by its id which one it is.
    pub(crate) fn authenticator_by_id(&self) -> Option<&Map<String, Value>> {
        self.explicit_authenticator().filter(|explicit| explicit.contains_key("id"))
    }
}

/// The same authenticator by id, or else by key.
pub(crate) fn same_authenticator(left: &Map<String, Value>, right: &Map<String, Value>) -> bool {
    let both = |name| match (text(left, name), text(right, name)) {
        (Some(left), Some(right)) => Some(left == right),
        _ => None,
    };
    both("id").or_else(|| both("key")).unwrap_or(false)
}

/// The id and key of an authenticator of the org, to compare it with what was answered.
pub(crate) fn described_by(id: Option<Ion<'_>>, key: Option<&str>) -> Map<String, Value> {
    let id = id.and_then(Ion::as_text).map(|id| ("id".to_owned(), id.into()));
    let key = key.map(|key| ("key".to_owned(), key.into()));
    id.into_iter().chain(key).collect()
}

fn described(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::String(key) => Some(Map::from_iter([("key".to_owned(), key.as_str().into())])),
        Value::Object(object) if text(object, "id").or_else(|| text(object, "key")).is_some() => {
            Some(object.clone())
        }
        _ => None,
    }
}

fn text<'m>(object: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

pub(crate) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Overwrites the texts inside. serde's own copies are beyond our reach.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
