//! What the cookie holds: a name for the session, and a key half that is nowhere else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;
use tower_sessions::session::Id;
use zeroize::Zeroizing;

/// The bytes of the name, and of both together, in base64url.
const NAME_LETTERS: usize = 22;
const HALF_LETTERS: usize = 43;

/// A session's name together with the half of its key that only the browser has.
#[derive(Clone)]
pub struct SessionHandle {
    id: Id,
    half: KeyHalf,
}

/// The browser's half of a key.
#[derive(Clone)]
pub struct KeyHalf(Zeroizing<[u8; 32]>);

impl KeyHalf {
    /// A new one, from the operating system.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }
}

impl SessionHandle {
    /// Both together.
    pub fn new(id: Id, half: KeyHalf) -> Self {
        Self { id, half }
    }

    /// Reads the value of a cookie. Anything that we cannot have written is nothing.
    pub fn read(value: &str) -> Option<Self> {
        if value.len() != NAME_LETTERS + 1 + HALF_LETTERS {
            return None;
        }
        let (name, half) = value.split_once('.')?;
        let mut bytes = Zeroizing::new([0; 32]);
        let decoded = URL_SAFE_NO_PAD.decode_slice(half, bytes.as_mut_slice()).ok()?;
        let id = name.parse().ok().filter(|_| decoded == bytes.len())?;
        Some(Self { id, half: KeyHalf(bytes) })
    }

    /// One that is no cookie's, made from what is known of a subject.
    pub(super) fn of_subject(name: [u8; 32], half: [u8; 32]) -> Self {
        let id = name.iter().take(16).fold(0, |id: u128, byte| (id << 8) | u128::from(*byte));
        Self { id: Id(id.cast_signed()), half: KeyHalf(Zeroizing::new(half)) }
    }

    /// The value of the cookie.
    pub fn write(&self) -> String {
        format!("{}.{}", self.id, URL_SAFE_NO_PAD.encode(self.half.0.as_slice()))
    }

    /// The name alone.
    pub fn id(&self) -> Id {
        self.id
    }

    pub(super) fn id_bytes(&self) -> [u8; 16] {
        self.id.0.to_le_bytes()
    }

    pub(super) fn half_bytes(&self) -> &[u8; 32] {
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
    use super::{KeyHalf, SessionHandle};
    use tower_sessions::session::Id;

    #[test]
    fn sec_10_a_ticket_is_read_back_and_is_short() {
        let handle = SessionHandle::new(Id::default(), KeyHalf::fresh().unwrap());
        let value = handle.write();
        assert!("__Host-Http-sid=".len() + value.len() <= 100);
        assert_eq!(SessionHandle::read(&value).unwrap().write(), value);
        assert!(!format!("{handle:?}").contains(&value[..8]));
    }

    #[test]
    fn sec_13_what_we_cannot_have_written_is_nothing() {
        let good = SessionHandle::new(Id(7), KeyHalf::fresh().unwrap()).write();
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
