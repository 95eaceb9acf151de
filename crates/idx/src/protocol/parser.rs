//! The parser: serde finds the values of a JSON text, and their positions go onto a tape.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use zeroize::Zeroizing;

use super::tape::{Node, NodeKind, Span, Tape};

/// Documents have about one value in this many bytes.
const BYTES_PER_VALUE: usize = 16;

impl Tape {
    /// Reads a text that is exactly one JSON value.
    pub(crate) fn read(text: impl Into<String>) -> Result<Self, serde_json::Error> {
        let text = Zeroizing::new(text.into());
        let nodes = Vec::with_capacity(text.len() / BYTES_PER_VALUE);
        let mut parser = Parser { text: &text, unescaped: Zeroizing::default(), nodes };
        let mut source = serde_json::Deserializer::from_str(&text);
        ValueParser { parser: &mut parser, name: Span::default() }.deserialize(&mut source)?;
        source.end()?;
        let Parser { unescaped, nodes, .. } = parser;
        Ok(Self { text, unescaped, nodes })
    }
}

struct Parser<'t> {
    text: &'t str,
    unescaped: Zeroizing<String>,
    nodes: Vec<Node>,
}

impl Parser<'_> {
    fn span(&mut self, text: &str) -> Span {
        let start = self.unescaped.len();
        self.unescaped.push_str(text);
        Span { start, end: self.unescaped.len(), is_unescaped: true }
    }

    /// The position of a slice that serde has borrowed from the text.
    fn span_in_place(&self, part: &str) -> Span {
        let start = part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        Span { start, end: start + part.len(), is_unescaped: false }
    }

    fn push(&mut self, name: Span, kind: NodeKind) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Node { name, kind, end: at + 1 });
        at
    }

    fn close(&mut self, at: usize) {
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(at) {
            node.end = end;
        }
    }
}

/// Reads one value onto the tape, under its name.
struct ValueParser<'r, 't> {
    parser: &'r mut Parser<'t>,
    name: Span,
}

impl<'de> DeserializeSeed<'de> for ValueParser<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueParser<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.parser.push(self.name, NodeKind::Null);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.parser.push(self.name, NodeKind::Bool(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.parser.push(self.name, NodeKind::Number(value.into()));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.parser.push(self.name, NodeKind::Number(value.into()));
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not a number"))?;
        self.parser.push(self.name, NodeKind::Number(number));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let span = self.parser.span(text);
        self.parser.push(self.name, NodeKind::Text(span));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        let span = self.parser.span_in_place(text);
        self.parser.push(self.name, NodeKind::Text(span));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let at = self.parser.push(self.name, NodeKind::List);
        while entries.next_element_seed(ValueParser { parser: self.parser, name: Span::default() })?.is_some()
        {
        }
        self.parser.close(at);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let at = self.parser.push(self.name, NodeKind::Object);
        while let Some(name) = entries.next_key_seed(MemberName(self.parser))? {
            entries.next_value_seed(ValueParser { parser: self.parser, name })?;
        }
        self.parser.close(at);
        Ok(())
    }
}

/// Reads the name of a member.
struct MemberName<'r, 't>(&'r mut Parser<'t>);

impl<'de> DeserializeSeed<'de> for MemberName<'_, 'de> {
    type Value = Span;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Span, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for MemberName<'_, 'de> {
    type Value = Span;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Span, E> {
        Ok(self.0.span(name))
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Span, E> {
        Ok(self.0.span_in_place(name))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use serde_json::Value;

    use super::Tape;
    use crate::protocol::ion::Ion;

    #[test]
    fn escapes_are_decoded_and_the_last_of_two_equal_names_counts() {
        let tape = Tape::read(r#"{"a\n":"\u00e9","b":[1,{"c":null}],"b":[2.5]}"#).expect("JSON");
        assert_eq!(tape.root().text("a\n"), Some("é"));
        assert_eq!(tape.root().list("b").map(Ion::to_value).collect::<Vec<_>>(), [Value::from(2.5)]);
        assert_eq!(tape.root().members().count(), 3);
    }

    #[test]
    fn a_text_that_is_not_exactly_one_value_is_refused() {
        for text in ["", "{", "{}x", "[1,]", "1e400", "nul", "\"\\ud800\""] {
            assert!(Tape::read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_parser_agrees_with_serde_json(text in r#"([\[\]{},:1a]|"[a\\né]{0,3}"|null|true|-1\.5e3|\{"a":|"b":\[|\]|\}){0,24}"#) {
            let expected: Option<Value> = serde_json::from_str(&text).ok();
            prop_assert_eq!(Tape::read(text).ok().map(|tape| tape.root().to_value()), expected);
        }
    }
}
