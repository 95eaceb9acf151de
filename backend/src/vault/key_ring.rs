//! The keys that records are sealed with. The first seals; all of them open, so that keys can be changed while running.

use super::{Key, Sealed, Ticket, Unavailable, Version};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest, hkdf, hmac,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{fmt, str::FromStr};
use zeroize::Zeroizing;

/// The form of a sealed record: one byte for the form, four for the key, twelve for the nonce, then the ciphertext.
const FORM: u8 = 1;
const KIND: &[u8] = b"latchkey session";
const NONCE_AT: usize = 5;
const BODY_AT: usize = 17;

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
    names: hmac::Key,
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

impl KeyRing {
    /// Seals with `first`, opens with any. A session belongs to one client of one issuer and is not found for another.
    pub fn new(first: MasterKey, others: Vec<MasterKey>, issuer: &str, client: &str) -> Self {
        let mut whose = digest::Context::new(&digest::SHA256);
        for part in [issuer, client] {
            whose.update(&(part.len() as u64).to_be_bytes());
            whose.update(part.as_bytes());
        }
        Self { first, others, names: hmac::Key::new(hmac::HMAC_SHA256, whose.finish().as_ref()) }
    }

    pub(super) fn key(&self, ticket: &Ticket) -> Key {
        let mut context = hmac::Context::with_key(&self.names);
        context.update(&ticket.id_bytes());
        context.update(ticket.half_bytes());
        let mut key = [0; 32];
        key.iter_mut().zip(context.sign().as_ref()).for_each(|(key, byte)| *key = *byte);
        Key(key)
    }

    /// A ticket that can be found again from the subject. Its record is sealed by the server's key alone.
    pub(super) fn ticket_of(&self, subject: &str) -> Ticket {
        let part = |label: &[u8]| {
            let mut context = hmac::Context::with_key(&self.names);
            context.update(label);
            context.update(subject.as_bytes());
            let mut part = [0; 32];
            part.iter_mut().zip(context.sign().as_ref()).for_each(|(part, byte)| *part = *byte);
            part
        };
        Ticket::of_subject(part(b"subject name "), part(b"subject half "))
    }

    pub(super) fn seal(
        &self,
        ticket: &Ticket,
        key: Key,
        version: Version,
        mut plain: Vec<u8>,
    ) -> Result<Sealed, Unavailable> {
        let failed = |_| Unavailable("a record could not be sealed".to_owned());
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(|error| Unavailable(error.to_string()))?;
        let (opening, master) = (nonce, &self.first);
        subkey(master, ticket)
            .and_then(|subkey| {
                let place = Aad::from(place(key, version, master.id));
                subkey.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), place, &mut plain)
            })
            .map_err(failed)?;
        let mut sealed = Vec::with_capacity(BODY_AT + plain.len());
        sealed.push(FORM);
        sealed.extend(master.id);
        sealed.extend(opening);
        sealed.append(&mut plain);
        Ok(Sealed(sealed))
    }

    /// What was sealed for exactly this place. A record that we did not seal, or that was moved here, is nothing; one
    /// in a form that this version does not know is not thrown away.
    pub(super) fn open(
        &self,
        ticket: &Ticket,
        key: Key,
        version: Version,
        sealed: &Sealed,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Unavailable> {
        match sealed.0.first() {
            Some(&FORM) => Ok(self.open_form_1(ticket, key, version, &sealed.0)),
            Some(_) => Err(Unavailable("a record has a form that is not known here".to_owned())),
            None => Ok(None),
        }
    }

    fn open_form_1(
        &self,
        ticket: &Ticket,
        key: Key,
        version: Version,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let id: [u8; 4] = sealed.get(1..NONCE_AT)?.try_into().ok()?;
        let nonce = Nonce::try_assume_unique_for_key(sealed.get(NONCE_AT..BODY_AT)?).ok()?;
        let master = std::iter::once(&self.first).chain(&self.others).find(|master| master.id == id)?;
        let mut body = Zeroizing::new(sealed.get(BODY_AT..)?.to_vec());
        let place = Aad::from(place(key, version, id));
        let length = subkey(master, ticket).ok()?.open_in_place(nonce, place, &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }
}

/// The key of one session: neither the server nor the browser has it alone.
fn subkey(master: &MasterKey, ticket: &Ticket) -> Result<LessSafeKey, aws_lc_rs::error::Unspecified> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, ticket.half_bytes()).extract(master.bytes.as_slice());
    let id = ticket.id_bytes();
    let info = [KIND, &id];
    let expanded = extracted.expand(&info, &AES_256_GCM)?;
    Ok(LessSafeKey::new(UnboundKey::from(expanded)))
}

