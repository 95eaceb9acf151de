//! How Okta Verify is set up.

use serde::{Deserialize, Serialize};

/// The set-up of Okta Verify in an app.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OktaVerifySetUp {
    /// The channel that comes first.
    pub(crate) channel: PairingChannel,
    /// Whether a link opens the app where it is set up on the device of the browser.
    pub(crate) link: bool,
    /// Whether the user may choose another channel, and so another device.
    pub(crate) other_channels: bool,
}

/// How the pairing link reaches the phone, or that Okta Verify is set up on the device of the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PairingChannel {
    Qrcode,
    Email,
    Sms,
    /// On this device, which is the first.
    Samedevice,
    /// On this device, from another one that has the account.
    Devicebootstrap,
}

impl PairingChannel {
    /// The channel on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Qrcode => "qrcode",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Samedevice => "samedevice",
            Self::Devicebootstrap => "devicebootstrap",
        }
    }
}

impl Default for OktaVerifySetUp {
    fn default() -> Self {
        Self { channel: PairingChannel::Qrcode, link: true, other_channels: true }
    }
}
