//! The session handle: an id, and a key half that is nowhere else.

use crate::random::{NoRandomness, RandomSource};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;
use zeroize::Zeroizing;

/// The length of the id in base64url.
const ID_LETTERS: usize = 22;
/// The length of the key half in base64url.
const HALF_LETTERS: usize = 43;

/// The id of a session together with the half of its key that only the browser has. It never changes; after a rotation
/// there is another one.
#[derive(Clone)]
pub struct SessionHandle {
    id: [u8; 16],
    half: KeyHalf,
}

/// The browser's half of a key.
#[derive(Clone)]
pub struct KeyHalf(Zeroizing<[u8; 32]>);

impl KeyHalf {
    /// A new key half.
    pub fn random(random: &RandomSource) -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }
}

impl SessionHandle {
    /// A new handle.
    pub fn random(random: &RandomSource) -> Result<Self, NoRandomness> {
        Ok(Self { id: random.bytes()?, half: KeyHalf::random(random)? })
    }

    /// The handle with this id and key half.
    pub fn new(id: [u8; 16], half: KeyHalf) -> Self {
        Self { id, half }
    }

    /// Reads the value of a cookie. A value that `write` cannot have written is none.
    pub fn read(value: &str) -> Option<Self> {
        if value.len() != ID_LETTERS + 1 + HALF_LETTERS {
            return None;
        }
        let (written_id, written_half) = value.split_once('.')?;
        let (mut id, mut half) = ([0; 16], Zeroizing::new([0; 32]));
        let id_length = URL_SAFE_NO_PAD.decode_slice(written_id, &mut id).ok()?;
        let half_length = URL_SAFE_NO_PAD.decode_slice(written_half, half.as_mut_slice()).ok()?;
        let is_whole = id_length == id.len() && half_length == half.len();
        is_whole.then_some(Self { id, half: KeyHalf(half) })
    }

    /// A handle that is no cookie's, derived from a subject. The first half of the digest, last byte first, is the id.
    pub(crate) fn of_subject(digest: [u8; 32], half: [u8; 32]) -> Self {
        let mut id = [0; 16];
        id.iter_mut().rev().zip(digest).for_each(|(id, byte)| *id = byte);
        Self { id, half: KeyHalf(Zeroizing::new(half)) }
    }

    /// The value of the cookie.
    pub fn write(&self) -> String {
        let [id, half] =
            [self.id.as_slice(), self.half.0.as_slice()].map(|part| URL_SAFE_NO_PAD.encode(part));
        format!("{id}.{half}")
    }

    /// The id without the key half. By itself it opens nothing.
    pub fn id(&self) -> [u8; 16] {
        self.id
    }

    pub(crate) fn half_bytes(&self) -> &[u8; 32] {
        &self.half.0
    }
}

impl fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionHandle(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::SessionHandle;
    use crate::random::RandomSource;

    #[test]
    fn sec_10_a_handle_is_read_back_and_is_short() {
        let handle = SessionHandle::random(&RandomSource::system()).unwrap();
        let value = handle.write();
        assert!("__Host-Http-sid=".len() + value.len() <= 100);
        assert_eq!(SessionHandle::read(&value).unwrap().write(), value);
        assert!(!format!("{handle:?}").contains(&value[..8]));
    }

    #[test]
    fn sec_13_a_value_that_was_not_written_here_is_no_handle() {
        let good = SessionHandle::random(&RandomSource::system()).unwrap().write();
        let dotless = good.replace('.', "A");
        let moved = format!("{}.{}", &good[..20], &good[21..]);
        let odd = format!("{}é", &good[..64]);
        let standard = format!("{}.{}", "+".repeat(22), &good[23..]);
        // The last letter of either half carries bits that are not used and must be zero.
        let loose = format!("{}.{}", "_".repeat(22), &good[23..]);
        for value in ["", "a.b", &good[1..], &format!("{good}A"), &dotless, &moved, &odd, &standard, &loose] {
            assert!(SessionHandle::read(value).is_none(), "{value}");
        }
    }
}
