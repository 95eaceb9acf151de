//! Ion values: one value of a document and the values inside it, read in place from a tape.

use std::fmt;

use serde_json::{Number, Value};

use super::tape::{NodeKind, Tape};

/// One value of a tape.
#[derive(Clone, Copy)]
pub(crate) struct Ion<'t> {
    tape: &'t Tape,
    at: usize,
}

/// The values inside a list or an object.
#[derive(Clone)]
pub(crate) struct Items<'t> {
    tape: &'t Tape,
    next: usize,
    end: usize,
}

impl Tape {
    /// The outermost value.
    pub(crate) fn root(&self) -> Ion<'_> {
        Ion { tape: self, at: 0 }
    }
}

impl<'t> Ion<'t> {
    /// The member of that name. If the name occurs twice the last one counts, as with other JSON parsers.
    pub(crate) fn get(self, name: &str) -> Option<Ion<'t>> {
        self.member_values().filter(|value| value.is_called(name)).last()
    }

    /// Whether it is the member of that name.
    pub(crate) fn is_called(self, name: &str) -> bool {
        self.tape.nodes.get(self.at).is_some_and(|node| self.tape.is(node.name, name))
    }

    pub(crate) fn text(self, name: &str) -> Option<&'t str> {
        self.get(name).and_then(Ion::as_text)
    }

    /// The items of a member that is a list; no items of any other member.
    pub(crate) fn list(self, name: &str) -> Items<'t> {
        self.get(name).map_or_else(|| self.no_items(), Ion::items)
    }

    /// The items of a list inside a member: `messages.value`, `remediation.value`.
    pub(crate) fn list_in(self, name: &str, list: &str) -> Items<'t> {
        self.get(name).map_or_else(|| self.no_items(), |member| member.list(list))
    }

    pub(crate) fn as_text(self) -> Option<&'t str> {
        match self.kind() {
            Some(NodeKind::Text(span)) => Some(self.tape.slice(*span)),
            _ => None,
        }
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Some(NodeKind::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_number(self) -> Option<&'t Number> {
        match self.kind() {
            Some(NodeKind::Number(number)) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn as_u64(self) -> Option<u64> {
        self.as_number().and_then(Number::as_u64)
    }

    pub(crate) fn items(self) -> Items<'t> {
        match self.kind() {
            Some(NodeKind::List) => self.children(),
            _ => self.no_items(),
        }
    }

    pub(crate) fn members(self) -> impl Iterator<Item = (&'t str, Ion<'t>)> + Clone {
        self.member_values().map(|value| (value.name(), value))
    }

    /// The members without their names.
    pub(crate) fn member_values(self) -> Items<'t> {
        if self.is_object() { self.children() } else { self.no_items() }
    }

    pub(crate) fn is_object(self) -> bool {
        matches!(self.kind(), Some(NodeKind::Object))
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self.kind(), Some(NodeKind::List))
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.kind(), Some(NodeKind::Null))
    }

    /// The fields of a nested form: `{"form": {"value": […]}}`.
    pub(crate) fn form_fields(self) -> Items<'t> {
        self.list_in("form", "value")
    }

    /// Truthiness as in JavaScript, on which Okta's own SDK relies: not null, false, zero or an empty text.
    pub(crate) fn is_truthy(self) -> bool {
        match self.kind() {
            None | Some(NodeKind::Null) => false,
            Some(NodeKind::Bool(value)) => *value,
            Some(NodeKind::Number(number)) => number.as_f64() != Some(0.0),
            Some(NodeKind::Text(span)) => span.start < span.end,
            Some(NodeKind::List | NodeKind::Object) => true,
        }
    }

    pub(crate) fn to_value(self) -> Value {
        match self.kind() {
            None | Some(NodeKind::Null) => Value::Null,
            Some(NodeKind::Bool(value)) => Value::Bool(*value),
            Some(NodeKind::Number(number)) => Value::Number(number.clone()),
            Some(NodeKind::Text(span)) => Value::String(self.tape.slice(*span).to_owned()),
            Some(NodeKind::List) => self.items().map(Ion::to_value).collect(),
            Some(NodeKind::Object) => {
                self.members().map(|(name, value)| (name.to_owned(), value.to_value())).collect()
            }
        }
    }

    fn name(self) -> &'t str {
        self.tape.nodes.get(self.at).map_or("", |node| self.tape.slice(node.name))
    }

    fn kind(self) -> Option<&'t NodeKind> {
        self.tape.nodes.get(self.at).map(|node| &node.kind)
    }

    fn children(self) -> Items<'t> {
        let end = self.tape.nodes.get(self.at).map_or(0, |node| node.end);
        Items { tape: self.tape, next: self.at + 1, end }
    }

    fn no_items(self) -> Items<'t> {
        Items { tape: self.tape, next: 0, end: 0 }
    }
}

impl<'t> Iterator for Items<'t> {
    type Item = Ion<'t>;

    fn next(&mut self) -> Option<Ion<'t>> {
        if self.next >= self.end {
            return None;
        }
        let found = Ion { tape: self.tape, at: self.next };
        self.next = self.tape.nodes.get(self.next)?.end;
        Some(found)
    }
}

impl fmt::Debug for Ion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ion({})", self.at)
    }
}

/// Compares content, not position.
impl PartialEq for Ion<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.to_value() == other.to_value()
    }
}
