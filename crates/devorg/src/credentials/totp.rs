//! Codes that change every half minute (RFC 6238): SHA-1, six digits, as authenticator apps make them.

use std::time::Duration;

use aws_lc_rs::hmac;

use crate::clock::Moment;

/// How long a code is shown.
pub(crate) const STEP: Duration = Duration::from_secs(30);

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    Code,
    /// Right, and it was used before.
    Used,
}

/// The code of a moment.
pub(crate) fn code(secret: &[u8], now: Moment) -> String {
    at(secret, now.seconds() / STEP.as_secs())
}

/// Checks a code, letting the device's clock be one step off. Gives the step it was made in.
pub(crate) fn check(secret: &[u8], code: &str, now: Moment, last: Option<u64>) -> Result<u64, Wrong> {
    let step = now.seconds() / STEP.as_secs();
    let made =
        (step.saturating_sub(1)..=step + 1).find(|step| at(secret, *step) == code).ok_or(Wrong::Code)?;
    if last.is_some_and(|last| made <= last) { Err(Wrong::Used) } else { Ok(made) }
}

fn at(secret: &[u8], step: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = bytes.last().map_or(0, |b| usize::from(b & 0x0f));
    let word = bytes.iter().skip(offset).take(4).fold(0u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const SECRET: &[u8] = b"12345678901234567890";

    fn second(n: u64) -> Moment {
        Moment::default().after(Duration::from_secs(n))
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        assert_eq!(code(SECRET, second(59)), "287082");
        assert_eq!(code(SECRET, second(1_111_111_109)), "081804");
    }

    #[test]
    fn a_code_may_be_one_step_late_and_is_good_once() {
        let made = code(SECRET, second(59));
        assert_eq!(check(SECRET, &made, second(80), None), Ok(1));
        assert_eq!(check(SECRET, &made, second(80), Some(1)), Err(Wrong::Used));
        assert_eq!(check(SECRET, &made, second(200), None), Err(Wrong::Code));
    }
}
