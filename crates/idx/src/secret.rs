//! A secret text: it does not print, does not serialise and is overwritten in memory when dropped.

use std::fmt;

use zeroize::Zeroizing;

/// A token, a key or a password.
///
/// `{:?}` prints no content and there is no `Serialize`. The text is read through [`Secret::reveal`] alone.
///
/// ```
/// let secret = latchkey_idx::Secret::from("s3cr3t");
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// assert_eq!(secret.reveal(), "s3cr3t");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself, for the one request that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Compares in constant time: the duration does not depend on where the texts differ.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        equals_in_constant_time(self.reveal(), other.reveal())
    }
}

impl Eq for Secret {}

/// Whether two texts are equal, in a time that depends on their length only.
pub(crate) fn equals_in_constant_time(left: &str, right: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}
