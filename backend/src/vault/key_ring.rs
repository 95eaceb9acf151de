//! The keys that records are sealed with. The first seals; all of them open, so that keys can be changed while running.

use super::{RecordKey, Sealed, SessionHandle, Unavailable, Version};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest, hkdf, hmac,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{fmt, str::FromStr, sync::Arc};
use zeroize::Zeroizing;

/// The form of a sealed record: one byte for the form, four for the key, twelve for the nonce, then the ciphertext.
const FORM: u8 = 1;
const KIND: &[u8] = b"latchkey session";
/// What the key for the names of subjects is derived by.
const NAMES: &[u8] = b"latchkey subject names";
const NONCE_AT: usize = 5;
const BODY_AT: usize = 17;
/// Most records are no larger than this.
const MOST_OFTEN: usize = 4096;

/// Thirty-two bytes that nobody else knows.
#[derive(Clone)]
pub struct MasterKey {
    id: [u8; 4],
    bytes: Zeroizing<[u8; 32]>,
}

/// The keys, and whose sessions they are for.
pub struct KeyRing {
    first: MasterKey,
    others: Vec<MasterKey>,
    /// What the names of tickets are hashed with. A ticket is made of chance, so its hash tells nothing.
    tickets: hmac::Key,
    /// What the names of subjects are hashed with, under the first master key and under the others. Anybody could guess
    /// such a name, so it takes a master key to work its hash out.
    subjects: (hmac::Key, Vec<hmac::Key>),
}

impl MasterKey {
    /// A new one, from the operating system.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Self::new(bytes))
    }

    fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        let digest = digest::digest(&digest::SHA256, bytes.as_slice());
        let mut id = [0; 4];
        id.iter_mut().zip(digest.as_ref()).for_each(|(id, byte)| *id = *byte);
        Self { id, bytes }
    }
}

impl FromStr for MasterKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut bytes = Zeroizing::new([0; 32]);
        match URL_SAFE_NO_PAD.decode_slice(text.trim_end_matches('='), bytes.as_mut_slice()) {
            Ok(32) => Ok(Self::new(bytes)),
            _ => Err(()),
        }
    }
}

/// Where the record of a ticket belongs, and what seals it there. Worked out once for all that is done with the record in
/// one request: this takes longer than the sealing itself.
#[derive(Clone)]
pub struct RecordLocation(Arc<Derived>);

struct Derived {
    handle: SessionHandle,
    key: RecordKey,
    seal: LessSafeKey,
}

impl RecordLocation {
    /// What the store finds the record by.
    pub fn key(&self) -> RecordKey {
        self.0.key
    }
}

impl KeyRing {
    /// Seals with `first`, opens with any. A session belongs to one client of one issuer and is not found for another.
    pub fn new(first: MasterKey, others: Vec<MasterKey>, issuer: &str, client: &str) -> Self {
        let mut whose = digest::Context::new(&digest::SHA256);
        for part in [issuer, client] {
            whose.update(&(part.len() as u64).to_be_bytes());
            whose.update(part.as_bytes());
        }
        let whose = whose.finish();
        let names = |master: &MasterKey| subject_names(master, whose.as_ref());
        let subjects = (names(&first), others.iter().map(names).collect());
        Self { first, others, tickets: hmac::Key::new(hmac::HMAC_SHA256, whose.as_ref()), subjects }
    }

    /// The place of a ticket's record.
    pub(super) fn place(&self, handle: &SessionHandle) -> Result<RecordLocation, Unavailable> {
        let seal = subkey(&self.first, handle)
            .map_err(|_| Unavailable("the key of a record could not be made".to_owned()))?;
        Ok(RecordLocation(Arc::new(Derived { handle: handle.clone(), key: self.key(handle), seal })))
    }

    fn key(&self, handle: &SessionHandle) -> RecordKey {
        let mut context = hmac::Context::with_key(&self.tickets);
        context.update(&handle.id_bytes());
        context.update(handle.half_bytes());
        let mut key = [0; 32];
        key.iter_mut().zip(context.sign().as_ref()).for_each(|(key, byte)| *key = *byte);
        RecordKey(key)
    }

    /// A ticket that can be found again from the subject and the first key. Its record is sealed by the server alone.
    pub(super) fn ticket_of(&self, subject: &str) -> SessionHandle {
        ticket_of(&self.subjects.0, subject)
    }

    /// The same under each key, the first key first.
    pub(super) fn tickets_of(&self, subject: &str) -> impl Iterator<Item = SessionHandle> {
        let (first, others) = &self.subjects;
        std::iter::once(first).chain(others).map(move |names| ticket_of(names, subject))
    }

