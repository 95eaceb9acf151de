//! The part of CBOR (RFC 8949) that authenticators send.

/// A CBOR value.
#[derive(Debug)]
pub(super) enum Cbor {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Cbor>),
    Map(Vec<(Cbor, Cbor)>),
    Other,
}

impl Cbor {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        Self::part(bytes, 0).map(|(value, _)| value)
    }

    fn part(bytes: &[u8], depth: u8) -> Option<(Self, &[u8])> {
        const MAX_DEPTH: u8 = 8;
        let (first, rest) = bytes.split_first()?;
        let size = match first & 0x1f {
            small @ 0..=23 => return Self::body(first >> 5, u64::from(small), rest, depth),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let (argument, rest) = rest.split_at_checked(size)?;
        let argument = argument.iter().fold(0, |n, b| n << 8 | u64::from(*b));
        (depth < MAX_DEPTH).then(|| Self::body(first >> 5, argument, rest, depth))?
    }

    fn body(major: u8, argument: u64, rest: &[u8], depth: u8) -> Option<(Self, &[u8])> {
        let length = usize::try_from(argument).ok()?;
        match major {
            0 => Some((Self::Int(i64::try_from(argument).ok()?), rest)),
            1 => Some((Self::Int(-1 - i64::try_from(argument).ok()?), rest)),
            2 => rest.split_at_checked(length).map(|(own, rest)| (Self::Bytes(own.to_vec()), rest)),
            3 => {
                let (own, rest) = rest.split_at_checked(length)?;
                Some((Self::Text(String::from_utf8(own.to_vec()).ok()?), rest))
            }
            4 => {
                let (mut items, mut rest) = (Vec::new(), rest);
                for _ in 0..length {
                    let (item, left) = Self::part(rest, depth + 1)?;
                    items.push(item);
                    rest = left;
                }
                Some((Self::Array(items), rest))
            }
            5 => {
                let (mut entries, mut rest) = (Vec::new(), rest);
                for _ in 0..length {
                    let (key, left) = Self::part(rest, depth + 1)?;
                    let (value, left) = Self::part(left, depth + 1)?;
                    entries.push((key, value));
                    rest = left;
                }
                Some((Self::Map(entries), rest))
            }
            7 => Some((Self::Other, rest)),
            _ => None,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries
            .iter()
            .find(|(key, _)| matches!(key, Self::Text(text) if text == name))
            .map(|(_, value)| value)
    }

    pub(super) fn at(&self, label: i64) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(key, _)| matches!(key, Self::Int(n) if *n == label)).map(|(_, value)| value)
    }

    pub(super) fn first(&self) -> Option<&Self> {
        let Self::Array(items) = self else { return None };
        items.first()
    }

    pub(super) fn int(&self) -> Option<i64> {
        let Self::Int(n) = self else { return None };
        Some(*n)
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        let Self::Bytes(bytes) = self else { return None };
        Some(bytes)
    }

    pub(super) fn text(&self) -> Option<&str> {
        let Self::Text(text) = self else { return None };
        Some(text)
    }
}
