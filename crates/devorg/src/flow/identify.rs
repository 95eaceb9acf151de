//! Who it is, and their password.

use super::{Opened, Outcome, Walk};
use crate::clock::minutes;
use crate::credentials::password;
use crate::org::authenticator::{Key, Method};
use crate::org::message::{self, Message};
use crate::org::password_complexity::Unfit;
use crate::org::state::Invited;
use crate::org::transaction::{GRANTED, Purpose, STEP, Stage, Who};
use crate::org::user::Status;

impl Walk<'_> {
    /// A name, perhaps with the password.
    pub(super) fn identify(
        &mut self,
        identifier: Option<String>,
        passcode: Option<String>,
        remember: bool,
    ) -> Outcome {
        let Some(identifier) = identifier else {
            return Err(message::required("identifier", "identifier"));
        };
        if self.at.stage == Stage::IdentifyRecovery {
            return self.identify_to_recover(identifier);
        }
        let (asks_password, unassigned) = {
            let app = self.app()?;
            let groups = self.world.users.by_login(&identifier).map(|user| user.groups.as_slice());
            (app.asks_password_first(), groups.is_some_and(|groups| !app.is_assigned(groups)))
        };
        self.begin_again(Purpose::SignIn);
        self.at.remember = remember;
        let found = self.world.users.by_login(&identifier).map(|user| user.id.clone());
        match (found, passcode) {
            (Some(id), Some(passcode)) => {
                self.at.who = Who::User { id, identifier };
                let checked = self.check_password(&passcode);
                if checked.is_err() || unassigned {
                    self.at.who = Who::Nobody;
                    self.at.go(Stage::Identify);
                    // On the first page nobody learns whether the name or the password was wrong.
                    return Err(if checked.is_ok() {
                        message::not_assigned()
                    } else {
                        message::authentication_failed()
                    });
                }
                self.shown(Key::OktaPassword, Method::Password)
            }
            (Some(id), None) => {
                if unassigned && !self.world.settings.enumeration_protection {
                    return Err(message::not_assigned());
                }
                self.at.who = Who::User { id, identifier };
                if asks_password {
                    self.open(Key::OktaPassword, None, Opened::ByTheOrg)
                } else {
                    self.advance()
                }
            }
            (None, passcode) => {
                // As much work as for somebody who exists, so that the time tells nothing.
                password::verify(passcode.as_deref().unwrap_or_default(), DECOY);
                if !self.world.settings.enumeration_protection {
                    return Err(message::unknown_user(&identifier));
                }
                if passcode.is_some() {
                    return Err(message::authentication_failed());
                }
                self.at.who = Who::Stranger(identifier);
                if asks_password {
                    self.open(Key::OktaPassword, None, Opened::ByTheOrg)
                } else {
                    self.advance()
                }
            }
        }
    }

    /// Begins as somebody whose link brought them here.
    pub(crate) fn invited(&mut self, user: String, to: Invited) {
        let identifier = self.world.users.get(&user).map(|u| u.login.clone()).unwrap_or_default();
        self.at.who = Who::User { id: user, identifier };
        self.at.expires_at = self.now.after(STEP);
        match to {
            Invited::Activate => {
                self.at.purpose = Purpose::Register;
                // The invitation came by mail, so the address is theirs.
                self.at.show(Key::OktaEmail, Method::Email, self.now);
                if let Err(refusal) = self.advance() {
                    let messages = refusal.messages.into_iter().map(|(_, message)| message).collect();
                    self.at.go(Stage::Ended { messages, cancel: true });
                }
            }
            Invited::Recover => {
                self.at.purpose = Purpose::Recover;
                // The link came by mail, which is as good as a code from it.
                self.at.show(Key::OktaEmail, Method::Email, self.now);
                self.at.go(Stage::ResetPassword);
            }
        }
    }

    /// Begins where the browser's session left off, if it has one.
    pub(crate) fn resume_session(&mut self) {
        let session = self.at.session.as_ref().and_then(|id| self.world.sessions.get(id)).cloned();
        let Some(session) = session else { return };
        let Some(identifier) = self.world.users.get(&session.user).map(|user| user.login.clone()) else {
            return;
        };
        self.at.who = Who::User { id: session.user, identifier };
        self.at.shown = session.shown;
        if self.advance().is_err() {
            self.begin_again(Purpose::SignIn);
            self.at.go(Stage::Identify);
        }
        if matches!(self.at.stage, Stage::Granted { .. }) {
            self.at.expires_at = self.now.after(GRANTED);
        }
    }

    /// Whether the password is right, counting those that are not.
    pub(super) fn check_password(&mut self, passcode: &str) -> Outcome {
        let policy = self.app()?.password.clone();
        let protects = self.world.settings.enumeration_protection;
        let now = self.now;
        let wrong =
            || if protects { message::authentication_failed() } else { message::incorrect_password() };
        let Some(user) = self.user_mut() else {
            password::verify(passcode, DECOY);
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

    /// Whether this may be the new password, and takes it.
    pub(super) fn take_password(&mut self, passcode: Option<&str>, field: &str) -> Outcome {
        let Some(passcode) = passcode else { return Err(message::required("passcode", field)) };
        let complexity = self.app()?.password.complexity.clone();
        complexity.check(passcode, self.user()).map_err(|unfit| match unfit {
            Unfit::Common => {
                let text = "This password was found in a list of commonly used passwords. Please try another password.";
                Message::error("password.common", text)
            }
            Unfit::Rules(words) => {
                let text = format!("Password requirements were not met. {words}");
                Message::error("password.passwordRequirementsNotMet", text).with(words)
            }
        })
        .map_err(|message| message.at(field, 400))?;
        let hash = password::hash(passcode, self.chance);
        let now = self.now;
        self.someone()?.set_password(hash, now);
        self.at.show(Key::OktaPassword, Method::Password, now);
        Ok(())
    }
}

/// The hash of nobody's password.
const DECOY: &str =
    "$argon2id$v=19$m=256,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
