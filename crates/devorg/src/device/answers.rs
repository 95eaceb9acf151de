//! What a device answers.

use serde::Deserialize;

/// What the device answers a challenge with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DeviceAnswers {
    /// It signs.
    #[default]
    Signature,
    /// 503: it belongs to another user of the operating system.
    OtherProfile,
    /// 500.
    Error,
}
