//! The keys that seal records. The first seals and all of them open, so that keys can be changed while instances run.

use crate::handle::SessionHandle;
use crate::random::{NoRandomness, RandomSource};
use crate::store::{RecordKey, Sealed, Unavailable, Version};
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
/// The label that the key for hashing subjects is derived with.
const SUBJECTS: &[u8] = b"latchkey subject names";
const NONCE_AT: usize = 5;
const BODY_AT: usize = 17;
/// Most records are no larger than this.
const USUAL_RECORD_BYTES: usize = 4096;

/// Thirty-two secret bytes of the server. A text of them in base64url is read by [`str::parse`].
#[derive(Clone)]
pub struct MasterKey {
    id: [u8; 4],
    bytes: Zeroizing<[u8; 32]>,
}

/// The text is not 32 bytes in base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidMasterKey;

/// The master keys, for the sessions of one client of one issuer.
pub struct KeyRing {
    first: MasterKey,
    others: Vec<MasterKey>,
    /// Hashes session handles. A handle is random, so its hash reveals nothing.
    handles: hmac::Key,
    /// Hash subjects, by the first master key and by the others. A subject can be guessed, so its hash takes a master key.
    subjects: (hmac::Key, Vec<hmac::Key>),
}

impl MasterKey {
    /// A new master key.
    pub fn random(random: &RandomSource) -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(bytes.as_mut_slice())?;
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
    type Err = InvalidMasterKey;

    fn from_str(text: &str) -> Result<Self, InvalidMasterKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        match URL_SAFE_NO_PAD.decode_slice(text.trim_end_matches('='), bytes.as_mut_slice()) {
            Ok(32) => Ok(Self::new(bytes)),
            _ => Err(InvalidMasterKey),
        }
    }
}

