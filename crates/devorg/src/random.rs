//! Randomness for handles, codes and ids: the operating system's, or a fixed sequence in tests.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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

    /// A six-digit code, uniformly distributed.
    pub(crate) fn code(&mut self) -> String {
        // The largest multiple of a million below 2^32. Higher values are drawn again, or some codes would be likelier.
        const UNBIASED_LIMIT: u32 = 4_294 * 1_000_000;
        loop {
            let drawn = u32::from_le_bytes(self.bytes());
            if drawn < UNBIASED_LIMIT {
                return format!("{:06}", drawn % 1_000_000);
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
    fn ids_have_twenty_characters_and_codes_six() {
        let mut random = Random::seeded(7);
        assert_eq!(random.id("00u").len(), 20);
        assert!(random.code().len() == 6);
    }
}
