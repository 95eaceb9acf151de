//! The users of the org and their enrolled factors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::credentials::base32;
use crate::credentials::webauthn::RegisteredPasskey;
use crate::org::authenticator::{Authenticator, Method};
use crate::random::Random;

/// The status of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    /// Created, not yet activated.
    Staged,
    /// Activated.
    #[default]
    Active,
    /// The password must be changed at the next sign-in.
    PasswordExpired,
    /// Locked after too many wrong passwords.
    LockedOut,
    /// Suspended by an administrator.
    Suspended,
}

/// A user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OrgUser {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) email: String,
    pub(crate) status: Status,
    pub(crate) groups: Vec<String>,
    pub(crate) profile: BTreeMap<String, Value>,
    pub(crate) password: Option<Password>,
    pub(crate) enrolments: Vec<Enrolment>,
    /// The authenticators to enrol at the next sign-in.
    pub(crate) enroll: Vec<Authenticator>,
    pub(crate) email_verified: bool,
    pub(crate) wrong_passwords: u32,
    pub(crate) locked_at: Option<Timestamp>,
    pub(crate) wrong_codes: Vec<Timestamp>,
    /// When text messages and calls were sent, for the hourly limit.
    pub(crate) phone_messages: Vec<Timestamp>,
    /// When the user skipped the offer of a passkey.
    #[serde(default)]
    pub(crate) passkey_skips: Vec<Timestamp>,
    /// How often each required authenticator was skipped in its grace period.
    #[serde(default)]
    pub(crate) grace_skips: BTreeMap<Authenticator, u32>,
    /// The public keys of the devices on which Okta Verify is set up, by id.
    #[serde(default)]
    pub(crate) device_keys: BTreeMap<String, Value>,
    /// The scopes that the user allowed, by client.
    #[serde(default)]
    pub(crate) consents: BTreeMap<String, Vec<String>>,
    /// Whether a service has verified who the user is.
    #[serde(default)]
    pub(crate) identity_verified: bool,
    /// Whether an app has made the user's device fulfil the device policies.
    #[serde(default)]
    pub(crate) device_is_compliant: bool,
    pub(crate) updated_at: Timestamp,
}

/// A password, stored as its Argon2 hash.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Password {
    pub(crate) hash: String,
    pub(crate) changed_at: Timestamp,
    /// Earlier hashes, newest first.
    pub(crate) history: Vec<String>,
}

/// An enrolled authenticator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Enrolment {
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    /// When it was last verified.
    #[serde(default)]
    pub(crate) last_challenged: Option<Timestamp>,
    /// The user's name for it, unless the factor has one.
    #[serde(default)]
    pub(crate) nickname: Option<String>,
    pub(crate) factor: Factor,
}

/// The factor of an enrolment: what a response is checked against.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Factor {
    Email,
    Phone {
        number: String,
        nickname: Option<String>,
    },
    Question {
        key: String,
        question: String,
        answer: String,
    },
    GoogleOtp {
        secret: String,
        last: Option<u64>,
    },
    OktaVerify {
        secret: String,
        last: Option<u64>,
        device: String,
    },
    Passkey {
        credential: String,
        public_key: String,
        count: u32,
        name: String,
    },
    Idp {
        provider: String,
        subject: String,
    },
    /// A hardware token or app whose codes the console shows.
    OtpDevice {
        key: Authenticator,
        secret: String,
        last: Option<u64>,
        /// Whether the token has to show another code (next-token mode).
        #[serde(default)]
        next_code: bool,
    },
    AccessCode {
        code: String,
        until: Timestamp,
    },
    /// An authenticator that its vendor verifies.
    Registered {
        key: Authenticator,
    },
    /// A card with a PIN, which is stored as its hash.
    Card {
        pin: String,
    },
}

impl Factor {
    /// A passkey that was just made.
    pub(crate) fn passkey(made: RegisteredPasskey, name: String) -> Self {
        let RegisteredPasskey { credential, public_key, count } = made;
        Self::Passkey { credential, public_key, count, name }
    }

    /// Okta Verify on a new device.
    pub(crate) fn okta_verify(random: &mut Random, device: &str) -> Self {
        let secret = base32::encode(&random.bytes::<20>());
        Self::OktaVerify { secret, last: None, device: device.to_owned() }
    }

    /// The authenticator of the factor.
    pub(crate) fn authenticator(&self) -> Authenticator {
        match self {
            Self::Email => Authenticator::OktaEmail,
            Self::Phone { .. } => Authenticator::PhoneNumber,
            Self::Question { .. } => Authenticator::SecurityQuestion,
            Self::GoogleOtp { .. } => Authenticator::GoogleOtp,
            Self::OktaVerify { .. } => Authenticator::OktaVerify,
            Self::Passkey { .. } => Authenticator::Webauthn,
            Self::Idp { .. } => Authenticator::ExternalIdp,
            Self::OtpDevice { key, .. } => *key,
            Self::AccessCode { .. } => Authenticator::Tac,
            Self::Registered { key } => *key,
            Self::Card { .. } => Authenticator::NfcPin,
        }
    }
}

impl Enrolment {
    /// The user's name for it.
    pub(crate) fn nickname(&self) -> Option<&str> {
        match &self.factor {
            Factor::Passkey { name, .. } => Some(name),
            Factor::Phone { nickname, .. } => nickname.as_deref(),
            _ => self.nickname.as_deref(),
        }
    }
}