    /// What `write` writes, sealed for this place.
    pub(super) fn seal(
        &self,
        place: &RecordLocation,
        version: Version,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Unavailable>,
    ) -> Result<Sealed, Unavailable> {
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(|error| Unavailable(error.to_string()))?;
        let mut sealed = Vec::with_capacity(MOST_OFTEN);
        sealed.push(FORM);
        sealed.extend(self.first.id);
        sealed.extend(nonce);
        write(&mut sealed)?;
        let body = sealed.get_mut(BODY_AT..).unwrap_or_default();
        let aad = Aad::from(belonging(place.0.key, version, self.first.id));
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = place.0.seal.seal_in_place_separate_tag(nonce, aad, body);
        let tag = tag.map_err(|_| Unavailable("a record could not be sealed".to_owned()))?;
        sealed.extend(tag.as_ref());
        Ok(Sealed(sealed))
    }

    /// What was sealed for exactly this place. A record that we did not seal, or that was moved here, is nothing; one
    /// in a form that this version does not know is not thrown away.
    pub(super) fn open(
        &self,
        place: &RecordLocation,
        version: Version,
        sealed: Sealed,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Unavailable> {
        match sealed.0.first() {
            Some(&FORM) => Ok(self.open_form_1(place, version, sealed.0)),
            Some(_) => Err(Unavailable("a record has a form that is not known here".to_owned())),
            None => Ok(None),
        }
    }

    fn open_form_1(
        &self,
        place: &RecordLocation,
        version: Version,
        mut sealed: Vec<u8>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let id: [u8; 4] = sealed.get(1..NONCE_AT)?.try_into().ok()?;
        let nonce = Nonce::try_assume_unique_for_key(sealed.get(NONCE_AT..BODY_AT)?).ok()?;
        let aad = Aad::from(belonging(place.0.key, version, id));
        let body = sealed.get_mut(BODY_AT..)?;
        let length = if id == self.first.id {
            place.0.seal.open_in_place(nonce, aad, body).ok()?.len()
        } else {
            let other = self.others.iter().find(|master| master.id == id)?;
            subkey(other, &place.0.handle).ok()?.open_in_place(nonce, aad, body).ok()?.len()
        };
        let mut plain = Zeroizing::new(sealed);
        plain.truncate(BODY_AT + length);
        plain.drain(..BODY_AT);
        Some(plain)
    }
}

/// What the names of subjects are hashed with under this master key, for one client of one issuer.
fn subject_names(master: &MasterKey, whose: &[u8]) -> hmac::Key {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, master.bytes.as_slice()));
    context.update(NAMES);
    context.update(whose);
    hmac::Key::new(hmac::HMAC_SHA256, context.sign().as_ref())
}

fn ticket_of(names: &hmac::Key, subject: &str) -> SessionHandle {
    let part = |label: &[u8]| {
        let mut context = hmac::Context::with_key(names);
        context.update(label);
        context.update(subject.as_bytes());
        let mut part = [0; 32];
        part.iter_mut().zip(context.sign().as_ref()).for_each(|(part, byte)| *part = *byte);
        part
    };
    SessionHandle::of_subject(part(b"subject name "), part(b"subject half "))
}

/// The key of one session: neither the server nor the browser has it alone.
fn subkey(master: &MasterKey, handle: &SessionHandle) -> Result<LessSafeKey, aws_lc_rs::error::Unspecified> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, handle.half_bytes()).extract(master.bytes.as_slice());
    let id = handle.id_bytes();
    let info = [KIND, &id];
    let expanded = extracted.expand(&info, &AES_256_GCM)?;
    Ok(LessSafeKey::new(UnboundKey::from(expanded)))
}

