//! The policies that are decided after the user is known: consent, device assurance and grace periods.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Who consents to the scopes that an app requests, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ConsentPolicy {
    /// The user, to all scopes at once.
    User,
    /// An administrator, to all scopes at once.
    Admin,
    /// The user, to each scope.
    Granular,
}

/// The device assurance policy. The org plays that no device fulfils it before an app on the device was asked to see to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DeviceAssurance {
    /// For how many days access is still granted, with a warning; 0 denies it.
    pub(crate) grace_days: u64,
    /// Where an app on the device listens that can make it fulfil the policy; none by default.
    pub(crate) app_ports: Vec<u16>,
}

/// What the device has to be enrolled in before a user signs in on it. It ends the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DeviceRequirement {
    /// Okta Verify.
    Oda,
    /// The device management of a vendor.
    Mdm,
    /// The same, of VMware Workspace ONE.
    Ws1,
}

/// For how long a required authenticator may still be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum EnrollmentGrace {
    /// Until this time, in RFC 3339.
    Until(String),
    /// For so many sign-ins.
    Skips(u32),
}

impl EnrollmentGrace {
    /// Whether the authenticator may still be missing, after so many skips.
    pub(crate) fn is_active(&self, now: Timestamp, skips: u32) -> bool {
        match self {
            Self::Until(_) => self.expiry().is_some_and(|expiry| now < expiry),
            Self::Skips(allowed) => skips < *allowed,
        }
    }

    /// When the period ends, if it ends at a time.
    pub(crate) fn expiry(&self) -> Option<Timestamp> {
        match self {
            Self::Until(time) => Timestamp::read(time),
            Self::Skips(_) => None,
        }
    }
}
