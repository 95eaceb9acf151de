//! The people of the org: who they are and what they can prove it with.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Moment;
use crate::org::authenticator::{Key, Method};
use crate::random::Chance;

/// Where an account stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    /// Created, not yet activated.
    Staged,
    /// In use.
    #[default]
    Active,
    /// The password must be changed at the next sign-in.
    PasswordExpired,
    /// Too many wrong passwords.
    LockedOut,
    /// Put aside by an administrator.
    Suspended,
}

/// A person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) email: String,
    pub(crate) status: Status,
    pub(crate) groups: Vec<String>,
    pub(crate) profile: BTreeMap<String, Value>,
    pub(crate) password: Option<Password>,
    pub(crate) enrolments: Vec<Enrolment>,
    /// What is to be set up at the next sign-in.
    pub(crate) enroll: Vec<Key>,
    pub(crate) email_verified: bool,
    pub(crate) wrong_passwords: u32,
    pub(crate) locked_at: Option<Moment>,
    pub(crate) wrong_codes: Vec<Moment>,
    /// When text messages and calls went out, for the hourly limit.
    pub(crate) dialled: Vec<Moment>,
    pub(crate) updated_at: Moment,
}

/// A password, which is kept as its Argon2 hash.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Password {
    pub(crate) hash: String,
    pub(crate) changed_at: Moment,
    /// The hashes before it, newest first.
    pub(crate) history: Vec<String>,
}

/// An authenticator somebody has set up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Enrolment {
    pub(crate) id: String,
    pub(crate) at: Moment,
    pub(crate) proof: Proof,
}

/// What an enrolment is checked against.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Proof {
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
    /// A token whose codes the console shows.
    Token {
        key: Key,
        secret: String,
        last: Option<u64>,
    },
    AccessCode {
        code: String,
        until: Moment,
    },
}

impl Proof {
    /// The authenticator it belongs to.
    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Email => Key::OktaEmail,
            Self::Phone { .. } => Key::PhoneNumber,
            Self::Question { .. } => Key::SecurityQuestion,
            Self::GoogleOtp { .. } => Key::GoogleOtp,
            Self::OktaVerify { .. } => Key::OktaVerify,
            Self::Passkey { .. } => Key::Webauthn,
            Self::Idp { .. } => Key::ExternalIdp,
            Self::Token { key, .. } => *key,
            Self::AccessCode { .. } => Key::Tac,
        }
    }
}

impl User {
    /// Whether this authenticator is set up.
    pub(crate) fn has(&self, key: Key) -> bool {
        match key {
            Key::OktaPassword => self.password.is_some(),
            _ => self.enrolment(key).is_some(),
        }
    }

    /// The first enrolment of this authenticator. A password is none: it is [`User::password`].
    pub(crate) fn enrolment(&self, key: Key) -> Option<&Enrolment> {
        self.enrolments.iter().find(|e| e.proof.key() == key)
    }

    /// The same, to be changed.
    pub(crate) fn enrolment_mut(&mut self, key: Key) -> Option<&mut Enrolment> {
        self.enrolments.iter_mut().find(|e| e.proof.key() == key)
    }

    /// Adds an enrolment. A second passkey stands beside the first; anything else replaces what was there.
    pub(crate) fn enrol(&mut self, proof: Proof, now: Moment, chance: &mut Chance) {
        let key = proof.key();
        if key != Key::Webauthn {
            self.enrolments.retain(|e| e.proof.key() != key);
        }
        if key == Key::OktaEmail {
            self.email_verified = true;
        }
        self.enroll.retain(|k| *k != key);
        self.enrolments.push(Enrolment { id: chance.id(key.enrolment_prefix()), at: now, proof });
    }

    /// The keys of what is set up, the password first.
    pub(crate) fn keys(&self) -> Vec<Key> {
        Key::ALL.into_iter().filter(|key| self.has(*key)).collect()
    }

    /// Takes a new password, remembering the old one.
    pub(crate) fn set_password(&mut self, hash: String, now: Moment) {
        let history = match self.password.take() {
            Some(old) => std::iter::once(old.hash).chain(old.history).take(24).collect(),
            None => Vec::new(),
        };
        self.password = Some(Password { hash, changed_at: now, history });
        self.enroll.retain(|k| *k != Key::OktaPassword);
        self.wrong_passwords = 0;
        if matches!(self.status, Status::PasswordExpired | Status::Staged) {
            self.status = Status::Active;
        }
    }

