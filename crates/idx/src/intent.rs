//! What a person wants, and which forms each wish knows how to use: one table.

use serde::{Deserialize, Serialize};

use crate::words::Feature;

/// What a person wants of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// Nothing in particular: see what the org offers.
    Start,
    /// Sign in.
    Authenticate,
    /// Make an account.
    Register,
    /// Set a new password in place of a forgotten one.
    RecoverPassword,
    /// Unlock a locked account.
    UnlockAccount,
}

/// Which forms a wish uses, and what it does before it looks at any form.
pub(crate) struct Course {
    pub(crate) forms: &'static [&'static str],
    pub(crate) actions: &'static [&'static str],
}

const AUTHENTICATE: Course = Course {
    forms: &[
        "identify",
        "select-authenticator-authenticate",
        "select-authenticator-enroll",
        "authenticator-enrollment-data",
        "authenticator-verification-data",
        "enroll-authenticator",
        "challenge-authenticator",
        "challenge-poll",
        "reenroll-authenticator",
        "reenroll-authenticator-warning",
        "enroll-poll",
        "select-enrollment-channel",
        "enrollment-channel-data",
        "redirect-idp",
        "skip",
    ],
    actions: &[],
};

const REGISTER: Course = Course {
    forms: &[
        "select-enroll-profile",
        "enroll-profile",
        "authenticator-enrollment-data",
        "select-authenticator-enroll",
        "select-authenticator-authenticate",
        "enroll-poll",
        "select-enrollment-channel",
        "enrollment-channel-data",
        "enroll-authenticator",
        "authenticator-verification-data",
        "challenge-authenticator",
        "challenge-poll",
        "skip",
    ],
    actions: &[],
};

const RECOVER_PASSWORD: Course = Course {
    forms: &[
        "identify",
        "identify-recovery",
        "select-authenticator-authenticate",
        "select-authenticator-enroll",
        "challenge-authenticator",
        "authenticator-verification-data",
        "authenticator-enrollment-data",
        "reset-authenticator",
        "reenroll-authenticator",
        "reenroll-authenticator-warning",
        "enroll-poll",
    ],
    actions: &["currentAuthenticator-recover", "currentAuthenticatorEnrollment-recover"],
};

const UNLOCK_ACCOUNT: Course = Course {
    forms: &[
        "identify",
        "select-authenticator-unlock-account",
        "select-authenticator-authenticate",
        "challenge-authenticator",
        "challenge-poll",
        "authenticator-verification-data",
        "reenroll-authenticator-warning",
    ],
    actions: &["unlock-account"],
};

impl Intent {
    /// The feature the org must offer before this can begin.
    pub(crate) fn needs(self) -> Option<Feature> {
        match self {
            Self::Register => Some(Feature::EnrollProfile),
            Self::UnlockAccount => Some(Feature::UnlockAccount),
            Self::Start | Self::Authenticate | Self::RecoverPassword => None,
        }
    }

    pub(crate) fn course(self) -> &'static Course {
        match self {
            Self::Start | Self::Authenticate => &AUTHENTICATE,
            Self::Register => &REGISTER,
            Self::RecoverPassword => &RECOVER_PASSWORD,
            Self::UnlockAccount => &UNLOCK_ACCOUNT,
        }
    }
}
