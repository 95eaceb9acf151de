//! Passwords: how they are kept, and what the policy asks of them.

use std::cell::RefCell;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::user::User;

/// What a password must be like.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Complexity {
    pub(crate) min_length: usize,
    pub(crate) min_lower_case: usize,
    pub(crate) min_upper_case: usize,
    pub(crate) min_number: usize,
    pub(crate) min_symbol: usize,
    pub(crate) exclude_username: bool,
    pub(crate) exclude_attributes: Vec<String>,
    pub(crate) exclude_common: bool,
    /// How many earlier passwords may not come back.
    pub(crate) history: usize,
}

impl Default for Complexity {
    fn default() -> Self {
        Self {
            min_length: 8,
            min_lower_case: 1,
            min_upper_case: 1,
            min_number: 1,
            min_symbol: 0,
            exclude_username: true,
            exclude_attributes: Vec::new(),
            exclude_common: true,
            history: 4,
        }
    }
}

/// Why a password will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// Everyone uses it.
    Common,
    /// The policy, in words, as Okta tells it.
    Rules(String),
}

impl Complexity {
    /// The `settings` of the password authenticator.
    pub(crate) fn settings(&self) -> Value {
        json!({
            "complexity": {
                "minLength": self.min_length,
                "minLowerCase": self.min_lower_case,
                "minUpperCase": self.min_upper_case,
                "minNumber": self.min_number,
                "minSymbol": self.min_symbol,
                "excludeUsername": self.exclude_username,
                "excludeAttributes": self.exclude_attributes,
            },
            "age": { "minAgeMinutes": 0, "historyCount": self.history },
        })
    }

    /// Whether somebody may take this password.
    pub(crate) fn check(&self, passcode: &str, user: Option<&User>) -> Result<(), Unfit> {
        let count = |is: fn(&char) -> bool| passcode.chars().filter(is).count();
        let spelled =
            |name: &str| user.and_then(|u| u.attribute(name)).is_some_and(|text| contains(passcode, text));
        let fits = passcode.chars().count() >= self.min_length
            && count(|c| c.is_lowercase()) >= self.min_lower_case
            && count(|c| c.is_uppercase()) >= self.min_upper_case
            && count(|c| c.is_ascii_digit()) >= self.min_number
            && count(|c| !c.is_alphanumeric()) >= self.min_symbol
            && !(self.exclude_username
                && user.is_some_and(|u| parts(&u.login).any(|part| contains(passcode, part))))
            && !self.exclude_attributes.iter().any(|name| spelled(name))
            && !self.was_used(passcode, user);
        if !fits {
            return Err(Unfit::Rules(self.words()));
        }
        if self.exclude_common && COMMON.iter().any(|common| passcode.eq_ignore_ascii_case(common)) {
            return Err(Unfit::Common);
        }
        Ok(())
    }

    fn was_used(&self, passcode: &str, user: Option<&User>) -> bool {
        let Some(password) = user.and_then(|u| u.password.as_ref()).filter(|_| self.history > 0) else {
            return false;
        };
        std::iter::once(&password.hash)
            .chain(&password.history)
            .take(self.history)
            .any(|hash| verify(passcode, hash))
    }

    /// `Password requirements: at least 8 characters, …`.
    fn words(&self) -> String {
        let mut words = vec![format!("at least {} characters", self.min_length)];
        let mut say = |needed: bool, text: &str| {
            if needed {
                words.push(text.to_owned());
            }
        };
        say(self.min_lower_case > 0, "a lowercase letter");
        say(self.min_upper_case > 0, "an uppercase letter");
        say(self.min_number > 0, "a number");
        say(self.min_symbol > 0, "a symbol");
        say(self.exclude_username, "no parts of your username");
        say(self.exclude_attributes.iter().any(|a| a == "firstName"), "does not include your first name");
        say(self.exclude_attributes.iter().any(|a| a == "lastName"), "does not include your last name");
        let mut text = format!("Password requirements: {}.", words.join(", "));
        if self.history > 0 {
            text.push_str(&format!(" Your password cannot be any of your last {} passwords.", self.history));
        }
        text
    }
}