    /// Opens the account again.
    pub(crate) fn unlock(&mut self) {
        self.wrong_passwords = 0;
        self.locked_at = None;
        if self.status == Status::LockedOut {
            self.status = Status::Active;
        }
    }

    /// A profile attribute as text, with the three that every account has.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        match name {
            "login" => Some(&self.login),
            "email" => Some(&self.email),
            _ => self.profile.get(name).and_then(Value::as_str),
        }
    }

    /// What to call them.
    pub(crate) fn name(&self) -> String {
        let part = |name| self.attribute(name).unwrap_or_default();
        let both = format!("{} {}", part("firstName"), part("lastName"));
        if both.trim().is_empty() { self.login.clone() } else { both.trim().to_owned() }
    }

    /// The number of the phone that is set up.
    pub(crate) fn phone(&self) -> Option<&str> {
        match &self.enrolment(Key::PhoneNumber)?.proof {
            Proof::Phone { number, .. } => Some(number),
            _ => None,
        }
    }
}

/// Everyone, found by id or login.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<User>", into = "Vec<User>")]
pub(crate) struct Users {
    all: BTreeMap<String, User>,
    logins: HashMap<String, String>,
}

impl Users {
    /// Someone by id.
    pub(crate) fn get(&self, id: &str) -> Option<&User> {
        self.all.get(id)
    }

    /// Someone by id, to be changed. The login stays.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut User> {
        self.all.get_mut(id)
    }

    /// Someone by login, or by the part before the `@`, as Okta does it.
    pub(crate) fn by_login(&self, login: &str) -> Option<&User> {
        let wanted = login.trim().to_lowercase();
        let id = self.logins.get(&wanted).or_else(|| {
            let mut short = self.logins.iter().filter(|(l, _)| l.split('@').next() == Some(wanted.as_str()));
            let found = if wanted.contains('@') { None } else { short.next() };
            // A short name that two people share names neither.
            found.filter(|_| short.next().is_none()).map(|(_, id)| id)
        })?;
        self.all.get(id)
    }

    /// Whether somebody has this very login.
    pub(crate) fn is_taken(&self, login: &str) -> bool {
        self.logins.contains_key(&login.to_lowercase())
    }

    /// Adds someone, or replaces who has the same id.
    pub(crate) fn put(&mut self, user: User) {
        self.logins.insert(user.login.to_lowercase(), user.id.clone());
        self.all.insert(user.id.clone(), user);
    }

    /// Removes someone.
    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(user) = self.all.remove(id) {
            self.logins.remove(&user.login.to_lowercase());
        }
    }

    /// Everyone.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.all.values()
    }
}

impl From<Vec<User>> for Users {
    fn from(all: Vec<User>) -> Self {
        let mut users = Self::default();
        all.into_iter().for_each(|user| users.put(user));
        users
    }
}

impl From<Users> for Vec<User> {
    fn from(users: Users) -> Self {
        users.all.into_values().collect()
    }
}

/// The group everyone is in.
pub(crate) const EVERYONE: &str = "Everyone";

/// One thing a person has shown in a transaction or a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) key: Key,
    pub(crate) method: Method,
    pub(crate) at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::new_user::NewUser;

    fn new(login: &str) -> NewUser {
        serde_json::from_value(serde_json::json!({"login": login})).unwrap()
    }

    #[test]
    fn someone_is_found_by_login_whatever_its_case_and_by_its_first_part() {
        let mut chance = Chance::row(1);
        let mut users = Users::default();
        users.put(new("Mary@example.com").create(Moment::default(), &mut chance));
        assert!(users.by_login(" mary@EXAMPLE.com").is_some());
        assert!(users.by_login("mary").is_some());
        users.put(new("mary@example.org").create(Moment::default(), &mut chance));
        assert!(users.by_login("mary").is_none(), "a name two people share names neither");
    }

    #[test]
    fn a_new_password_remembers_the_old_one_and_ends_expiry() {
        let mut user = new("a").create(Moment::default(), &mut Chance::row(1));
        user.status = Status::PasswordExpired;
        user.set_password("one".into(), Moment::default());
        user.set_password("two".into(), Moment::default());
        assert_eq!(user.status, Status::Active);
        assert_eq!(user.password.unwrap().history, ["one"]);
    }
}
