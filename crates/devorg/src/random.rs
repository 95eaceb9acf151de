//! Where handles, codes and keys come from: the operating system, or a fixed row of numbers in tests.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A source of randomness, and how its secrets look.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    source: Source,
    canary: bool,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    #[cfg(test)]
    Row(u64),
}

/// What every secret begins with in canary mode, so that one search finds a leak.
pub(crate) const CANARY: &str = "CNRY";

impl Chance {
    /// The operating system's. With `canary` every secret begins with [`CANARY`].
    pub(crate) fn system(canary: bool) -> Self {
        Self { source: Source::System, canary }
    }

    /// The same row every time.
    #[cfg(test)]
    pub(crate) fn row(seed: u64) -> Self {
        Self { source: Source::Row(seed), canary: false }
    }

    /// Whether secrets are marked.
    pub(crate) fn is_canary(&self) -> bool {
        self.canary
    }

    /// Fresh bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        match &mut self.source {
            // Without randomness there is no org: nothing it could say would be worth anything.
            #[expect(clippy::expect_used, reason = "a machine without randomness cannot be served")]
            Source::System => getrandom::fill(&mut out).expect("the system's random source answers"),
            #[cfg(test)]
            Source::Row(state) => {
                for byte in &mut out {
                    *state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    *byte = (*state >> 33) as u8;
                }
            }
        }
        out
    }

    /// Something nobody can guess: 43 characters that may stand in a URL.
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

    /// A six-digit code, each as likely as any other.
    pub(crate) fn code(&mut self) -> String {
        // The largest multiple of a million below 2^32, beyond which some codes would come up more often.
        const FAIR: u32 = 4_294 * 1_000_000;
        loop {
            let drawn = u32::from_le_bytes(self.bytes());
            if drawn < FAIR {
                return format!("{:06}", drawn % 1_000_000);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_canary_mode_every_secret_is_recognisable_and_still_a_secret() {
        let mut chance = Chance::system(true);
        let (one, other) = (chance.secret(), chance.secret());
        assert!(one.starts_with(CANARY) && other.starts_with(CANARY));
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
    }

    #[test]
    fn ids_have_twenty_characters_and_codes_six() {
        let mut chance = Chance::row(7);
        assert_eq!(chance.id("00u").len(), 20);
        assert!(chance.code().len() == 6);
    }
}
