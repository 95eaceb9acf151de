//! JSON read in place: names and texts are borrowed from the response, members keep their order.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};

/// One value of a response. A tree of this kind costs a third of an owned one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ion<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Ion<'a>>),
    Members(Vec<(Cow<'a, str>, Ion<'a>)>),
}

impl<'a> Ion<'a> {
    /// The member of that name; of several, the last, as every JSON reader takes it.
    pub(crate) fn get(&self, name: &str) -> Option<&Ion<'a>> {
        self.members().iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Ion::as_text)
    }

    /// The entries of a list member; of anything else, none.
    pub(crate) fn list(&self, name: &str) -> &[Ion<'a>] {
        self.get(name).map_or(&[], Ion::items)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    pub(crate) fn items(&self) -> &[Ion<'a>] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn members(&self) -> &[(Cow<'a, str>, Ion<'a>)] {
        match self {
            Self::Members(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn is_members(&self) -> bool {
        matches!(self, Self::Members(_))
    }

    /// The fields of a nested form: `{"form": {"value": […]}}`.
    pub(crate) fn form_fields(&self) -> &[Ion<'a>] {
        self.get("form").map_or(&[], |form| form.list("value"))
    }

    /// Whether the org means it to be there: not absent, null, false, zero or empty text.
    pub(crate) fn is_set(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) => number.as_f64() != Some(0.0),
            Self::Text(text) => !text.is_empty(),
            Self::List(_) | Self::Members(_) => true,
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.to_string()),
            Self::List(items) => Value::Array(items.iter().map(Ion::to_value).collect()),
            Self::Members(members) => Value::Object(
                members.iter().map(|(name, value)| (name.to_string(), value.to_value())).collect(),
            ),
        }
    }
}

impl Serialize for Ion<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Members(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Ion<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InPlace)
    }
}

struct InPlace;

impl<'de> Visitor<'de> for InPlace {
    type Value = Ion<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Ion<'de>, E> {
        Ok(Ion::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Ion<'de>, E> {
        Ok(Ion::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Ion<'de>, E> {
        Ok(Ion::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Ion<'de>, E> {
        Ok(Ion::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Ion<'de>, E> {
        Ok(Number::from_f64(value).map_or(Ion::Null, Ion::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Ion<'de>, E> {
        Ok(Ion::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Ion<'de>, E> {
        Ok(Ion::Text(Cow::Borrowed(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Ion<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = entries.next_element()? {
            items.push(item);
        }
        Ok(Ion::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Ion<'de>, A::Error> {
        // A field has seldom fewer than four members: one allocation instead of two.
        let mut members = Vec::with_capacity(4);
        while let Some((Label(name), value)) = entries.next_entry()? {
            members.push((name, value));
        }
        Ok(Ion::Members(members))
    }
}

/// A member's name. serde's own `Cow` would copy it.
struct Label<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Label<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(LabelInPlace)
    }
}

struct LabelInPlace;

impl<'de> Visitor<'de> for LabelInPlace {
    type Value = Label<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Label<'de>, E> {
        Ok(Label(Cow::Owned(name.to_owned())))
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Label<'de>, E> {
        Ok(Label(Cow::Borrowed(name)))
    }
}
