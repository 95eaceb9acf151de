//! The policy for mailed codes.

use serde::{Deserialize, Serialize};

/// What a mailed code looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CodePolicy {
    pub(crate) format: CodeFormat,
    /// The number of characters.
    pub(crate) length: usize,
}

/// The characters of a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CodeFormat {
    #[default]
    Numeric,
    /// Capital letters and digits.
    Alphanumeric,
}

/// The longest code that an org file may ask for.
const MAX_LENGTH: usize = 32;

impl CodePolicy {
    /// The codes of text messages and calls, and of temporary access.
    pub(crate) const SIX_DIGITS: Self = Self { format: CodeFormat::Numeric, length: 6 };

    /// Whether a code of this length can be guessed or typed.
    pub(crate) fn is_valid(self) -> bool {
        (4..=MAX_LENGTH).contains(&self.length)
    }
}

impl Default for CodePolicy {
    fn default() -> Self {
        Self::SIX_DIGITS
    }
}
