//! Random bytes as an argument: from the operating system, or from a test.

use std::{fmt, sync::Arc};

/// A source of random bytes. A clone is the same source.
#[derive(Clone)]
pub struct RandomSource(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) -> Result<(), NoRandomness> + Send + Sync;

/// The source gives no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandomness;

impl RandomSource {
    /// The operating system's.
    pub fn system() -> Self {
        Self::new(|bytes| getrandom::fill(bytes).map_err(|_| NoRandomness))
    }

    /// A source of your own, for tests. Keys and nonces come from it: it must not repeat itself in production.
    pub fn new(fill: impl Fn(&mut [u8]) -> Result<(), NoRandomness> + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// Fills these bytes.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        (self.0)(bytes)
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// So many random bytes, in hexadecimal digits.
    pub fn hex<const N: usize>(&self) -> Result<String, NoRandomness> {
        self.bytes::<N>().map(|bytes| hex(&bytes))
    }
}

/// These bytes in lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(four.into(), 16);
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(digit).collect()
}

impl fmt::Debug for RandomSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomSource(…)")
    }
}

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system gives no random bytes")
    }
}

impl std::error::Error for NoRandomness {}

#[cfg(test)]
mod tests {
    use super::{NoRandomness, RandomSource, hex};

    #[test]
    fn bytes_come_from_the_source_that_is_given() {
        let sevens = RandomSource::new(|bytes| {
            bytes.fill(7);
            Ok(())
        });
        assert_eq!(sevens.bytes::<3>(), Ok([7, 7, 7]));
        assert_eq!(sevens.hex::<2>().unwrap(), "0707");
        assert_eq!(RandomSource::new(|_| Err(NoRandomness)).bytes::<3>(), Err(NoRandomness));
    }

    #[test]
    fn hexadecimal_digits_are_lower_case_and_complete() {
        assert_eq!(hex(&[0, 1, 0xab, 0xff]), "0001abff");
    }
}
