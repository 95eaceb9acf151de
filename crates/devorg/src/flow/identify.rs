//! The identify step, invitations and passwords.

use super::{IdentityEngine, OpenedBy, Outcome};
use crate::clock::minutes;
use crate::credentials::password;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message, MessageTarget};
use crate::org::password_complexity::PasswordProblem;
use crate::org::state::InvitationKind;
use crate::org::transaction::{Purpose, STEP_LIFETIME, Step, Subject};
use crate::org::user::Status;

impl IdentityEngine<'_> {
    /// The identifier, perhaps with the password.
    pub(super) fn identify(
        &mut self,
        identifier: Option<String>,
        passcode: Option<String>,
        remember: bool,
    ) -> Outcome {
        let Some(identifier) = identifier else {
            return Err(message::required("identifier", "identifier"));
        };
        if self.transaction.step == Step::IdentifyRecovery {
            return self.identify_to_recover(identifier);
        }
        let (asks_password, unassigned) = {
            let app = self.app()?;
            let groups = self.org.users.by_login(&identifier).map(|user| user.groups.as_slice());
            (app.asks_password_first(), groups.is_some_and(|groups| !app.is_assigned(groups)))
        };
        self.restart(Purpose::SignIn);
        self.transaction.remember = remember;
        let found = self.org.users.by_login(&identifier).map(|user| user.id.clone());
        match (found, passcode) {
            (Some(id), Some(passcode)) => {
                self.transaction.subject = Subject::User { id, identifier };
                let checked = self.check_password(&passcode);
                if checked.is_err() || unassigned {
                    self.transaction.subject = Subject::Unidentified;
                    self.transaction.move_to(Step::Identify);
                    // The first page does not reveal whether the identifier or the password was wrong.
                    return Err(if checked.is_ok() {
                        message::not_assigned()
                    } else {
                        message::authentication_failed()
                    });
                }
                self.factor_verified(Authenticator::OktaPassword, Method::Password)
            }
            (Some(id), None) => {
                if unassigned && !self.org.settings.enumeration_protection {
                    return Err(message::not_assigned());
                }
                self.transaction.subject = Subject::User { id, identifier };
                if asks_password {
                    self.open_challenge(Authenticator::OktaPassword, None, OpenedBy::Org)
                } else {
                    self.advance()
                }
            }
            (None, passcode) => {
                // Hash as for an existing user, so that the response time reveals nothing.
                password::verify(passcode.as_deref().unwrap_or_default(), DECOY_HASH);
                if !self.org.settings.enumeration_protection {
                    return Err(message::unknown_user(&identifier));
                }
                if passcode.is_some() {
                    return Err(message::authentication_failed());
                }
                self.transaction.subject = Subject::UnknownUser(identifier);
                if asks_password {
                    self.open_challenge(Authenticator::OktaPassword, None, OpenedBy::Org)
                } else {
                    self.advance()
                }
            }
        }
    }

    /// Starts as the user of an activation or recovery token.
    pub(crate) fn invited(&mut self, user: String, to: InvitationKind) {
        let identifier = self.org.users.get(&user).map(|u| u.login.clone()).unwrap_or_default();
        self.transaction.subject = Subject::User { id: user, identifier };
        self.transaction.expires_at = self.now.after(STEP_LIFETIME);
        match to {
            InvitationKind::Activate => {
                self.transaction.purpose = Purpose::Register;
                // The token was mailed, which verifies the address.
                self.transaction.record_verified(Authenticator::OktaEmail, Method::Email, self.now);
                if let Err(refusal) = self.advance() {
                    let messages = refusal.messages.into_iter().map(|(_, message)| message).collect();
                    self.transaction.move_to(Step::Ended { messages, cancel: true });
                }
            }
            InvitationKind::Recover => {
                self.transaction.purpose = Purpose::Recover;
                // The token was mailed, which counts as an e-mail code.
                self.transaction.record_verified(Authenticator::OktaEmail, Method::Email, self.now);
                self.transaction.move_to(Step::ResetPassword);
            }
        }
    }

    /// Checks the password and counts wrong ones.
    pub(super) fn check_password(&mut self, passcode: &str) -> Outcome {
        let policy = self.app()?.password.clone();
        let protects = self.org.settings.enumeration_protection;
        let now = self.now;
        let wrong =
            || if protects { message::authentication_failed() } else { message::incorrect_password() };
        let Some(user) = self.user_mut() else {
            password::verify(passcode, DECOY_HASH);
            return Err(wrong());
        };
        let opens_at = user.locked_at.map(|at| at.after(minutes(policy.auto_unlock_minutes)));
        if policy.auto_unlock_minutes > 0 && opens_at.is_some_and(|at| at <= now) {
            user.unlock();
        }
        let is_right = user.password.as_ref().is_some_and(|kept| password::verify(passcode, &kept.hash));
        match user.status {
            Status::LockedOut | Status::Suspended => return Err(wrong()),
            Status::Staged | Status::Active | Status::PasswordExpired => {}
        }
        if is_right {
            user.wrong_passwords = 0;
            return Ok(());
        }
        user.wrong_passwords += 1;
        if policy.max_attempts > 0 && user.wrong_passwords >= policy.max_attempts {
            user.status = Status::LockedOut;
            user.locked_at = Some(now);
        }
        Err(wrong())
    }

    /// Asks for a new password, because it expired or expires in this many days.
    pub(super) fn renew_password(&mut self, days: Option<u64>) {
        self.transaction.move_to(Step::RenewPassword(days));
        if days.is_none() {
            return;
        }
        let org = self.org.settings.name.clone();
        let text = format!(
            "When your password expires, you will have to change your password before you can login to your {org} account."
        );
        let message = Message::info("idx.password.expiring.message", text).with_param(org);
        self.transaction.notices.push((MessageTarget::Top, message));
    }

    /// Checks a new password and sets it.
    pub(super) fn set_new_password(&mut self, passcode: Option<&str>, field: &str) -> Outcome {
        let Some(passcode) = passcode else { return Err(message::required("passcode", field)) };
        let complexity = self.app()?.password.complexity.clone();
        complexity.check(passcode, self.user()).map_err(|unfit| match unfit {
            PasswordProblem::Common => {
                let text = "This password was found in a list of commonly used passwords. Please try another password.";
                Message::error("password.common", text)
            }
            PasswordProblem::Requirements(words) => {
                let text = format!("Password requirements were not met. {words}");
                Message::error("password.passwordRequirementsNotMet", text).with_param(words)
            }
        })
        .map_err(|message| message.at_field(field, 400))?;
        let hash = password::hash(passcode, self.random);
        let now = self.now;
        self.require_user()?.set_password(hash, now);
        self.transaction.record_verified(Authenticator::OktaPassword, Method::Password, now);
        Ok(())
    }
}

/// A hash that matches no password.
const DECOY_HASH: &str =
    "$argon2id$v=19$m=256,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
