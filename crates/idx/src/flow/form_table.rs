//! The forms and actions that each intent uses: one table, in order of preference.

use crate::intent::Intent;

/// The forms an intent uses, and the actions it takes before any form.
pub(crate) struct FormTable {
    pub(crate) forms: &'static [&'static str],
    pub(crate) actions: &'static [&'static str],
}

const AUTHENTICATE: FormTable = FormTable {
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
        "enroll-authenticator-promotion",
        "skip",
    ],
    actions: &[],
};

const REGISTER: FormTable = FormTable {
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
        "enroll-authenticator-promotion",
        "skip",
    ],
    actions: &[],
};

const RECOVER_PASSWORD: FormTable = FormTable {
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

const UNLOCK_ACCOUNT: FormTable = FormTable {
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

/// The table of an intent.
pub(crate) fn form_table(intent: Intent) -> &'static FormTable {
    match intent {
        Intent::Start | Intent::Authenticate | Intent::ActivateDevice => &AUTHENTICATE,
        Intent::Register => &REGISTER,
        Intent::RecoverPassword => &RECOVER_PASSWORD,
        Intent::UnlockAccount => &UNLOCK_ACCOUNT,
    }
}
