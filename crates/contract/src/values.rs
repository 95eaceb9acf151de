//! Answers by input name.

use crate::Value;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::mem;

/// The body of a call under `/api/idx`: answers by input name, in the order of the names. There are a handful at most, so
/// they stand in one row: a tree would be longer to download than to search through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(Vec<(String, Value)>);

impl Values {
    /// No answer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is no answer.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many answers there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The answer of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The answer of this name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let at = self.place(name).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// Whether there is an answer of this name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Puts an answer in the place of the one of this name, and returns that.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        match self.place(&name) {
            Ok(at) => self.0.get_mut(at).map(|(_, own)| mem::replace(own, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Takes the answer of this name out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.place(name).ok().map(|at| self.0.remove(at).1)
    }

    /// The answers with their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The names.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.iter().map(|(name, _)| name)
    }

    /// The answers without their names.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(name))
    }
}

impl Extend<(String, Value)> for Values {
    fn extend<T: IntoIterator<Item = (String, Value)>>(&mut self, later: T) {
        for (name, value) in later {
            self.insert(name, value);
        }
    }
}

impl FromIterator<(String, Value)> for Values {
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(answers: T) -> Self {
        let mut values = Self::new();
        values.extend(answers);
        values
    }
}

impl<const N: usize> From<[(String, Value); N]> for Values {
    fn from(answers: [(String, Value); N]) -> Self {
        answers.into_iter().collect()
    }
}

impl IntoIterator for Values {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Values;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Values, A::Error> {
                let mut values = Values::new();
                while let Some((name, value)) = members.next_entry()? {
                    values.insert(name, value);
                }
                Ok(values)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_answer_takes_the_place_of_an_earlier_one_and_names_stand_in_order() {
        let mut values =
            Values::from([("b".to_owned(), Value::from("1")), ("a".to_owned(), Value::from("2"))]);
        assert_eq!(values.insert("b".to_owned(), Value::from("3")), Some(Value::from("1")));
        assert_eq!(values.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((values.get("b").and_then(Value::text), values.get("c")), (Some("3"), None));
        assert_eq!(values.remove("a"), Some(Value::from("2")));
        assert_eq!((values.len(), values.remove("a")), (1, None));
        assert_eq!(serde_json::to_string(&values).unwrap(), r#"{"b":"3"}"#);
    }
}