/// Hashes with Argon2id. The cost is modest: the org must start at once, and nobody's real password lives here.
pub(crate) fn hash(passcode: &str, chance: &mut Chance) -> String {
    let salt = chance.bytes::<16>();
    let encode = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
    // A password too long to be hashed gets a hash that nothing matches.
    let digest = digest(passcode, &salt).map_or_else(String::new, |digest| encode(&digest));
    format!("$argon2id$v=19$m={MEMORY},t=1,p=1${}${digest}", encode(&salt))
}

/// Whether this is the password that was hashed.
pub(crate) fn verify(passcode: &str, hash: &str) -> bool {
    let mut parts = hash.rsplit('$');
    let (Some(kept), Some(salt)) = (parts.next(), parts.next()) else { return false };
    let (Ok(kept), Ok(salt)) = (STANDARD_NO_PAD.decode(kept), STANDARD_NO_PAD.decode(salt)) else {
        return false;
    };
    digest(passcode, &salt)
        .is_some_and(|made| aws_lc_rs::constant_time::verify_slices_are_equal(&kept, &made).is_ok())
}

/// A security answer as it is compared: without case and outer space.
pub(crate) fn plain_answer(answer: &str) -> String {
    answer.trim().to_lowercase()
}

/// RFC 4648 base32 without padding, the alphabet authenticator apps read.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1)).collect::<Vec<_>>();
    let letter = |five: &[u8]| {
        let index = (0..5).fold(0, |sum, n| sum << 1 | usize::from(five.get(n).copied().unwrap_or(0)));
        char::from(ALPHABET.get(index).copied().unwrap_or(b'A'))
    };
    bits.chunks(5).map(letter).collect()
}

/// Reads what [`base32`] writes.
pub(crate) fn unbase32(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for c in text.chars().filter(char::is_ascii_alphanumeric) {
        let value = match c.to_ascii_uppercase() {
            c @ 'A'..='Z' => u32::from(c) - u32::from('A'),
            c @ '2'..='7' => u32::from(c) - u32::from('2') + 26,
            _ => continue,
        };
        held = held << 5 | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xff) as u8);
        }
    }
    out
}

/// In KiB.
const MEMORY: u32 = 256;

const COMMON: [&str; 8] =
    ["Password1", "Password123", "Passw0rd", "Welcome1", "Qwerty123", "Admin123", "Abc12345", "Letmein1"];

fn digest(passcode: &str, salt: &[u8]) -> Option<[u8; 32]> {
    thread_local! {
        // Taken and given back ten thousand times, this much memory would leave the heap in pieces.
        static BLOCKS: RefCell<Vec<Block>> = RefCell::new(vec![Block::new(); MEMORY as usize]);
    }
    let mut out = [0; 32];
    let params = Params::new(MEMORY, 1, 1, Some(out.len())).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    BLOCKS.with_borrow_mut(|blocks| {
        argon.hash_password_into_with_memory(passcode.as_bytes(), salt, &mut out, blocks).ok()
    })?;
    Some(out)
}

/// The pieces of a login that are long enough to be recognised in a password.
fn parts(login: &str) -> impl Iterator<Item = &str> {
    login.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() >= 4)
}

fn contains(passcode: &str, text: &str) -> bool {
    text.len() >= 3 && passcode.to_lowercase().contains(&text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_takes_its_password_and_no_other() {
        let hash = hash("Correct-Horse-9", &mut Chance::row(3));
        assert!(verify("Correct-Horse-9", &hash));
        assert!(!verify("Correct-Horse-8", &hash));
        assert!(!verify("Correct-Horse-9", "nonsense"));
    }

    #[test]
    fn a_password_that_breaks_a_rule_is_told_all_of_them() {
        let rules = Complexity::default();
        let Err(Unfit::Rules(words)) = rules.check("short", None) else { panic!("too short") };
        assert!(words.starts_with("Password requirements: at least 8 characters, a lowercase letter"));
        assert_eq!(rules.check("Password1", None), Err(Unfit::Common));
        assert_eq!(rules.check("Abcd-1234", None), Ok(()));
    }

    #[test]
    fn base32_reads_back_what_it_wrote() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(unbase32("mzxw 6ytb oi"), b"foobar");
    }
}
