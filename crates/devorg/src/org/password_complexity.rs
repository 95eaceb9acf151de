//! The complexity rules of a password policy.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::credentials::password;
use crate::org::user::User;

/// What a password must be like.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Complexity {
    pub(crate) min_length: usize,
    pub(crate) min_lower_case: usize,
    pub(crate) min_upper_case: usize,
    pub(crate) min_number: usize,
    pub(crate) min_symbol: usize,
    pub(crate) exclude_username: bool,
    pub(crate) exclude_attributes: Vec<String>,
    pub(crate) exclude_common: bool,
    /// How many earlier passwords may not come back.
    pub(crate) history: usize,
}

impl Default for Complexity {
    fn default() -> Self {
        Self {
            min_length: 8,
            min_lower_case: 1,
            min_upper_case: 1,
            min_number: 1,
            min_symbol: 0,
            exclude_username: true,
            exclude_attributes: Vec::new(),
            exclude_common: true,
            history: 4,
        }
    }
}

/// Why a password will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// Everyone uses it.
    Common,
    /// The policy, in words, as Okta tells it.
    Rules(String),
}

impl Complexity {
    /// The `settings` of the password authenticator.
    pub(crate) fn settings(&self) -> Value {
        json!({
            "complexity": {
                "minLength": self.min_length,
                "minLowerCase": self.min_lower_case,
                "minUpperCase": self.min_upper_case,
                "minNumber": self.min_number,
                "minSymbol": self.min_symbol,
                "excludeUsername": self.exclude_username,
                "excludeAttributes": self.exclude_attributes,
            },
            "age": { "minAgeMinutes": 0, "historyCount": self.history },
        })
    }

    /// Whether somebody may take this password.
    pub(crate) fn check(&self, passcode: &str, user: Option<&User>) -> Result<(), Unfit> {
        let count = |is: fn(&char) -> bool| passcode.chars().filter(is).count();
        let spelled =
            |name: &str| user.and_then(|u| u.attribute(name)).is_some_and(|text| contains(passcode, text));
        let fits = passcode.chars().count() >= self.min_length
            && count(|c| c.is_lowercase()) >= self.min_lower_case
            && count(|c| c.is_uppercase()) >= self.min_upper_case
            && count(|c| c.is_ascii_digit()) >= self.min_number
            && count(|c| !c.is_alphanumeric()) >= self.min_symbol
            && !(self.exclude_username
                && user.is_some_and(|u| parts(&u.login).any(|part| contains(passcode, part))))
            && !self.exclude_attributes.iter().any(|name| spelled(name))
            && !self.was_used(passcode, user);
        if !fits {
            return Err(Unfit::Rules(self.words()));
        }
        if self.exclude_common && COMMON.iter().any(|common| passcode.eq_ignore_ascii_case(common)) {
            return Err(Unfit::Common);
        }
        Ok(())
    }

    fn was_used(&self, passcode: &str, user: Option<&User>) -> bool {
        let Some(password) = user.and_then(|u| u.password.as_ref()).filter(|_| self.history > 0) else {
            return false;
        };
        std::iter::once(&password.hash)
            .chain(&password.history)
            .take(self.history)
            .any(|hash| password::verify(passcode, hash))
    }

    /// `Password requirements: at least 8 characters, …`.
    fn words(&self) -> String {
        let mut words = vec![format!("at least {} characters", self.min_length)];
        let mut say = |needed: bool, text: &str| {
            if needed {
                words.push(text.to_owned());
            }
        };
        say(self.min_lower_case > 0, "a lowercase letter");
        say(self.min_upper_case > 0, "an uppercase letter");
        say(self.min_number > 0, "a number");
        say(self.min_symbol > 0, "a symbol");
        say(self.exclude_username, "no parts of your username");
        say(self.exclude_attributes.iter().any(|a| a == "firstName"), "does not include your first name");
        say(self.exclude_attributes.iter().any(|a| a == "lastName"), "does not include your last name");
        let mut text = format!("Password requirements: {}.", words.join(", "));
        if self.history > 0 {
            text.push_str(&format!(" Your password cannot be any of your last {} passwords.", self.history));
        }
        text
    }
}

const COMMON: [&str; 8] =
    ["Password1", "Password123", "Passw0rd", "Welcome1", "Qwerty123", "Admin123", "Abc12345", "Letmein1"];

/// The pieces of a login that are long enough to be recognised in a password.
fn parts(login: &str) -> impl Iterator<Item = &str> {
    login.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() >= 4)
}

fn contains(passcode: &str, text: &str) -> bool {
    text.len() >= 3 && passcode.to_lowercase().contains(&text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_breaks_a_rule_is_told_all_of_them() {
        let rules = Complexity::default();
        let Err(Unfit::Rules(words)) = rules.check("short", None) else { panic!("too short") };
        assert!(words.starts_with("Password requirements: at least 8 characters, a lowercase letter"));
        assert_eq!(rules.check("Password1", None), Err(Unfit::Common));
        assert_eq!(rules.check("Abcd-1234", None), Ok(()));
    }
}
