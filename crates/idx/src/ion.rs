//! JSON read in place: one list of values beside the text, which keeps the words.
//!
//! A response is read several times and written never, so it is not taken apart into a tree: reading costs one
//! allocation, and names and texts stay where they are.

mod reader;

use std::fmt;

use serde_json::{Number, Value};
use zeroize::Zeroizing;

/// A text of JSON and where its values are in it.
#[derive(Clone)]
pub(crate) struct Tape {
    text: Zeroizing<String>,
    /// What stands in the text with escapes, without them.
    unescaped: Zeroizing<String>,
    /// Depth first: the values inside a value follow it.
    nodes: Vec<Node>,
}

#[derive(Clone)]
struct Node {
    /// The name it has in the object around it.
    name: Span,
    kind: Kind,
    /// The place after it and all that is inside it.
    end: usize,
}

#[derive(Clone)]
enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Span),
    List,
    Members,
}

#[derive(Clone, Copy, Default)]
struct Span {
    start: usize,
    end: usize,
    is_unescaped: bool,
}

/// One value of a tape.
#[derive(Clone, Copy)]
pub(crate) struct Ion<'t> {
    tape: &'t Tape,
    at: usize,
}

/// The values inside a value.
#[derive(Clone)]
pub(crate) struct Inside<'t> {
    tape: &'t Tape,
    next: usize,
    end: usize,
}

impl Tape {
    /// Reads a text that is one value of JSON.
    pub(crate) fn read(text: impl Into<String>) -> Result<Self, serde_json::Error> {
        let text = Zeroizing::new(text.into());
        let (nodes, unescaped) = reader::read(&text)?;
        Ok(Self { text, unescaped, nodes })
    }

    pub(crate) fn root(&self) -> Ion<'_> {
        Ion { tape: self, at: 0 }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn slice(&self, span: Span) -> &str {
        self.source(span).get(span.start..span.end).unwrap_or_default()
    }

    /// Whether a part says this. Most names differ in length already.
    fn is(&self, span: Span, text: &str) -> bool {
        span.end - span.start == text.len()
            && self.source(span).as_bytes().get(span.start..span.end) == Some(text.as_bytes())
    }

    fn source(&self, span: Span) -> &str {
        if span.is_unescaped { &self.unescaped } else { &self.text }
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tape({} values)", self.nodes.len())
    }
}

impl<'t> Ion<'t> {
    /// The member of that name; of several, the last, as every JSON reader takes it.
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

    /// The entries of a list member; of anything else, none.
    pub(crate) fn list(self, name: &str) -> Inside<'t> {
        self.get(name).map_or_else(|| self.nothing(), Ion::items)
    }

    /// The entries of a list inside a member: `messages.value`, `remediation.value`.
    pub(crate) fn list_in(self, name: &str, list: &str) -> Inside<'t> {
        self.get(name).map_or_else(|| self.nothing(), |member| member.list(list))
    }

    pub(crate) fn as_text(self) -> Option<&'t str> {
        match self.kind() {
            Some(Kind::Text(span)) => Some(self.tape.slice(*span)),
            _ => None,
        }
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Some(Kind::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_number(self) -> Option<&'t Number> {
        match self.kind() {
            Some(Kind::Number(number)) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn as_u64(self) -> Option<u64> {
        self.as_number().and_then(Number::as_u64)
    }

    pub(crate) fn items(self) -> Inside<'t> {
        match self.kind() {
            Some(Kind::List) => self.inside(),
            _ => self.nothing(),
        }
    }

    pub(crate) fn members(self) -> impl Iterator<Item = (&'t str, Ion<'t>)> + Clone {
        self.member_values().map(|value| (value.own_name(), value))
    }

    /// The members without their names.
    pub(crate) fn member_values(self) -> Inside<'t> {
        if self.is_members() { self.inside() } else { self.nothing() }
    }

    pub(crate) fn is_members(self) -> bool {
        matches!(self.kind(), Some(Kind::Members))
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self.kind(), Some(Kind::List))
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.kind(), Some(Kind::Null))
    }

    /// The fields of a nested form: `{"form": {"value": […]}}`.
    pub(crate) fn form_fields(self) -> Inside<'t> {
        self.list_in("form", "value")
    }

    /// Whether the org means it to be there: not absent, null, false, zero or empty text.
    pub(crate) fn is_set(self) -> bool {
        match self.kind() {
            None | Some(Kind::Null) => false,
            Some(Kind::Bool(value)) => *value,
            Some(Kind::Number(number)) => number.as_f64() != Some(0.0),
            Some(Kind::Text(span)) => span.start < span.end,
            Some(Kind::List | Kind::Members) => true,
        }
    }

    pub(crate) fn to_value(self) -> Value {
        match self.kind() {
            None | Some(Kind::Null) => Value::Null,
            Some(Kind::Bool(value)) => Value::Bool(*value),
            Some(Kind::Number(number)) => Value::Number(number.clone()),
            Some(Kind::Text(span)) => Value::String(self.tape.slice(*span).to_owned()),
            Some(Kind::List) => self.items().map(Ion::to_value).collect(),
            Some(Kind::Members) => {
                self.members().map(|(name, value)| (name.to_owned(), value.to_value())).collect()
            }
        }
    }

    fn own_name(self) -> &'t str {
        self.tape.nodes.get(self.at).map_or("", |node| self.tape.slice(node.name))
    }

    fn kind(self) -> Option<&'t Kind> {
        self.tape.nodes.get(self.at).map(|node| &node.kind)
    }

    fn inside(self) -> Inside<'t> {
        let end = self.tape.nodes.get(self.at).map_or(0, |node| node.end);
        Inside { tape: self.tape, next: self.at + 1, end }
    }

    fn nothing(self) -> Inside<'t> {
        Inside { tape: self.tape, next: 0, end: 0 }
    }
}

impl<'t> Iterator for Inside<'t> {
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

/// Values mean what they say, not where they stand.
impl PartialEq for Ion<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.to_value() == other.to_value()
    }
}
