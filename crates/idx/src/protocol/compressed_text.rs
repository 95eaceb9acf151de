//! A text compressed with LZ4, for documents that are stored: their forms repeat the same members.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use lz4_flex::block;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

/// A stored size above this limit is refused before anything is allocated.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// A compressed text. It serialises as base64 in human-readable formats and as bytes in binary formats.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CompressedText(Zeroizing<Vec<u8>>);

impl CompressedText {
    /// Compresses a text.
    pub(crate) fn new(text: &str) -> Self {
        Self(Zeroizing::new(block::compress_prepend_size(text.as_bytes())))
    }

    /// Decompresses the text.
    pub(crate) fn text(&self) -> Option<String> {
        let (size, compressed) = block::uncompressed_size(&self.0).ok()?;
        let text = block::decompress(compressed, Some(size).filter(|size| *size <= MAX_TEXT_BYTES)?).ok()?;
        String::from_utf8(text).ok()
    }
}

impl fmt::Debug for CompressedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompressedText({} bytes)", self.0.len())
    }
}

impl Serialize for CompressedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&BASE64.encode(&*self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for CompressedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(CompressedVisitor)
        } else {
            deserializer.deserialize_bytes(CompressedVisitor)
        }
    }
}

/// Reads base64 as well as bytes.
struct CompressedVisitor;

impl Visitor<'_> for CompressedVisitor {
    type Value = CompressedText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a compressed text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<CompressedText, E> {
        BASE64.decode(text).map(|bytes| CompressedText(Zeroizing::new(bytes))).map_err(E::custom)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<CompressedText, E> {
        Ok(CompressedText(Zeroizing::new(bytes.to_vec())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_document_shrinks_to_less_than_half() {
        let form = r#"{"rel":["create-form"],"name":"skip","method":"POST","value":[{"name":"stateHandle","required":true,"value":"02.id.abcdef","visible":false,"mutable":false}]}"#;
        let text = format!(r#"{{"stateHandle":"02.id.abcdef","remediation":{{"value":[{form},{form}]}}}}"#);
        let compressed = CompressedText::new(&text);
        assert!(compressed.0.len() * 2 < text.len(), "{} of {}", compressed.0.len(), text.len());
        assert_eq!(compressed.text(), Some(text));
    }

    #[test]
    fn a_size_above_the_limit_is_refused() {
        let mut compressed = CompressedText::new("a").0.to_vec();
        compressed.splice(..4, u32::MAX.to_le_bytes());
        assert_eq!(CompressedText(Zeroizing::new(compressed)).text(), None);
    }

    proptest! {
        #[test]
        fn any_text_survives_base64_and_bytes(text in r#"(\{|"stateHandle":"|é|"value":|\PC){0,40}"#) {
            let compressed = CompressedText::new(&text);
            let json = serde_json::to_string(&compressed).expect("text");
            let read: CompressedText = serde_json::from_str(&json).expect("text");
            prop_assert_eq!(read.text(), Some(text.clone()));
            let bytes = CompressedVisitor.visit_bytes::<serde::de::value::Error>(&compressed.0).expect("bytes");
            prop_assert_eq!(bytes.text(), Some(text));
        }

        #[test]
        fn any_bytes_decompress_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = CompressedText(Zeroizing::new(bytes)).text();
        }
    }
}