/// A record key and the key that seals the record there. Derived once for each request, because deriving takes longer than sealing.
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
    /// Seals with `first`, opens with any. Another client or another issuer finds none of the records.
    pub fn new(first: MasterKey, others: Vec<MasterKey>, issuer: &str, client: &str) -> Self {
        let mut owner = digest::Context::new(&digest::SHA256);
        for part in [issuer, client] {
            owner.update(&(part.len() as u64).to_be_bytes());
            owner.update(part.as_bytes());
        }
        let owner = owner.finish();
        let subject_key = |master: &MasterKey| subject_key(master, owner.as_ref());
        let subjects = (subject_key(&first), others.iter().map(subject_key).collect());
        Self { first, others, handles: hmac::Key::new(hmac::HMAC_SHA256, owner.as_ref()), subjects }
    }

    /// The location of a handle's record.
    pub(crate) fn location(&self, handle: &SessionHandle) -> Result<RecordLocation, Unavailable> {
        let seal = subkey(&self.first, handle)
            .map_err(|_| Unavailable("the key of a record could not be made".to_owned()))?;
        Ok(RecordLocation(Arc::new(Derived { handle: handle.clone(), key: self.key(handle), seal })))
    }

    fn key(&self, handle: &SessionHandle) -> RecordKey {
        let mut context = hmac::Context::with_key(&self.handles);
        context.update(&handle.id());
        context.update(handle.half_bytes());
        let mut key = [0; 32];
        key.iter_mut().zip(context.sign().as_ref()).for_each(|(key, byte)| *key = *byte);
        RecordKey(key)
    }

    /// The handle that is derived from a subject and the first master key. Its record is sealed by the server alone.
    pub(crate) fn handle_of(&self, subject: &str) -> SessionHandle {
        handle_of(&self.subjects.0, subject)
    }

    /// The same under each master key, the first one first.
    pub(crate) fn handles_of(&self, subject: &str) -> impl Iterator<Item = SessionHandle> {
        let (first, others) = &self.subjects;
        std::iter::once(first).chain(others).map(move |key| handle_of(key, subject))
    }

    /// What `write` writes, sealed for this location. A nonce is used once.
    pub(crate) fn seal(
        &self,
        location: &RecordLocation,
        version: Version,
        nonce: [u8; 12],
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Unavailable>,
    ) -> Result<Sealed, Unavailable> {
        let mut sealed = Vec::with_capacity(USUAL_RECORD_BYTES);
        sealed.push(FORM);
        sealed.extend(self.first.id);
        sealed.extend(nonce);
        write(&mut sealed)?;
        let body = sealed.get_mut(BODY_AT..).unwrap_or_default();
        let aad = Aad::from(additional_data(location.0.key, version, self.first.id));
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = location.0.seal.seal_in_place_separate_tag(nonce, aad, body);
        let tag = tag.map_err(|_| Unavailable("a record could not be sealed".to_owned()))?;
        sealed.extend(tag.as_ref());
        Ok(Sealed(sealed))
    }

    /// What was sealed for exactly this location. A record that was sealed elsewhere is none; one in a later form is an
    /// error, so that it is not thrown away.
    pub(crate) fn open(
        &self,
        location: &RecordLocation,
        version: Version,
        sealed: Sealed,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Unavailable> {
        match sealed.0.first() {
            Some(&FORM) => Ok(self.open_form_1(location, version, sealed.0)),
            Some(_) => Err(Unavailable("a record has a form that is not known here".to_owned())),
            None => Ok(None),
        }
    }

    fn open_form_1(
        &self,
        location: &RecordLocation,
        version: Version,
        mut sealed: Vec<u8>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let id: [u8; 4] = sealed.get(1..NONCE_AT)?.try_into().ok()?;
        let nonce = Nonce::try_assume_unique_for_key(sealed.get(NONCE_AT..BODY_AT)?).ok()?;
        let aad = Aad::from(additional_data(location.0.key, version, id));
        let body = sealed.get_mut(BODY_AT..)?;
        let length = if id == self.first.id {
            location.0.seal.open_in_place(nonce, aad, body).ok()?.len()
        } else {
            let other = self.others.iter().find(|master| master.id == id)?;
            subkey(other, &location.0.handle).ok()?.open_in_place(nonce, aad, body).ok()?.len()
        };
        let mut plain = Zeroizing::new(sealed);
        plain.truncate(BODY_AT + length);
        plain.drain(..BODY_AT);
        Some(plain)
    }
}

/// The key that hashes subjects, by this master key, for one client of one issuer.
fn subject_key(master: &MasterKey, owner: &[u8]) -> hmac::Key {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, master.bytes.as_slice()));
    context.update(SUBJECTS);
    context.update(owner);
    hmac::Key::new(hmac::HMAC_SHA256, context.sign().as_ref())
}

fn handle_of(key: &hmac::Key, subject: &str) -> SessionHandle {
    let part = |label: &[u8]| {
        let mut context = hmac::Context::with_key(key);
        context.update(label);
        context.update(subject.as_bytes());
        let mut part = [0; 32];
        part.iter_mut().zip(context.sign().as_ref()).for_each(|(part, byte)| *part = *byte);
        part
    };
    SessionHandle::of_subject(part(b"subject name "), part(b"subject half "))
}

/// The key of one record: neither the server nor the browser has it alone.
fn subkey(master: &MasterKey, handle: &SessionHandle) -> Result<LessSafeKey, aws_lc_rs::error::Unspecified> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, handle.half_bytes()).extract(master.bytes.as_slice());
    let id = handle.id();
    let info = [KIND, &id];
    let expanded = extracted.expand(&info, &AES_256_GCM)?;
    Ok(LessSafeKey::new(UnboundKey::from(expanded)))
}

/// What the seal is bound to: a record moved to another key, or put back to an older version, does not open.
fn additional_data(key: RecordKey, version: Version, id: [u8; 4]) -> Vec<u8> {
    [KIND, &[FORM], &id, &key.0, &version.to_be_bytes()].concat()
}

