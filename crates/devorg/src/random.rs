//! Randomness for handles, codes and ids: the operating system's, or a fixed sequence in tests.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::org::settings::codes::{CodeFormat, CodePolicy};

/// A source of randomness.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    source: Source,
    canary: bool,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    #[cfg(test)]
    Seeded(u64),
}

/// The prefix of every secret in canary mode, so that one search finds a leak.
pub(crate) const CANARY: &str = "CNRY";

impl Random {
    /// The operating system's randomness. With `canary`, every secret begins with [`CANARY`].
    pub(crate) fn system(canary: bool) -> Self {
        Self { source: Source::System, canary }
    }

    /// The same sequence every time, for tests.
    #[cfg(test)]
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { source: Source::Seeded(seed), canary: false }
    }

    /// Whether secrets begin with [`CANARY`].
    pub(crate) fn is_canary(&self) -> bool {
        self.canary
    }

    /// Fresh bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        match &mut self.source {
            #[expect(clippy::expect_used, reason = "no secret is safe without the system's randomness")]
            Source::System => getrandom::fill(&mut out).expect("the system's random source answers"),
            #[cfg(test)]
            Source::Seeded(state) => {
                for byte in &mut out {
                    *state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    *byte = (*state >> 33) as u8;
                }
            }
        }
        out
    }

    /// A secret of 256 bits: 43 characters, base64url.
    pub(crate) fn secret(&mut self) -> String {
        let text = URL_SAFE_NO_PAD.encode(self.bytes::<32>());
        match (self.canary, text.get(CANARY.len()..)) {
            (true, Some(rest)) => format!("{CANARY}{rest}"),
            _ => text,
        }
    }

    /// An identifier of 20 characters with the prefix Okta gives its kind, such as `00u`.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let tail =
            self.bytes::<17>().map(|b| char::from(LETTERS.get(usize::from(b % 32)).copied().unwrap_or(b'a')));
        prefix.chars().chain(tail).take(20).collect()
    }

    /// A code, uniformly distributed.
    pub(crate) fn code(&mut self, policy: CodePolicy) -> String {
        let alphabet: &[u8] = match policy.format {
            CodeFormat::Numeric => b"0123456789",
            // No letters that look like digits.
            CodeFormat::Alphanumeric => b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789",
        };
        (0..policy.length).map(|_| self.one_of(alphabet)).collect()
    }

    /// The code that a device shows: letters that are read easily and spell no word.
    pub(crate) fn user_code(&mut self) -> String {
        (0..8).map(|_| self.one_of(b"BCDFGHJKLMNPQRSTVWXZ")).collect()
    }

    /// One of these characters. A byte at the end of its range is drawn again, or some characters would be likelier.
    fn one_of(&mut self, alphabet: &[u8]) -> char {
        let count = alphabet.len().max(1);
        loop {
            let [drawn] = self.bytes::<1>();
            let drawn = usize::from(drawn);
            if drawn < 256 - 256 % count {
                return alphabet.get(drawn % count).map_or('0', |byte| char::from(*byte));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_canary_mode_every_secret_has_the_prefix_and_stays_random() {
        let mut random = Random::system(true);
        let (one, other) = (random.secret(), random.secret());
        assert!(one.starts_with(CANARY) && other.starts_with(CANARY));
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
    }

    #[test]
    fn ids_have_twenty_characters_and_codes_those_of_their_policy() {
        let mut random = Random::seeded(7);
        assert_eq!(random.id("00u").len(), 20);
        let digits = random.code(CodePolicy::SIX_DIGITS);
        assert!(digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits}");
        let letters = random.code(CodePolicy { format: CodeFormat::Alphanumeric, length: 40 });
        assert!(letters.len() == 40 && letters.bytes().any(|byte| byte.is_ascii_uppercase()), "{letters}");
    }
}
