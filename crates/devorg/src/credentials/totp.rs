//! TOTP (RFC 6238) with SHA-1 and six digits, as authenticator apps compute it.

use std::time::Duration;

use aws_lc_rs::hmac;

use crate::clock::Timestamp;

/// The period of a code.
pub(crate) const PERIOD: Duration = Duration::from_secs(30);

/// Why a code is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TotpError {
    InvalidCode,
    /// The code is right but was used before.
    CodeUsed,
}

/// The code at a time.
pub(crate) fn code(secret: &[u8], now: Timestamp) -> String {
    code_at(secret, now.seconds() / PERIOD.as_secs())
}

/// Checks a code and returns its time step. The device's clock may be one step off.
pub(crate) fn check(secret: &[u8], code: &str, now: Timestamp, last: Option<u64>) -> Result<u64, TotpError> {
    let step = now.seconds() / PERIOD.as_secs();
    let matched = (step.saturating_sub(1)..=step + 1)
        .find(|step| code_at(secret, *step) == code)
        .ok_or(TotpError::InvalidCode)?;
    if last.is_some_and(|last| matched <= last) { Err(TotpError::CodeUsed) } else { Ok(matched) }
}

fn code_at(secret: &[u8], step: u64) -> String {
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

    fn second(n: u64) -> Timestamp {
        Timestamp::default().after(Duration::from_secs(n))
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        assert_eq!(code(SECRET, second(59)), "287082");
        assert_eq!(code(SECRET, second(1_111_111_109)), "081804");
    }

    #[test]
    fn a_code_may_be_one_step_late_and_works_once() {
        let matched = code(SECRET, second(59));
        assert_eq!(check(SECRET, &matched, second(80), None), Ok(1));
        assert_eq!(check(SECRET, &matched, second(80), Some(1)), Err(TotpError::CodeUsed));
        assert_eq!(check(SECRET, &matched, second(200), None), Err(TotpError::InvalidCode));
    }
}