/// Where a record belongs: moved to another key or back to an older version, it does not open.
fn place(key: Key, version: Version, id: [u8; 4]) -> Vec<u8> {
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
    use super::{KeyRing, MasterKey};
    use crate::vault::{Key, Sealed, Ticket, ticket::Half};
    use tower_sessions::session::Id;

    fn ring(first: &MasterKey, others: &[&MasterKey]) -> KeyRing {
        let others = others.iter().map(|key| (*key).clone()).collect();
        KeyRing::new(first.clone(), others, "https://org.example", "client")
    }

    fn ticket(id: i128) -> Ticket {
        Ticket::new(Id(id), Half::fresh().unwrap())
    }

    #[test]
    fn sec_104_a_record_opens_only_where_it_belongs() {
        let ring = ring(&MasterKey::fresh().unwrap(), &[]);
        let (ours, theirs) = (ticket(1), ticket(1));
        let key = ring.key(&ours);
        let sealed = ring.seal(&ours, key, 3, b"CNRY secret".to_vec()).unwrap();
        let open = |ticket, key, version, sealed: &[u8]| {
            ring.open(ticket, key, version, &Sealed(sealed.to_vec())).unwrap()
        };

        assert_eq!(open(&ours, key, 3, &sealed.0).unwrap().as_slice(), b"CNRY secret");
        assert!(!sealed.0.windows(4).any(|bytes| bytes == b"CNRY"));
        assert!(open(&theirs, key, 3, &sealed.0).is_none(), "another cookie half");
        assert!(open(&ours, ring.key(&theirs), 3, &sealed.0).is_none(), "another row");
        assert!(open(&ours, key, 2, &sealed.0).is_none(), "an older version");
        for at in 1..sealed.0.len() {
            let mut tampered = sealed.0.clone();
            tampered[at] ^= 1;
            assert!(open(&ours, key, 3, &tampered).is_none(), "byte {at}");
        }
        for length in 0..sealed.0.len() {
            assert!(open(&ours, key, 3, &sealed.0[..length]).is_none(), "length {length}");
        }
    }

    #[test]
    fn sec_104_keys_change_without_losing_what_is_sealed() {
        let (old, new) = (MasterKey::fresh().unwrap(), MasterKey::fresh().unwrap());
        let ticket = ticket(2);
        let before = ring(&old, &[]);
        let key = before.key(&ticket);
        let sealed = before.seal(&ticket, key, 1, b"kept".to_vec()).unwrap();

        let during = ring(&new, &[&old]);
        assert_eq!(during.key(&ticket), key);
        assert!(during.open(&ticket, key, 1, &sealed).unwrap().is_some());
        let resealed = during.seal(&ticket, key, 2, b"kept".to_vec()).unwrap();

        let after = ring(&new, &[]);
        assert!(after.open(&ticket, key, 1, &sealed).unwrap().is_none());
        assert!(after.open(&ticket, key, 2, &resealed).unwrap().is_some());
    }

    #[test]
    fn rel_08_a_record_of_a_later_form_is_not_thrown_away() {
        let ring = ring(&MasterKey::fresh().unwrap(), &[]);
        assert!(ring.open(&ticket(3), Key([0; 32]), 1, &Sealed(vec![2, 0, 0])).is_err());
    }

    #[test]
    fn sec_106_another_client_finds_nothing_under_the_same_cookie() {
        let key = MasterKey::fresh().unwrap();
        let ticket = ticket(4);
        let of = |issuer, client| KeyRing::new(key.clone(), vec![], issuer, client).key(&ticket);
        assert_ne!(of("https://a.example", "client"), of("https://b.example", "client"));
        assert_ne!(of("https://a.example", "client"), of("https://a.example", "other"));
        assert_ne!(of("ab", "c"), of("a", "bc"));
    }
}