impl fmt::Display for InvalidMasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a master key is 32 bytes in base64url")
    }
}

impl std::error::Error for InvalidMasterKey {}

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
    use crate::handle::SessionHandle;
    use crate::random::RandomSource;
    use crate::store::{Sealed, Version};
    use std::sync::Arc;

    fn seal(ring: &KeyRing, location: &RecordLocation, version: Version, plain: &[u8]) -> Sealed {
        let write = |to: &mut Vec<u8>| {
            to.extend(plain);
            Ok(())
        };
        ring.seal(location, version, RandomSource::system().bytes().unwrap(), write).unwrap()
    }

    fn ring(first: &MasterKey, others: &[&MasterKey]) -> KeyRing {
        let others = others.iter().map(|key| (*key).clone()).collect();
        KeyRing::new(first.clone(), others, "https://org.example", "client")
    }

    fn master() -> MasterKey {
        MasterKey::random(&RandomSource::system()).unwrap()
    }

    fn handle() -> SessionHandle {
        SessionHandle::random(&RandomSource::system()).unwrap()
    }

    #[test]
    fn sec_104_a_record_opens_only_at_its_location_and_version() {
        let ring = ring(&master(), &[]);
        let [ours, theirs] = [(); 2].map(|()| ring.location(&handle()).unwrap());
        let sealed = seal(&ring, &ours, 3, b"CNRY secret");
        let open = |location: &RecordLocation, version, sealed: &[u8]| {
            ring.open(location, version, Sealed(sealed.to_vec())).unwrap()
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
        let (old, new) = (master(), master());
        let handle = handle();
        let [before, during, after] = [ring(&old, &[]), ring(&new, &[&old]), ring(&new, &[])];
        let [at_first, meanwhile, at_last] =
            [&before, &during, &after].map(|ring| ring.location(&handle).unwrap());
        assert!(at_first.key() == meanwhile.key() && meanwhile.key() == at_last.key());

        let sealed = seal(&before, &at_first, 1, b"kept");
        assert!(during.open(&meanwhile, 1, sealed.clone()).unwrap().is_some());
        let resealed = seal(&during, &meanwhile, 2, b"kept");
        assert!(after.open(&at_last, 1, sealed).unwrap().is_none());
        assert!(after.open(&at_last, 2, resealed).unwrap().is_some());
    }

    #[test]
    fn sec_214_the_location_of_a_subject_takes_a_master_key() {
        let (one, other) = (master(), master());
        let keys = |ring: &KeyRing| -> Vec<_> {
            ring.handles_of("person mary").map(|handle| ring.key(&handle)).collect()
        };
        let [ones, others] = [ring(&one, &[]), ring(&other, &[])].map(|ring| keys(&ring));
        assert_ne!(ones, others);
        assert_eq!(keys(&ring(&one, &[])), ones, "the next process finds it");
        let after_a_change = ring(&other, &[&one]);
        assert_eq!(keys(&after_a_change), [others, ones].concat(), "the first key first");
        assert_eq!(after_a_change.key(&after_a_change.handle_of("person mary")), keys(&after_a_change)[0]);
    }

    #[test]
    fn rel_08_a_record_of_a_later_form_is_not_thrown_away() {
        let ring = ring(&master(), &[]);
        let location = ring.location(&handle()).unwrap();
        assert!(ring.open(&location, 1, Sealed(vec![2, 0, 0])).is_err());
    }

    #[test]
    fn sec_106_another_client_finds_nothing_under_the_same_cookie() {
        let key = master();
        let handle = handle();
        let of = |issuer, client| KeyRing::new(key.clone(), vec![], issuer, client).key(&handle);
        assert_ne!(of("https://a.example", "client"), of("https://b.example", "client"));
        assert_ne!(of("https://a.example", "client"), of("https://a.example", "other"));
        assert_ne!(of("ab", "c"), of("a", "bc"));
    }
}
