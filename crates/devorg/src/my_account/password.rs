//! `/password`: the password of the user.

use serde_json::{Value, json};

use super::{AccountAnswer, AccountRefusal, Outcome, UserAccount, text};
use crate::credentials::password;
use crate::org::password_complexity::PasswordProblem;

impl UserAccount<'_> {
    pub(super) fn password(&mut self, method: &str, rest: &[&str], body: &Value) -> Outcome {
        let has_password = self.user()?.password.is_some();
        match (method, rest) {
            ("GET", []) => Ok(AccountAnswer::shown(self.password_json()?)),
            ("POST", []) if !has_password => {
                self.change_password(None, text(body, "/profile/password"))?;
                Ok(AccountAnswer::created(self.password_json()?))
            }
            ("PUT", []) if has_password => {
                self.change_password(
                    text(body, "/profile/currentPassword"),
                    text(body, "/profile/password"),
                )?;
                Ok(AccountAnswer::created(self.password_json()?))
            }
            ("DELETE", []) if has_password => {
                self.user_mut()?.password = None;
                Ok(AccountAnswer::DONE)
            }
            ("POST", ["change-password"]) if has_password => {
                let old = text(body, "/oldPassword").unwrap_or_default();
                self.change_password(Some(old), text(body, "/newPassword"))?;
                Ok(AccountAnswer::DONE)
            }
            ("GET", ["complexity-requirements"]) => {
                let rules = &self.app()?.password.complexity;
                let complexity = rules.settings().get("complexity").cloned();
                Ok(AccountAnswer::shown(json!({ "description": rules.describe(), "complexity": complexity })))
            }
            _ => Err(AccountRefusal::NotFound),
        }
    }

    fn password_json(&self) -> Result<Value, AccountRefusal> {
        let user = self.user()?;
        let id = format!("lae{}", user.id.get(3..).unwrap_or_default());
        Ok(match &user.password {
            Some(password) => json!({
                "id": id,
                "status": "ACTIVE",
                "created": password.changed_at.iso(),
                "lastUpdated": password.changed_at.iso(),
                "_links": { "self": self.link("password", &["GET", "PUT", "DELETE"]) },
            }),
            None => json!({
                "id": id,
                "status": "NOT_ENROLLED",
                "_links": { "enroll": self.link("password", &["POST"]) },
            }),
        })
    }

    /// Sets a password. If the current password is given, it must be right.
    fn change_password(&mut self, current: Option<&str>, new: Option<&str>) -> Result<(), AccountRefusal> {
        let user = self.user()?;
        let is_right =
            |given: &str| user.password.as_ref().is_some_and(|own| password::verify(given, &own.hash));
        if current.is_some_and(|given| !is_right(given)) {
            return Err(AccountRefusal::invalid("password", "currentPassword: Password is incorrect"));
        }
        let new =
            new.ok_or_else(|| AccountRefusal::invalid("password", "password: The field is required"))?;
        self.app()?.password.complexity.check(new, Some(user)).map_err(|unfit| {
            let cause = match unfit {
                PasswordProblem::Common => "This password was found in a list of commonly used passwords. \
                                            Please try another password."
                    .to_owned(),
                PasswordProblem::Requirements(rules) => {
                    format!("Password requirements were not met. {rules}")
                }
            };
            AccountRefusal::invalid("password", format!("password: {cause}"))
        })?;
        let (hash, now) = (password::hash(new, self.random), self.now);
        let user = self.user_mut()?;
        user.set_password(hash, now);
        user.updated_at = now;
        Ok(())
    }
}
