//! ALTCHA: the search for the number whose hash, after the salt, is the challenge. Pure, and done in slices.

use crate::values;
use latchkey_contract::{AltchaTask, Value, Values};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A search for the number.
pub(crate) struct Search {
    /// The state after the salt, from which each number is hashed.
    salted: Hasher,
    challenge: Vec<u8>,
    number: DecimalCounter,
    max_number: u32,
}

/// The state of a search.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SearchState {
    Found(u32),
    Searching,
    /// No number up to the bound fits.
    Exhausted,
}

/// The hash functions that the protocol knows.
enum Hasher {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

/// A number that counts up as decimal digits, so that no number is divided.
struct DecimalCounter {
    value: u32,
    digits: [u8; DecimalCounter::MAX_DIGITS],
    /// The index of the first digit.
    start: usize,
}

impl Search {
    /// A search from 0. `None`: the hash function or the challenge is not one that can be searched for.
    pub(crate) fn new(task: &AltchaTask) -> Option<Self> {
        Some(Self {
            salted: Hasher::salted(&task.algorithm, &task.salt)?,
            challenge: bytes(&task.challenge)?,
            number: DecimalCounter::default(),
            max_number: task.max_number,
        })
    }

    /// Tries the next `count` numbers.
    pub(crate) fn advance(&mut self, count: u32) -> SearchState {
        for _ in 0..count {
            if self.number.value > self.max_number {
                return SearchState::Exhausted;
            }
            if self.salted.fits(self.number.digits(), &self.challenge) {
                return SearchState::Found(self.number.value);
            }
            self.number.increment();
        }
        SearchState::Searching
    }
}

impl Hasher {
    fn salted(algorithm: &str, salt: &str) -> Option<Self> {
        Some(match algorithm {
            "SHA-256" => Self::Sha256(Sha256::new_with_prefix(salt)),
            "SHA-384" => Self::Sha384(Sha384::new_with_prefix(salt)),
            "SHA-512" => Self::Sha512(Sha512::new_with_prefix(salt)),
            _ => return None,
        })
    }

    fn fits(&self, digits: &[u8], challenge: &[u8]) -> bool {
        match self {
            Self::Sha256(salted) => salted.clone().chain_update(digits).finalize().as_slice() == challenge,
            Self::Sha384(salted) => salted.clone().chain_update(digits).finalize().as_slice() == challenge,
            Self::Sha512(salted) => salted.clone().chain_update(digits).finalize().as_slice() == challenge,
        }
    }
}

impl DecimalCounter {
    /// Of the largest number.
    const MAX_DIGITS: usize = 10;

    fn digits(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }

    fn increment(&mut self) {
        self.value = self.value.saturating_add(1);
        let mut at = Self::MAX_DIGITS;
        for digit in self.digits.iter_mut().rev() {
            at -= 1;
            if *digit < b'9' {
                *digit += 1;
                break;
            }
            *digit = b'0';
        }
        self.start = self.start.min(at);
    }
}

impl Default for DecimalCounter {
    fn default() -> Self {
        Self { value: 0, digits: [b'0'; Self::MAX_DIGITS], start: Self::MAX_DIGITS - 1 }
    }
}

/// The solution as JSON, in the order of Okta's widget. `took` is in milliseconds.
pub(crate) fn solution(task: AltchaTask, number: u32, took: u32) -> String {
    let AltchaTask { algorithm, challenge, salt, signature, max_number: _, expires_in: _ } = task;
    values::json(&Values::from([
        ("algorithm".to_owned(), Value::Text(algorithm)),
        ("challenge".to_owned(), Value::Text(challenge)),
        ("number".to_owned(), Value::Integer(number.into())),
        ("salt".to_owned(), Value::Text(salt)),
        ("signature".to_owned(), Value::Text(signature)),
        ("took".to_owned(), Value::Integer(took.into())),
    ]))
}

/// The bytes that hexadecimal digits stand for.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    Some(digits?.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(algorithm: &str, salt: &str, number: u32, max_number: u32) -> AltchaTask {
        let text = format!("{salt}{number}");
        let hash: Vec<u8> = match algorithm {
            "SHA-384" => Sha384::digest(text).to_vec(),
            "SHA-512" => Sha512::digest(text).to_vec(),
            _ => Sha256::digest(text).to_vec(),
        };
        AltchaTask {
            algorithm: algorithm.into(),
            challenge: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            max_number,
            salt: salt.into(),
            signature: "s".into(),
            expires_in: None,
        }
    }

    fn found(task: &AltchaTask) -> SearchState {
        let mut search = Search::new(task).unwrap();
        (0..1_000).map(|_| search.advance(7)).find(|progress| *progress != SearchState::Searching).unwrap()
    }

    #[test]
    fn the_number_is_found_from_the_first_to_the_last() {
        for number in [0, 9, 10, 99, 100, 999, 1_000, 1_234] {
            assert_eq!(found(&task("SHA-256", "salt?expires=1", number, 1_234)), SearchState::Found(number));
        }
        for algorithm in ["SHA-384", "SHA-512"] {
            assert_eq!(found(&task(algorithm, "a salt", 321, 500)), SearchState::Found(321), "{algorithm}");
        }
    }

    #[test]
    fn a_search_without_a_solution_ends_at_its_bound() {
        assert_eq!(found(&task("SHA-256", "salt", 501, 500)), SearchState::Exhausted);
        assert!(Search::new(&task("MD5", "salt", 1, 5)).is_none());
    }

    #[test]
    fn the_solution_is_written_in_the_order_of_the_widget() {
        let task = task("SHA-256", "pepper", 1, 5);
        let written = solution(task.clone(), 1, 12);
        let challenge = task.challenge;
        assert_eq!(
            written,
            format!(
                r#"{{"algorithm":"SHA-256","challenge":"{challenge}","number":1,"salt":"pepper","signature":"s","took":12}}"#
            )
        );
    }
}
