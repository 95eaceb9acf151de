//! The complexity rules of a password policy.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::credentials::password;
use crate::org::user::OrgUser;

/// The complexity settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PasswordComplexity {
    pub(crate) min_length: usize,
    pub(crate) min_lower_case: usize,
    pub(crate) min_upper_case: usize,
    pub(crate) min_number: usize,
    pub(crate) min_symbol: usize,
    pub(crate) exclude_username: bool,
    pub(crate) exclude_attributes: Vec<String>,
    pub(crate) exclude_common: bool,
    /// How many earlier passwords may not be used again.
    pub(crate) history: usize,
}

impl Default for PasswordComplexity {
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

/// Why a password is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PasswordProblem {
    /// It is in the list of common passwords.
    Common,
    /// It breaks a rule. The text lists all rules, as Okta does.
    Requirements(String),
}

impl PasswordComplexity {
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

    /// Checks a new password.
    pub(crate) fn check(&self, passcode: &str, user: Option<&OrgUser>) -> Result<(), PasswordProblem> {
        let count = |is: fn(&char) -> bool| passcode.chars().filter(is).count();
        let contains_attribute =
            |name: &str| user.and_then(|u| u.attribute(name)).is_some_and(|text| contains(passcode, text));
        let fits = passcode.chars().count() >= self.min_length
            && count(|c| c.is_lowercase()) >= self.min_lower_case
            && count(|c| c.is_uppercase()) >= self.min_upper_case
            && count(|c| c.is_ascii_digit()) >= self.min_number
            && count(|c| !c.is_alphanumeric()) >= self.min_symbol
            && !(self.exclude_username
                && user.is_some_and(|u| parts(&u.login).any(|part| contains(passcode, part))))
            && !self.exclude_attributes.iter().any(|name| contains_attribute(name))
            && !self.was_used(passcode, user);
        if !fits {
            return Err(PasswordProblem::Requirements(self.describe()));
        }
        if self.exclude_common && COMMON.iter().any(|common| passcode.eq_ignore_ascii_case(common)) {
            return Err(PasswordProblem::Common);
        }
        Ok(())
    }

    fn was_used(&self, passcode: &str, user: Option<&OrgUser>) -> bool {
        let Some(password) = user.and_then(|u| u.password.as_ref()).filter(|_| self.history > 0) else {
            return false;
        };
        std::iter::once(&password.hash)
            .chain(&password.history)
            .take(self.history)
            .any(|hash| password::verify(passcode, hash))
    }

    /// `Password requirements: at least 8 characters, …`.
    pub(crate) fn describe(&self) -> String {
        let mut rules = vec![format!("at least {} characters", self.min_length)];
        let mut add = |needed: bool, text: &str| {
            if needed {
                rules.push(text.to_owned());
            }
        };
        add(self.min_lower_case > 0, "a lowercase letter");
        add(self.min_upper_case > 0, "an uppercase letter");
        add(self.min_number > 0, "a number");
        add(self.min_symbol > 0, "a symbol");
        add(self.exclude_username, "no parts of your username");
        add(self.exclude_attributes.iter().any(|a| a == "firstName"), "does not include your first name");
        add(self.exclude_attributes.iter().any(|a| a == "lastName"), "does not include your last name");
        let mut text = format!("Password requirements: {}.", rules.join(", "));
        if self.history > 0 {
            text.push_str(&format!(" Your password cannot be any of your last {} passwords.", self.history));
        }
        text
    }
}

const COMMON: [&str; 8] =
    ["Password1", "Password123", "Passw0rd", "Welcome1", "Qwerty123", "Admin123", "Abc12345", "Letmein1"];

/// The parts of a login of four letters or more.
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
    fn a_password_that_breaks_a_rule_is_refused_with_all_rules() {
        let rules = PasswordComplexity::default();
        let Err(PasswordProblem::Requirements(text)) = rules.check("short", None) else {
            panic!("too short")
        };
        assert!(text.starts_with("Password requirements: at least 8 characters, a lowercase letter"));
        assert_eq!(rules.check("Password1", None), Err(PasswordProblem::Common));
        assert_eq!(rules.check("Abcd-1234", None), Ok(()));
    }
}
