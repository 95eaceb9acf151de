//! How an app uses Okta Verify on the user's own device (FastPass).

use serde::{Deserialize, Serialize};

/// The FastPass settings of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FastPassPolicy {
    /// Whether the org asks the device before it asks for the username.
    pub(crate) probe: bool,
    /// Whether the first page has the button that starts Okta Verify.
    pub(crate) button: bool,
    /// How the page passes a challenge on.
    pub(crate) method: PassOnMethod,
    /// Where Okta Verify listens on the device.
    pub(crate) ports: Vec<u16>,
    pub(crate) probe_timeout_milliseconds: u64,
    /// Whether the page is to check Chrome's permission before.
    pub(crate) chrome_permission: bool,
    /// Whether codes, push and FastPass are three authenticators.
    pub(crate) split: bool,
}

/// How a page passes a challenge on to Okta Verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PassOnMethod {
    Loopback,
    CustomUri,
    UniversalLink,
    AppLink,
    ChromeDtc,
    AppleSsoExtension,
}

impl Default for FastPassPolicy {
    fn default() -> Self {
        Self {
            probe: false,
            button: true,
            method: PassOnMethod::Loopback,
            ports: vec![2000, 6511, 6512, 6513],
            probe_timeout_milliseconds: 100,
            chrome_permission: false,
            split: false,
        }
    }
}

impl PassOnMethod {
    /// The method on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Loopback => "LOOPBACK",
            Self::CustomUri => "CUSTOM_URI",
            Self::UniversalLink => "UNIVERSAL_LINK",
            Self::AppLink => "APP_LINK",
            Self::ChromeDtc => "CHROME_DTC",
            Self::AppleSsoExtension => "APPLE_SSO_EXTENSION",
        }
    }
}