/// Where a record belongs: moved to another key or back to an older version, it does not open.
fn belonging(key: RecordKey, version: Version, id: [u8; 4]) -> Vec<u8> {
    [KIND, &[FORM], &id, &key.0, &version.to_be_bytes()].concat()
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} keys)", 1 + self.others.len())
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Derived, KeyRing, MasterKey, RecordLocation, subkey};
    use crate::vault::{Sealed, SessionHandle, Version, session_handle::KeyHalf};
    use std::sync::Arc;
    use tower_sessions::session::Id;

    fn seal(ring: &KeyRing, place: &RecordLocation, version: Version, plain: &[u8]) -> Sealed {
        let write = |to: &mut Vec<u8>| {
            to.extend(plain);
            Ok(())
        };
        ring.seal(place, version, write).unwrap()
    }

    fn ring(first: &MasterKey, others: &[&MasterKey]) -> KeyRing {
        let others = others.iter().map(|key| (*key).clone()).collect();
        KeyRing::new(first.clone(), others, "https://org.example", "client")
    }

    fn handle(id: i128) -> SessionHandle {
        SessionHandle::new(Id(id), KeyHalf::fresh().unwrap())
    }

    #[test]
    fn sec_104_a_record_opens_only_where_it_belongs() {
        let ring = ring(&MasterKey::fresh().unwrap(), &[]);
        let [ours, theirs] = [1, 1].map(|id| ring.place(&handle(id)).unwrap());
        let sealed = seal(&ring, &ours, 3, b"CNRY secret");
        let open = |place: &RecordLocation, version, sealed: &[u8]| {
            ring.open(place, version, Sealed(sealed.to_vec())).unwrap()
        };
        let mixed = |row: &RecordLocation, half: &RecordLocation| {
            let handle = half.0.handle.clone();
            let seal = subkey(&ring.first, &handle).unwrap();
            RecordLocation(Arc::new(Derived { handle, key: row.key(), seal }))
        };

        assert_eq!(open(&ours, 3, &sealed.0).unwrap().as_slice(), b"CNRY secret");
        assert!(!sealed.0.windows(4).any(|bytes| bytes == b"CNRY"));
        assert!(open(&mixed(&ours, &theirs), 3, &sealed.0).is_none(), "another cookie half");
        assert!(open(&mixed(&theirs, &ours), 3, &sealed.0).is_none(), "another row");
        assert!(open(&ours, 2, &sealed.0).is_none(), "an older version");
        for at in 1..sealed.0.len() {
            let mut tampered = sealed.0.clone();
            tampered[at] ^= 1;
            assert!(open(&ours, 3, &tampered).is_none(), "byte {at}");
        }
        for length in 0..sealed.0.len() {
            assert!(open(&ours, 3, &sealed.0[..length]).is_none(), "length {length}");
        }
    }

    #[test]
    fn sec_104_keys_change_without_losing_what_is_sealed() {
        let (old, new) = (MasterKey::fresh().unwrap(), MasterKey::fresh().unwrap());
        let handle = handle(2);
        let [before, during, after] = [ring(&old, &[]), ring(&new, &[&old]), ring(&new, &[])];
        let [at_first, meanwhile, at_last] =
            [&before, &during, &after].map(|ring| ring.place(&handle).unwrap());
        assert!(at_first.key() == meanwhile.key() && meanwhile.key() == at_last.key());

        let sealed = seal(&before, &at_first, 1, b"kept");
        assert!(during.open(&meanwhile, 1, sealed.clone()).unwrap().is_some());
        let resealed = seal(&during, &meanwhile, 2, b"kept");
        assert!(after.open(&at_last, 1, sealed).unwrap().is_none());
        assert!(after.open(&at_last, 2, resealed).unwrap().is_some());
    }

    #[test]
    fn sec_214_where_a_subject_is_kept_is_known_to_those_with_a_master_key_alone() {
        let (one, other) = (MasterKey::fresh().unwrap(), MasterKey::fresh().unwrap());
        let keys = |ring: &KeyRing| -> Vec<_> {
            ring.tickets_of("person mary").map(|handle| ring.key(&handle)).collect()
        };
        let [ones, others] = [ring(&one, &[]), ring(&other, &[])].map(|ring| keys(&ring));
        assert_ne!(ones, others);
        assert_eq!(keys(&ring(&one, &[])), ones, "the next process finds it");
        let after_a_change = ring(&other, &[&one]);
        assert_eq!(keys(&after_a_change), [others, ones].concat(), "the first key first");
        assert_eq!(after_a_change.key(&after_a_change.ticket_of("person mary")), keys(&after_a_change)[0]);
    }

    #[test]
    fn rel_08_a_record_of_a_later_form_is_not_thrown_away() {
        let ring = ring(&MasterKey::fresh().unwrap(), &[]);
        let place = ring.place(&handle(3)).unwrap();
        assert!(ring.open(&place, 1, Sealed(vec![2, 0, 0])).is_err());
    }

    #[test]
    fn sec_106_another_client_finds_nothing_under_the_same_cookie() {
        let key = MasterKey::fresh().unwrap();
        let handle = handle(4);
        let of = |issuer, client| KeyRing::new(key.clone(), vec![], issuer, client).key(&handle);
        assert_ne!(of("https://a.example", "client"), of("https://b.example", "client"));
        assert_ne!(of("https://a.example", "client"), of("https://a.example", "other"));
        assert_ne!(of("ab", "c"), of("a", "bc"));
    }
}
