//! Someone as they are told of before they are there: in the org file, over `/dev/users`, on a registration form.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::{Moment, minutes};
use crate::credentials::base32;
use crate::credentials::password;
use crate::org::authenticator::Key;
use crate::org::user::{EVERYONE, Password, Proof, Status, User};
use crate::random::Chance;

/// Someone as the org file and `POST /dev/users` tell of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) struct NewUser {
    pub(crate) login: String,
    pub(crate) email: Option<String>,
    #[serde(default)]
    pub(crate) profile: BTreeMap<String, Value>,
    pub(crate) password: Option<String>,
    pub(crate) phone: Option<String>,
    /// The keys of what is set up. The password needs no mention.
    #[serde(default)]
    pub(crate) factors: Vec<Key>,
    /// The keys of what is to be set up at the next sign-in.
    #[serde(default)]
    pub(crate) enroll: Vec<Key>,
    pub(crate) status: Option<Status>,
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// How old the password is.
    pub(crate) password_age_days: Option<u64>,
    /// The answer to the security question, if that is among the factors.
    pub(crate) answer: Option<String>,
}

impl NewUser {
    /// Makes the account. A missing phone or answer gets one that is easy to remember.
    pub(crate) fn create(self, now: Moment, chance: &mut Chance) -> User {
        let email = self.email.unwrap_or_else(|| self.login.clone());
        let mut groups = self.groups;
        if !groups.iter().any(|g| g == EVERYONE) {
            groups.insert(0, EVERYONE.to_owned());
        }
        let mut user = User {
            id: chance.id("00u"),
            login: self.login,
            email,
            status: self.status.unwrap_or_default(),
            groups,
            profile: self.profile,
            password: None,
            enrolments: Vec::new(),
            enroll: Vec::new(),
            email_verified: false,
            wrong_passwords: 0,
            locked_at: None,
            wrong_codes: Vec::new(),
            dialled: Vec::new(),
            updated_at: now,
        };
        if let Some(passcode) = self.password {
            let age = Duration::from_secs(self.password_age_days.unwrap_or(0) * 86_400);
            let changed_at = Moment::default().after(now.since(Moment::default()).saturating_sub(age));
            let hash = password::hash(&passcode, chance);
            user.password = Some(Password { hash, changed_at, history: Vec::new() });
        }
        let phone = self.phone.filter(|number| !number.is_empty());
        let answer = self.answer.unwrap_or_else(|| "pizza".to_owned());
        for key in self.factors {
            let secret = base32::encode(&chance.bytes::<20>());
            let proof = match key {
                Key::OktaPassword | Key::Webauthn => continue,
                Key::OktaEmail => Proof::Email,
                Key::PhoneNumber => Proof::Phone {
                    number: phone.clone().unwrap_or_else(|| "+15551234567".to_owned()),
                    nickname: None,
                },
                Key::SecurityQuestion => Proof::Question {
                    key: "disliked_food".to_owned(),
                    question: "What is the food you least liked as a child?".to_owned(),
                    answer: password::hash(&password::plain_answer(&answer), chance),
                },
                Key::GoogleOtp => Proof::GoogleOtp { secret, last: None },
                Key::OktaVerify => Proof::OktaVerify { secret, last: None, device: "Dev phone".to_owned() },
                Key::ExternalIdp => Proof::Idp { provider: String::new(), subject: user.login.clone() },
                Key::Tac => Proof::AccessCode { code: chance.code(), until: now.after(minutes(60 * 24)) },
                Key::YubikeyToken | Key::SymantecVip | Key::RsaToken | Key::Duo | Key::CustomOtp => {
                    Proof::Token { key, secret, last: None }
                }
            };
            user.enrol(proof, now, chance);
        }
        // A number without the factor is a profile attribute, as in Okta.
        if let Some(number) = phone {
            user.profile.entry("mobilePhone".to_owned()).or_insert(Value::String(number));
        }
        user.enroll = self.enroll;
        user
    }
}
