//! JSON as a tape: a list of nodes that point into the text, in place of a tree.
//!
//! A response is read several times and never changed. A tape costs one allocation, and names and texts stay in place.

use std::fmt;

use serde_json::Number;
use zeroize::Zeroizing;

/// A JSON text and the position of each of its values.
#[derive(Clone)]
pub(crate) struct Tape {
    pub(super) text: Zeroizing<String>,
    /// The names and texts that are escaped in `text`, without their escapes.
    pub(super) unescaped: Zeroizing<String>,
    /// Depth first: the values inside a value follow it.
    pub(super) nodes: Vec<Node>,
}

#[derive(Clone)]
pub(super) struct Node {
    /// The value's name in the object around it.
    pub(super) name: Span,
    pub(super) kind: NodeKind,
    /// The index after the value and everything inside it.
    pub(super) end: usize,
}

#[derive(Clone)]
pub(super) enum NodeKind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Span),
    List,
    Object,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_unescaped: bool,
}

impl Tape {
    /// The JSON text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        self.source(span).get(span.start..span.end).unwrap_or_default()
    }

    /// Whether a span has this text. The lengths are compared first, because most names differ in length.
    pub(super) fn is(&self, span: Span, text: &str) -> bool {
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
