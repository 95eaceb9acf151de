//! A document as it is kept: packed, since every form in it repeats the same words.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use lz4_flex::block;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

/// More than this no document has; what says so was not packed here.
const LARGEST: usize = 16 * 1024 * 1024;

/// A packed text. Where a format is for people to read it is base64, and bytes where it is not.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Packed(Zeroizing<Vec<u8>>);

impl Packed {
    /// The text, packed.
    pub(crate) fn new(text: &str) -> Self {
        Self(Zeroizing::new(block::compress_prepend_size(text.as_bytes())))
    }

    /// The text that was packed.
    pub(crate) fn text(&self) -> Option<String> {
        let (size, packed) = block::uncompressed_size(&self.0).ok()?;
        let text = block::decompress(packed, Some(size).filter(|size| *size <= LARGEST)?).ok()?;
        String::from_utf8(text).ok()
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packed({} bytes)", self.0.len())
    }
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&BASE64.encode(&*self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Bytes)
        } else {
            deserializer.deserialize_bytes(Bytes)
        }
    }
}

/// Reads either way of writing it.
struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Packed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a packed text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Packed, E> {
        BASE64.decode(text).map(|bytes| Packed(Zeroizing::new(bytes))).map_err(E::custom)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Packed, E> {
        Ok(Packed(Zeroizing::new(bytes.to_vec())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_every_form_repeats_is_kept_once() {
        let form = r#"{"rel":["create-form"],"name":"skip","method":"POST","value":[{"name":"stateHandle","required":true,"value":"02.id.abcdef","visible":false,"mutable":false}]}"#;
        let text = format!(r#"{{"stateHandle":"02.id.abcdef","remediation":{{"value":[{form},{form}]}}}}"#);
        let packed = Packed::new(&text);
        assert!(packed.0.len() * 2 < text.len(), "{} of {}", packed.0.len(), text.len());
        assert_eq!(packed.text(), Some(text));
    }

    #[test]
    fn what_claims_to_be_endless_is_not_unpacked() {
        let mut packed = Packed::new("a").0.to_vec();
        packed.splice(..4, u32::MAX.to_le_bytes());
        assert_eq!(Packed(Zeroizing::new(packed)).text(), None);
    }

    proptest! {
        #[test]
        fn whatever_is_packed_can_be_read_in_either_way_of_writing(text in r#"(\{|"stateHandle":"|é|"value":|\PC){0,40}"#) {
            let packed = Packed::new(&text);
            let json = serde_json::to_string(&packed).expect("text");
            let read: Packed = serde_json::from_str(&json).expect("text");
            prop_assert_eq!(read.text(), Some(text.clone()));
            let bytes = Bytes.visit_bytes::<serde::de::value::Error>(&packed.0).expect("bytes");
            prop_assert_eq!(bytes.text(), Some(text));
        }

        #[test]
        fn nothing_that_is_read_ends_in_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Packed(Zeroizing::new(bytes)).text();
        }
    }
}
