//! Reads JSON onto a tape: serde finds the values, and here is noted where they are.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use zeroize::Zeroizing;

use super::{Kind, Node, Span};

/// The values of a text that is one value of JSON, and what stands in it with escapes, without them.
pub(super) fn read(text: &str) -> Result<(Vec<Node>, Zeroizing<String>), serde_json::Error> {
    let nodes = Vec::with_capacity(text.len() / 16);
    let mut reader = Reader { text, unescaped: Zeroizing::default(), nodes };
    let mut source = serde_json::Deserializer::from_str(text);
    InPlace { reader: &mut reader, name: Span::default() }.deserialize(&mut source)?;
    source.end()?;
    Ok((reader.nodes, reader.unescaped))
}

struct Reader<'t> {
    text: &'t str,
    unescaped: Zeroizing<String>,
    nodes: Vec<Node>,
}

impl Reader<'_> {
    fn span(&mut self, text: &str) -> Span {
        let start = self.unescaped.len();
        self.unescaped.push_str(text);
        Span { start, end: self.unescaped.len(), is_unescaped: true }
    }

    /// Where a part of the text is in the text.
    fn span_in_place(&self, part: &str) -> Span {
        let start = part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        Span { start, end: start + part.len(), is_unescaped: false }
    }

    fn push(&mut self, name: Span, kind: Kind) -> usize {
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

/// Reads one value onto the tape.
struct InPlace<'r, 't> {
    reader: &'r mut Reader<'t>,
    name: Span,
}

impl<'de> DeserializeSeed<'de> for InPlace<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for InPlace<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.reader.push(self.name, Kind::Null);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.reader.push(self.name, Kind::Bool(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.reader.push(self.name, Kind::Number(value.into()));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.reader.push(self.name, Kind::Number(value.into()));
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("no number"))?;
        self.reader.push(self.name, Kind::Number(number));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let span = self.reader.span(text);
        self.reader.push(self.name, Kind::Text(span));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        let span = self.reader.span_in_place(text);
        self.reader.push(self.name, Kind::Text(span));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let at = self.reader.push(self.name, Kind::List);
        while entries.next_element_seed(InPlace { reader: self.reader, name: Span::default() })?.is_some() {}
        self.reader.close(at);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let at = self.reader.push(self.name, Kind::Members);
        while let Some(name) = entries.next_key_seed(Label(self.reader))? {
            entries.next_value_seed(InPlace { reader: self.reader, name })?;
        }
        self.reader.close(at);
        Ok(())
    }
}

/// Reads a member's name.
struct Label<'r, 't>(&'r mut Reader<'t>);

impl<'de> DeserializeSeed<'de> for Label<'_, 'de> {
    type Value = Span;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Span, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Label<'_, 'de> {
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

    use crate::ion::{Ion, Tape};

    #[test]
    fn escapes_are_read_and_the_last_of_two_counts() {
        let tape = Tape::read(r#"{"a\n":"\u00e9","b":[1,{"c":null}],"b":[2.5]}"#).expect("JSON");
        assert_eq!(tape.root().text("a\n"), Some("é"));
        assert_eq!(tape.root().list("b").map(Ion::to_value).collect::<Vec<_>>(), [Value::from(2.5)]);
        assert_eq!(tape.root().members().count(), 3);
    }

    #[test]
    fn only_one_whole_value_is_a_tape() {
        for text in ["", "{", "{}x", "[1,]", "1e400", "nul", "\"\\ud800\""] {
            assert!(Tape::read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_another_reader_reads(text in r#"([\[\]{},:1a]|"[a\\né]{0,3}"|null|true|-1\.5e3|\{"a":|"b":\[|\]|\}){0,24}"#) {
            let other: Option<Value> = serde_json::from_str(&text).ok();
            prop_assert_eq!(Tape::read(text).ok().map(|tape| tape.root().to_value()), other);
        }
    }
}
