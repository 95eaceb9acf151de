//! Codes and links that go out.

use super::{Outcome, Walk};
use crate::clock::minutes;
use crate::org::authenticator::{Key, Method};
use crate::org::inbox::{Channel, Draft};
use crate::org::message::{self, Message, Refusal};
use crate::org::transaction::{Challenge, Code, Enrolling, Push, Stage, Who};

impl Walk<'_> {
    /// Sends a code by mail, with a link beside it if the app wants one.
    pub(super) fn send_mail(&mut self, to: &str, subject: &str) -> Result<Code, Refusal> {
        let with_link = self.app()?.email_magic_link;
        let code = self.new_code(with_link);
        let client = &self.at.request.client_id;
        let link =
            code.link.as_ref().map(|token| format!("{}/email/verify/{client}?token={token}", self.origin));
        self.deliver(to, Channel::Email, subject, &code, link);
        Ok(code)
    }

    /// Sends a code to a phone, if it has not had too many.
    pub(super) fn dial(&mut self, to: &str, method: Method) -> Result<Code, Refusal> {
        let (now, limit) = (self.now, self.world.settings.messages_per_hour);
        if let Some(user) = self.user_mut() {
            user.dialled.retain(|at| now.since(*at) < minutes(60));
            if limit > 0 && user.dialled.len() >= limit {
                let (key, what) = if method == Method::Voice {
                    ("errors.E0000151", "call")
                } else {
                    ("errors.E0000150", "sms")
                };
                let text = format!("You have reached the limit of {what} requests, please try again later.");
                return Err(Message::error(key, text).at_top(429));
            }
            user.dialled.push(now);
        }
        let code = self.new_code(false);
        let channel = if method == Method::Voice { Channel::Voice } else { Channel::Sms };
        self.deliver(to, channel, "Your verification code", &code, None);
        Ok(code)
    }

    /// A pairing link, to wherever the phone is.
    pub(super) fn send_link(&mut self, to: &str, channel: Channel, link: String) {
        let subject = "Set up Okta Verify".to_owned();
        self.world
            .inbox
            .deliver(Draft { to: to.to_owned(), channel, subject, code: None, link: Some(link) }, self.now);
    }

    /// Sends again what was sent.
    pub(super) fn resend(&mut self) -> Outcome {
        let pause = self.world.settings.resend_after_seconds;
        let waited = self.at.code().map(|code| self.now.since(code.sent).as_secs());
        match &self.at.stage {
            Stage::Challenge(Challenge::Code { key: Key::OktaEmail, .. }) => {
                let to = self.address();
                let code = self.send_mail(&to, "One-time verification code")?;
                self.replace_code(code);
            }
            Stage::Enrolling { what: Enrolling::Email(_), .. } => {
                let to = self.address();
                let code = self.send_mail(&to, "Confirm your email address")?;
                self.replace_code(code);
            }
            Stage::Challenge(Challenge::Code { .. })
            | Stage::Enrolling { what: Enrolling::Phone { .. }, .. }
                if waited.is_some_and(|s| s < pause) =>
            {
                let text = "An SMS message was recently sent. Please wait 30 seconds before trying again.";
                return Err(Message::error("errors.E0000109", text).at_top(429));
            }
            Stage::Challenge(Challenge::Code { method, .. }) => {
                let (method, to) = (*method, self.number());
                let code = self.dial(&to, method)?;
                self.replace_code(code);
            }
            Stage::Enrolling { what: Enrolling::Phone { method, number, .. }, .. } => {
                let (method, to) = (*method, number.clone());
                let code = self.dial(&to, method)?;
                self.replace_code(code);
            }
            Stage::Challenge(Challenge::Push(_)) => {
                let push = self.new_push();
                self.at.go(Stage::Challenge(Challenge::Push(push)));
            }
            Stage::Enrolling { what: Enrolling::OktaVerify(pairing), .. } => {
                let to = pairing.sent_to.clone();
                return self.send_pairing(to);
            }
            _ => return Err(message::bad_request()),
        }
        Ok(())
    }

    /// The person's mail address; a stranger's is what they typed.
    pub(super) fn address(&self) -> String {
        self.user()
            .map(|user| user.email.clone())
            .or_else(|| self.at.identifier().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The person's number.
    pub(super) fn number(&self) -> String {
        self.user().and_then(|user| user.phone()).unwrap_or_default().to_owned()
    }

    /// A push with a number to pick.
    pub(super) fn new_push(&mut self) -> Push {
        let number = 10 + self.chance.bytes::<1>().into_iter().fold(0, |sum: u8, b| sum.wrapping_add(b)) % 90;
        Push { number: Some(number), answer: None, sent: self.now }
    }

    fn new_code(&mut self, with_link: bool) -> Code {
        Code {
            digits: self.chance.code(),
            link: with_link.then(|| self.chance.secret()),
            sent: self.now,
            expires_at: self.now.after(minutes(self.world.settings.code_lifetime_minutes)),
            wrong: 0,
            opened: false,
        }
    }

    fn deliver(&mut self, to: &str, channel: Channel, subject: &str, code: &Code, link: Option<String>) {
        // A stranger gets the same answer on the screen and nothing in the mail.
        if matches!(self.at.who, Who::Stranger(_)) {
            return;
        }
        let draft = Draft {
            to: to.to_owned(),
            channel,
            subject: subject.to_owned(),
            code: Some(code.digits.clone()),
            link,
        };
        self.world.inbox.deliver(draft, self.now);
    }

    fn replace_code(&mut self, new: Code) {
        self.at.notices.clear();
        if let Some(code) = self.at.code_mut() {
            *code = Code { wrong: code.wrong, ..new };
        }
    }
}
