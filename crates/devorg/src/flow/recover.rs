//! Forgotten passwords and locked accounts.

use super::request::{Choice, Credentials};
use super::{Opened, Outcome, Walk};
use crate::flow::policy;
use crate::org::authenticator::{Key, Method};
use crate::org::message::{self, Message};
use crate::org::transaction::{Challenge, Purpose, Stage, Who};

impl Walk<'_> {
    /// The password is forgotten.
    pub(super) fn recover(&mut self) -> Outcome {
        let is_offered = {
            let app = self.app()?;
            app.has_passwords() && !app.password.recovery.is_empty()
        };
        if !is_offered {
            return Err(not_allowed());
        }
        let is_known = self.at.who != Who::Nobody && self.at.stage == Stage::Challenge(Challenge::Password);
        self.at.purpose = Purpose::Recover;
        self.at.shown.clear();
        if is_known {
            return self.offer_recovery();
        }
        self.at.who = Who::Nobody;
        self.at.go(Stage::IdentifyRecovery);
        Ok(())
    }

    /// Whose password it is.
    pub(super) fn identify_to_recover(&mut self, identifier: String) -> Outcome {
        let found = self.world.users.by_login(&identifier).map(|user| user.id.clone());
        self.at.who = match found {
            Some(id) => Who::User { id, identifier },
            None if self.world.settings.enumeration_protection => Who::Stranger(identifier),
            None => return Err(message::unknown_user(&identifier)),
        };
        self.offer_recovery()
    }

    fn offer_recovery(&mut self) -> Outcome {
        match self.offers().as_slice() {
            [] => Err(not_allowed()),
            [only] => self.open(*only, None, Opened::ByTheOrg),
            _ => {
                self.at.go(Stage::SelectAuthenticator);
                Ok(())
            }
        }
    }

    /// Enough was shown to set a new password, or one more thing is asked.
    pub(super) fn recovered(&mut self) -> Outcome {
        let asks_question = self.app()?.password.recovery_additional_question
            && !self.at.has_shown(Key::SecurityQuestion)
            && self.user().is_some_and(|user| user.has(Key::SecurityQuestion));
        self.at.go(if asks_question { Stage::Challenge(Challenge::Question) } else { Stage::ResetPassword });
        Ok(())
    }

    /// The new password, and out of recovery.
    pub(super) fn reset_password(&mut self, given: &Credentials) -> Outcome {
        self.take_password(given.get("passcode"), "credentials.passcode")?;
        self.someone()?.unlock();
        if given.revoke_sessions
            && let Some(id) = self.at.user_id().map(str::to_owned)
        {
            self.world.end_sessions(&id);
        }
        self.at.purpose = Purpose::SignIn;
        if self.app()?.password.recovery_continues_to_app {
            return self.advance();
        }
        let text = "You can now sign in with your existing username and new password.";
        let messages = vec![Message::info("idx.recovery.completed", text)];
        self.at.go(Stage::Ended { messages, cancel: false });
        Ok(())
    }

    /// The account is locked.
    pub(super) fn unlock(&mut self) -> Outcome {
        if self.app()?.password.unlock.is_empty() {
            let text = "Unlock account is not allowed at this time. Please contact support for assistance.";
            return Err(Message::error("oie.selfservice.user.unlock.not.allowed", text).at_top(400));
        }
        self.begin_again(Purpose::Unlock);
        self.at.go(Stage::SelectUnlock);
        Ok(())
    }

    /// Whose account, and by what.
    pub(super) fn choose_unlock(&mut self, identifier: Option<String>, choice: Choice) -> Outcome {
        let Some(identifier) = identifier else { return Err(message::required("identifier", "identifier")) };
        let Some(key) = choice.key else { return Err(message::required("authenticator", "authenticator")) };
        let methods = self.app()?.password.unlock.clone();
        if !methods.contains(&key) {
            return Err(message::bad_request());
        }
        let protects = self.world.settings.enumeration_protection;
        let user = self.world.users.by_login(&identifier);
        let usable = user
            .filter(|user| policy::self_service(&methods, user).contains(&key))
            .map(|user| user.id.clone());
        self.at.who = match (usable, user.is_some()) {
            (Some(id), _) => Who::User { id, identifier },
            (None, false) if !protects => return Err(message::unknown_user(&identifier)),
            (None, _) => Who::Stranger(identifier),
        };
        self.open(key, choice.method, Opened::ByThePerson)
    }

    /// The account is open again.
    pub(super) fn unlocked(&mut self) -> Outcome {
        self.someone()?.unlock();
        if self.app()?.password.unlock_continues_to_app {
            self.at.purpose = Purpose::SignIn;
            self.open(Key::OktaPassword, Some(Method::Password), Opened::ByTheOrg)?;
            let text =
                "Account successfully unlocked! Verify your account with a security method to continue.";
            let key = "oie.selfservice.unlock_user.landing.to.app.success.message";
            self.at.notices.push((message::Place::Top, Message::info(key, text)));
            return Ok(());
        }
        let text = "You can log in using your existing username and password";
        let messages = vec![Message::info("oie.selfservice.unlock_user.success.message", text)];
        self.at.go(Stage::Ended { messages, cancel: true });
        Ok(())
    }
}

fn not_allowed() -> message::Refusal {
    let text = "Reset password is not allowed at this time. Please contact support for assistance.";
    Message::error("oie.selfservice.reset.password.not.allowed", text).at_top(403)
}
