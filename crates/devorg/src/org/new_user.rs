//! Creates a user from the org file, `POST /dev/users` or the registration form.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::{Timestamp, minutes};
use crate::credentials::base32;
use crate::credentials::password;
use crate::org::authenticator::Authenticator;
use crate::org::settings::codes::CodePolicy;
use crate::org::user::{EVERYONE, Factor, OrgUser, Password, Status};
use crate::random::Random;

/// A user as the org file and `POST /dev/users` describe them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) struct NewUser {
    pub(crate) login: String,
    pub(crate) email: Option<String>,
    #[serde(default)]
    pub(crate) profile: BTreeMap<String, Value>,
    pub(crate) password: Option<String>,
    pub(crate) phone: Option<String>,
    /// More phones, each enrolled beside the first.
    #[serde(default)]
    pub(crate) more_phones: Vec<String>,
    /// The enrolled authenticators. The password needs no mention.
    #[serde(default)]
    pub(crate) factors: Vec<Authenticator>,
    /// The authenticators to enrol at the next sign-in.
    #[serde(default)]
    pub(crate) enroll: Vec<Authenticator>,
    pub(crate) status: Option<Status>,
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// The age of the password.
    pub(crate) password_age_days: Option<u64>,
    /// The answer to the security question, if that is among the factors.
    pub(crate) answer: Option<String>,
}

/// The PIN of a user's card unless the user has set it.
pub(crate) const CARD_PIN: &str = "246810";

impl NewUser {
    /// A user of whom only the login is given.
    #[cfg(test)]
    pub(crate) fn named(login: &str) -> Self {
        serde_json::from_value(serde_json::json!({"login": login})).unwrap()
    }

    /// Creates the account. A missing phone number or answer gets a default.
    #[expect(clippy::too_many_lines, reason = "one line for each member of a user")]
    pub(crate) fn create(self, now: Timestamp, random: &mut Random) -> OrgUser {
        let email = self.email.unwrap_or_else(|| self.login.clone());
        let mut groups = self.groups;
        if !groups.iter().any(|g| g == EVERYONE) {
            groups.insert(0, EVERYONE.to_owned());
        }
        let mut user = OrgUser {
            id: random.id("00u"),
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
            phone_messages: Vec::new(),
            passkey_skips: Vec::new(),
            grace_skips: BTreeMap::new(),
            device_keys: BTreeMap::new(),
            consents: BTreeMap::new(),
            identity_verified: false,
            device_is_compliant: false,
            updated_at: now,
        };
        if let Some(passcode) = self.password {
            let age = Duration::from_secs(self.password_age_days.unwrap_or(0) * 86_400);
            let changed_at = Timestamp::default().after(now.since(Timestamp::default()).saturating_sub(age));
            let hash = password::hash(&passcode, random);
            user.password = Some(Password { hash, changed_at, history: Vec::new() });
        }
        let phone = self.phone.filter(|number| !number.is_empty());
        let answer = self.answer.unwrap_or_else(|| "pizza".to_owned());
        for key in self.factors {
            let secret = base32::encode(&random.bytes::<20>());
            let factor = match key {
                Authenticator::OktaPassword | Authenticator::Webauthn => continue,
                Authenticator::OktaEmail => Factor::Email,
                Authenticator::PhoneNumber => Factor::Phone {
                    number: phone.clone().unwrap_or_else(|| "+15551234567".to_owned()),
                    nickname: None,
                },
                Authenticator::SecurityQuestion => Factor::Question {
                    key: "disliked_food".to_owned(),
                    question: "What is the food you least liked as a child?".to_owned(),
                    answer: password::hash(&password::normalise_answer(&answer), random),
                },
                Authenticator::GoogleOtp => Factor::GoogleOtp { secret, last: None },
                Authenticator::OktaVerify => {
                    Factor::OktaVerify { secret, last: None, device: "Dev phone".to_owned() }
                }
                Authenticator::ExternalIdp => {
                    Factor::Idp { provider: String::new(), subject: user.login.clone() }
                }
                Authenticator::Tac => Factor::AccessCode {
                    code: random.code(CodePolicy::SIX_DIGITS),
                    until: now.after(minutes(60 * 24)),
                },
                Authenticator::YubikeyToken
                | Authenticator::SymantecVip
                | Authenticator::RsaToken
                | Authenticator::OnpremMfa
                | Authenticator::Duo
                | Authenticator::CustomOtp => Factor::OtpDevice { key, secret, last: None, next_code: false },
                Authenticator::SmartCardIdp | Authenticator::CustomApp => Factor::Registered { key },
                Authenticator::NfcPin => Factor::Card { pin: password::hash(CARD_PIN, random) },
            };
            user.enrol(factor, now, random);
        }
        for number in self.more_phones {
            user.add(Factor::Phone { number, nickname: None }, now, random);
        }
        // As in Okta, a phone number without the factor is a profile attribute.
        if let Some(number) = phone {
            user.profile.entry("mobilePhone".to_owned()).or_insert(Value::String(number));
        }
        user.enroll = self.enroll;
        user
    }
}