impl OrgUser {
    /// Whether this authenticator is enrolled.
    pub(crate) fn has(&self, key: Authenticator) -> bool {
        match key {
            Authenticator::OktaPassword => self.password.is_some(),
            _ => self.enrolment(key).is_some(),
        }
    }

    /// The first enrolment of this authenticator. The password is not among them: see [`OrgUser::password`].
    pub(crate) fn enrolment(&self, key: Authenticator) -> Option<&Enrolment> {
        self.enrolments.iter().find(|e| e.factor.authenticator() == key)
    }

    /// The same, mutable.
    pub(crate) fn enrolment_mut(&mut self, key: Authenticator) -> Option<&mut Enrolment> {
        self.enrolments.iter_mut().find(|e| e.factor.authenticator() == key)
    }

    /// The enrolment that the user chose, if it is of this authenticator; else the first one.
    pub(crate) fn chosen_enrolment(&self, key: Authenticator, chosen: Option<&str>) -> Option<&Enrolment> {
        let is_chosen = |e: &&Enrolment| Some(e.id.as_str()) == chosen && e.factor.authenticator() == key;
        self.enrolments.iter().find(is_chosen).or_else(|| self.enrolment(key))
    }

    /// Whether the user has to choose between several enrolments of this authenticator.
    pub(crate) fn has_several(&self, key: Authenticator) -> bool {
        self.enrolments.iter().filter(|e| e.factor.authenticator() == key).count() > 1
    }

    /// Adds an enrolment. A user may have several passkeys; any other authenticator is replaced.
    pub(crate) fn enrol(&mut self, factor: Factor, now: Timestamp, random: &mut Random) {
        let key = factor.authenticator();
        if key != Authenticator::Webauthn {
            self.enrolments.retain(|e| e.factor.authenticator() != key);
        }
        if key == Authenticator::OktaEmail {
            self.email_verified = true;
        }
        self.enroll.retain(|k| *k != key);
        self.add(factor, now, random);
    }

    /// Adds an enrolment beside those of the same authenticator.
    pub(crate) fn add(&mut self, factor: Factor, now: Timestamp, random: &mut Random) {
        let id = random.id(factor.authenticator().enrolment_prefix());
        self.enrolments.push(Enrolment { id, at: now, last_challenged: None, nickname: None, factor });
    }

    /// Gives an enrolment another name.
    pub(crate) fn rename(&mut self, id: &str, new: String) {
        let Some(enrolment) = self.enrolments.iter_mut().find(|enrolment| enrolment.id == id) else { return };
        match &mut enrolment.factor {
            Factor::Passkey { name, .. } => *name = new,
            Factor::Phone { nickname, .. } => *nickname = Some(new),
            _ => enrolment.nickname = Some(new),
        }
    }

    /// The name that a new passkey gets.
    pub(crate) fn next_passkey_name(&self) -> String {
        let is_passkey = |e: &&Enrolment| e.factor.authenticator() == Authenticator::Webauthn;
        format!("Passkey {}", self.enrolments.iter().filter(is_passkey).count() + 1)
    }

    /// The enrolled authenticators, the password first.
    pub(crate) fn authenticators(&self) -> Vec<Authenticator> {
        Authenticator::ALL.into_iter().filter(|key| self.has(*key)).collect()
    }

    /// Sets a new password and remembers the old one.
    pub(crate) fn set_password(&mut self, hash: String, now: Timestamp) {
        let history = match self.password.take() {
            Some(old) => std::iter::once(old.hash).chain(old.history).take(24).collect(),
            None => Vec::new(),
        };
        self.password = Some(Password { hash, changed_at: now, history });
        self.enroll.retain(|k| *k != Authenticator::OktaPassword);
        self.wrong_passwords = 0;
        if matches!(self.status, Status::PasswordExpired | Status::Staged) {
            self.status = Status::Active;
        }
    }

    /// Unlocks the account.
    pub(crate) fn unlock(&mut self) {
        self.wrong_passwords = 0;
        self.locked_at = None;
        if self.status == Status::LockedOut {
            self.status = Status::Active;
        }
    }

    /// A profile attribute as text; `login` and `email` included.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        match name {
            "login" => Some(&self.login),
            "email" => Some(&self.email),
            _ => self.profile.get(name).and_then(Value::as_str),
        }
    }

    /// The display name.
    pub(crate) fn name(&self) -> String {
        let part = |name| self.attribute(name).unwrap_or_default();
        let both = format!("{} {}", part("firstName"), part("lastName"));
        if both.trim().is_empty() { self.login.clone() } else { both.trim().to_owned() }
    }

    /// The number of the enrolled phone.
    pub(crate) fn phone(&self) -> Option<&str> {
        match &self.enrolment(Authenticator::PhoneNumber)?.factor {
            Factor::Phone { number, .. } => Some(number),
            _ => None,
        }
    }
}

/// The group of all users.
pub(crate) const EVERYONE: &str = "Everyone";

/// A factor verified in a transaction or a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VerifiedFactor {
    pub(crate) key: Authenticator,
    pub(crate) method: Method,
    pub(crate) at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::new_user::NewUser;

    #[test]
    fn a_new_password_keeps_the_old_hash_and_ends_expiry() {
        let mut user = NewUser::named("a").create(Timestamp::default(), &mut Random::seeded(1));
        user.status = Status::PasswordExpired;
        user.set_password("one".into(), Timestamp::default());
        user.set_password("two".into(), Timestamp::default());
        assert_eq!(user.status, Status::Active);
        assert_eq!(user.password.unwrap().history, ["one"]);
    }
}
