//! The part of an answer that is still unused while a flow goes from form to form.

use serde_json::{Map, Value};

use super::answer::Answer;
use crate::protocol::ion::Ion;

/// An answer as it is used up, with the authenticators that it names.
#[derive(Debug, Clone, Default)]
pub(crate) struct RemainingAnswer {
    pub(crate) given: Answer,
    /// The authenticators to choose, in order.
    pub(crate) wanted: Vec<Map<String, Value>>,
    /// Authenticators that were given with more than their key, such as a method or a phone number.
    pub(crate) details: Vec<Map<String, Value>>,
}

impl RemainingAnswer {
    pub(crate) fn new(given: Answer) -> Self {
        let mut answer = Self { given, ..Self::default() };
        if let Some(Value::Array(list)) = answer.given.get("authenticators") {
            answer.wanted = list.iter().filter_map(description).collect();
        }
        answer.collect_authenticators();
        answer
    }

    /// The `authenticator`, if it is given as an object.
    pub(crate) fn explicit_authenticator(&self) -> Option<&Map<String, Value>> {
        self.given.get("authenticator").and_then(Value::as_object)
    }

    /// The `authenticator`, if it is given as an object with an id.
    pub(crate) fn authenticator_by_id(&self) -> Option<&Map<String, Value>> {
        self.explicit_authenticator().filter(|explicit| explicit.contains_key("id"))
    }

    /// Adds `authenticator` to the wanted ones, and the ones with more than a key to the details.
    fn collect_authenticators(&mut self) {
        if let Some(authenticator) = self.given.get("authenticator").and_then(description)
            && !self.wanted.iter().any(|wanted| is_same_authenticator(wanted, &authenticator))
        {
            self.wanted.push(authenticator);
        }
        for wanted in &self.wanted {
            if wanted.len() > 1 && !self.details.contains(wanted) {
                self.details.push(wanted.clone());
            }
        }
    }
}

/// Whether two descriptions have the same id or, without ids, the same key.
pub(crate) fn is_same_authenticator(left: &Map<String, Value>, right: &Map<String, Value>) -> bool {
    let both = |name| match (text(left, name), text(right, name)) {
        (Some(left), Some(right)) => Some(left == right),
        _ => None,
    };
    both("id").or_else(|| both("key")).unwrap_or(false)
}

/// A description of an authenticator of the org, to compare with the ones in an answer.
pub(crate) fn describe(id: Option<Ion<'_>>, key: Option<&str>) -> Map<String, Value> {
    let id = id.and_then(Ion::as_text).map(|id| ("id".to_owned(), id.into()));
    let key = key.map(|key| ("key".to_owned(), key.into()));
    id.into_iter().chain(key).collect()
}

/// The description of an authenticator in an answer: a key, or an object with an id or a key.
fn description(value: &Value) -> Option<Map<String, Value>> {
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
