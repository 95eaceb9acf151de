//! Sends codes and links.

use super::{IdentityEngine, Outcome};
use crate::clock::minutes;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::inbox::{Channel, NewMessage};
use crate::org::message::{self, Message, Refusal};
use crate::org::settings::codes::CodePolicy;
use crate::org::transaction::{Challenge, Enrolling, Push, SentCode, Step, Subject};
use crate::org::user::Factor;

impl IdentityEngine<'_> {
    /// Mails a code, with a magic link if the app uses them.
    pub(super) fn send_email(&mut self, to: &str, subject: &str) -> Result<SentCode, Refusal> {
        let with_link = self.app()?.email_magic_link;
        let policy = self.app()?.email_code;
        let code = self.new_code(policy, with_link);
        let client = &self.transaction.request.client_id;
        let link =
            code.link.as_ref().map(|token| format!("{}/email/verify/{client}?token={token}", self.origin));
        self.deliver(to, Channel::Email, subject, &code, link);
        Ok(code)
    }

    /// Sends a code to a phone, within the hourly limit.
    pub(super) fn send_phone_code(&mut self, to: &str, method: Method) -> Result<SentCode, Refusal> {
        let (now, limit) = (self.now, self.org.settings.messages_per_hour);
        if let Some(user) = self.user_mut() {
            user.phone_messages.retain(|at| now.since(*at) < minutes(60));
            if limit > 0 && user.phone_messages.len() >= limit {
                let (key, what) = if method == Method::Voice {
                    ("errors.E0000151", "call")
                } else {
                    ("errors.E0000150", "sms")
                };
                let text = format!("You have reached the limit of {what} requests, please try again later.");
                return Err(Message::error(key, text).at_top(429));
            }
            user.phone_messages.push(now);
        }
        let code = self.new_code(CodePolicy::SIX_DIGITS, false);
        let channel = if method == Method::Voice { Channel::Voice } else { Channel::Sms };
        self.deliver(to, channel, "Your verification code", &code, None);
        Ok(code)
    }

    /// Sends a pairing link.
    pub(super) fn send_link(&mut self, to: &str, channel: Channel, link: String) {
        let subject = "Set up Okta Verify".to_owned();
        self.org.inbox.deliver(
            NewMessage { to: to.to_owned(), channel, subject, code: None, link: Some(link) },
            self.now,
        );
    }

    /// Sends the code or push again.
    pub(super) fn resend(&mut self) -> Outcome {
        let pause = self.org.settings.resend_after_seconds;
        let waited = self.transaction.code().map(|code| self.now.since(code.sent).as_secs());
        match &self.transaction.step {
            Step::Challenge(Challenge::Code { key: Authenticator::OktaEmail, .. }) => {
                let to = self.address();
                let code = self.send_email(&to, "One-time verification code")?;
                self.replace_code(code);
            }
            Step::Enrolling { what: Enrolling::Email(_), .. } => {
                let to = self.address();
                let code = self.send_email(&to, "Confirm your email address")?;
                self.replace_code(code);
            }
            Step::Challenge(Challenge::Code { .. })
            | Step::Enrolling { what: Enrolling::Phone { .. }, .. }
                if waited.is_some_and(|s| s < pause) =>
            {
                let text = "An SMS message was recently sent. Please wait 30 seconds before trying again.";
                return Err(Message::error("errors.E0000109", text).at_top(429));
            }
            Step::Challenge(Challenge::Code { method, .. }) => {
                let (method, to) = (*method, self.number());
                let code = self.send_phone_code(&to, method)?;
                self.replace_code(code);
            }
            Step::Enrolling { what: Enrolling::Phone { method, number, .. }, .. } => {
                let (method, to) = (*method, number.clone());
                let code = self.send_phone_code(&to, method)?;
                self.replace_code(code);
            }
            Step::Challenge(Challenge::Push(push)) => {
                let push = self.new_push(push.key);
                self.transaction.move_to(Step::Challenge(Challenge::Push(push)));
            }
            Step::Enrolling { what: Enrolling::OktaVerify(pairing), .. } => {
                let to = pairing.sent_to.clone();
                return self.send_pairing(to);
            }
            _ => return Err(message::bad_request()),
        }
        Ok(())
    }

    /// The user's e-mail address; for an unknown user the identifier.
    pub(super) fn address(&self) -> String {
        self.user()
            .map(|user| user.email.clone())
            .or_else(|| self.transaction.identifier().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The number of the user's phone, or of the one among several that the user chose.
    pub(super) fn number(&self) -> String {
        let chosen = self.transaction.enrolment.as_deref();
        let phone = self.user().and_then(|user| user.chosen_enrolment(Authenticator::PhoneNumber, chosen));
        match phone.map(|enrolment| &enrolment.factor) {
            Some(Factor::Phone { number, .. }) => number.clone(),
            _ => String::new(),
        }
    }

    /// A new push with a number to match.
    pub(super) fn new_push(&mut self, key: Authenticator) -> Push {
        let number = 10 + self.random.bytes::<1>().into_iter().fold(0, |sum: u8, b| sum.wrapping_add(b)) % 90;
        Push { key, number: Some(number), answer: None, sent: self.now }
    }

    fn new_code(&mut self, policy: CodePolicy, with_link: bool) -> SentCode {
        SentCode {
            passcode: self.random.code(policy),
            link: with_link.then(|| self.random.secret()),
            sent: self.now,
            expires_at: self.now.after(minutes(self.org.settings.code_lifetime_minutes)),
            wrong: 0,
            opened: false,
        }
    }

    fn deliver(&mut self, to: &str, channel: Channel, subject: &str, code: &SentCode, link: Option<String>) {
        // An unknown user gets the same response, but no message is sent.
        if matches!(self.transaction.subject, Subject::UnknownUser(_)) {
            return;
        }
        let draft = NewMessage {
            to: to.to_owned(),
            channel,
            subject: subject.to_owned(),
            code: Some(code.passcode.clone()),
            link,
        };
        self.org.inbox.deliver(draft, self.now);
    }

    fn replace_code(&mut self, new: SentCode) {
        self.transaction.notices.clear();
        if let Some(code) = self.transaction.code_mut() {
            *code = SentCode { wrong: code.wrong, ..new };
        }
    }
}
