//! Translates the person's own account.

use super::value;
use latchkey_contract as contract;
use latchkey_idx as idx;

/// The role of the address that codes and notices are sent to first.
const PRIMARY: &str = "PRIMARY";

/// The password.
pub fn password(password: &idx::OwnPassword) -> contract::AccountPassword {
    contract::AccountPassword { is_set: password.is_set, changed_at: password.changed_at.clone() }
}

/// The e-mail addresses.
pub fn emails(emails: Vec<idx::OwnEmail>) -> Vec<contract::AccountEmail> {
    let email = |email: idx::OwnEmail| contract::AccountEmail {
        is_primary: email.roles.iter().any(|role| role == PRIMARY),
        id: email.id,
        address: email.address,
        is_verified: email.is_verified,
    };
    emails.into_iter().map(email).collect()
}

/// The phone numbers.
pub fn phones(phones: Vec<idx::OwnPhone>) -> Vec<contract::AccountPhone> {
    phones.into_iter().map(phone).collect()
}

/// A phone number.
pub fn phone(phone: idx::OwnPhone) -> contract::AccountPhone {
    contract::AccountPhone { id: phone.id, number: phone.number, is_verified: phone.is_verified }
}

/// The passkeys.
pub fn passkeys(passkeys: Vec<idx::OwnPasskey>) -> Vec<contract::AccountPasskey> {
    passkeys.into_iter().map(passkey).collect()
}

/// A passkey.
pub fn passkey(passkey: idx::OwnPasskey) -> contract::AccountPasskey {
    let idx::OwnPasskey { id, name, credential_id, created_at, last_used_at } = passkey;
    contract::AccountPasskey { id, name, credential_id, created_at, last_used_at }
}

/// What the browser makes a passkey with.
pub fn passkey_options(options: idx::PasskeyOptions) -> contract::PasskeyRegistrationOptions {
    contract::PasskeyRegistrationOptions {
        options: value(&options.0).unwrap_or_else(|| contract::Value::Object(contract::Values::new())),
    }
}

/// The authenticators.
pub fn authenticators(authenticators: Vec<idx::OwnAuthenticator>) -> Vec<contract::AccountAuthenticator> {
    authenticators.into_iter().map(authenticator).collect()
}

fn authenticator(authenticator: idx::OwnAuthenticator) -> contract::AccountAuthenticator {
    let idx::OwnAuthenticator { id, key, name, set_up_page, enrollments } = authenticator;
    contract::AccountAuthenticator {
        id,
        key,
        name,
        can_set_up: set_up_page.is_some(),
        enrollments: enrollments.into_iter().map(enrollment).collect(),
    }
}

fn enrollment(enrollment: idx::OwnEnrollment) -> contract::AccountEnrollment {
    let idx::OwnEnrollment { id, name, nickname, created_at, last_used_at, removal_page } = enrollment;
    contract::AccountEnrollment {
        id,
        name: nickname.unwrap_or(name),
        created_at,
        last_used_at,
        can_remove: removal_page.is_some(),
    }
}
