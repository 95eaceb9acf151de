//! Password recovery and account unlock.

use super::request::{Choice, Credentials};
use super::{IdentityEngine, OpenedBy, Outcome};
use crate::flow::policy;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message};
use crate::org::transaction::{Challenge, Purpose, Step, Subject};

impl IdentityEngine<'_> {
    /// The user forgot the password.
    pub(super) fn recover(&mut self) -> Outcome {
        let is_offered = {
            let app = self.app()?;
            app.has_passwords() && !app.password.recovery.is_empty()
        };
        if !is_offered {
            return Err(not_allowed());
        }
        let is_known = self.transaction.subject != Subject::Unidentified
            && self.transaction.step == Step::Challenge(Challenge::Password);
        self.transaction.purpose = Purpose::Recover;
        self.transaction.verified.clear();
        if is_known {
            return self.offer_recovery();
        }
        self.transaction.subject = Subject::Unidentified;
        self.transaction.move_to(Step::IdentifyRecovery);
        Ok(())
    }

    /// The identifier for recovery.
    pub(super) fn identify_to_recover(&mut self, identifier: String) -> Outcome {
        let found = self.org.users.by_login(&identifier).map(|user| user.id.clone());
        self.transaction.subject = match found {
            Some(id) => Subject::User { id, identifier },
            None if self.org.settings.enumeration_protection => Subject::UnknownUser(identifier),
            None => return Err(message::unknown_user(&identifier)),
        };
        self.offer_recovery()
    }

    fn offer_recovery(&mut self) -> Outcome {
        match self.offered_authenticators().as_slice() {
            [] => Err(not_allowed()),
            keys => self.offer_challenge(keys),
        }
    }

    /// The recovery factor is verified: asks for the security question if required, else for the new password.
    pub(super) fn recovered(&mut self) -> Outcome {
        let asks_question = self.app()?.password.recovery_additional_question
            && !self.transaction.has_verified(Authenticator::SecurityQuestion)
            && self.user().is_some_and(|user| user.has(Authenticator::SecurityQuestion));
        self.transaction.move_to(if asks_question {
            Step::Challenge(Challenge::Question)
        } else {
            Step::ResetPassword
        });
        Ok(())
    }

    /// Sets the new password and ends the recovery.
    pub(super) fn reset_password(&mut self, given: &Credentials) -> Outcome {
        self.set_new_password(given.get("passcode"), "credentials.passcode")?;
        self.require_user()?.unlock();
        if given.revoke_sessions
            && let Some(id) = self.transaction.user_id().map(str::to_owned)
        {
            self.org.end_sessions(&id);
        }
        self.transaction.purpose = Purpose::SignIn;
        if self.app()?.password.recovery_continues_to_app {
            return self.advance();
        }
        let text = "You can now sign in with your existing username and new password.";
        let messages = vec![Message::info("idx.recovery.completed", text)];
        self.transaction.move_to(Step::Ended { messages, cancel: false });
        Ok(())
    }

    /// The user wants to unlock the account.
    pub(super) fn unlock(&mut self) -> Outcome {
        if self.app()?.password.unlock.is_empty() {
            let text = "Unlock account is not allowed at this time. Please contact support for assistance.";
            return Err(Message::error("oie.selfservice.user.unlock.not.allowed", text).at_top(400));
        }
        self.restart(Purpose::Unlock);
        self.transaction.move_to(Step::SelectUnlock);
        Ok(())
    }

    /// The identifier and the authenticator for unlocking.
    pub(super) fn choose_unlock(&mut self, identifier: Option<String>, choice: Choice) -> Outcome {
        let Some(identifier) = identifier else { return Err(message::required("identifier", "identifier")) };
        let Some(key) = choice.key else { return Err(message::required("authenticator", "authenticator")) };
        let methods = self.app()?.password.unlock.clone();
        if !methods.contains(&key) {
            return Err(message::bad_request());
        }
        let protects = self.org.settings.enumeration_protection;
        let user = self.org.users.by_login(&identifier);
        let usable = user
            .filter(|user| policy::self_service(&methods, user).contains(&key))
            .map(|user| user.id.clone());
        self.transaction.subject = match (usable, user.is_some()) {
            (Some(id), _) => Subject::User { id, identifier },
            (None, false) if !protects => return Err(message::unknown_user(&identifier)),
            (None, _) => Subject::UnknownUser(identifier),
        };
        self.open_challenge(key, choice.method, OpenedBy::User)
    }

    /// The unlock factor is verified.
    pub(super) fn unlocked(&mut self) -> Outcome {
        self.require_user()?.unlock();
        if self.app()?.password.unlock_continues_to_app {
            self.transaction.purpose = Purpose::SignIn;
            self.open_challenge(Authenticator::OktaPassword, Some(Method::Password), OpenedBy::Org)?;
            let text =
                "Account successfully unlocked! Verify your account with a security method to continue.";
            let key = "oie.selfservice.unlock_user.landing.to.app.success.message";
            self.transaction.notices.push((message::MessageTarget::Top, Message::info(key, text)));
            return Ok(());
        }
        let text = "You can log in using your existing username and password";
        let messages = vec![Message::info("oie.selfservice.unlock_user.success.message", text)];
        self.transaction.move_to(Step::Ended { messages, cancel: true });
        Ok(())
    }
}

fn not_allowed() -> message::Refusal {
    let text = "Reset password is not allowed at this time. Please contact support for assistance.";
    Message::error("oie.selfservice.reset.password.not.allowed", text).at_top(403)
}
