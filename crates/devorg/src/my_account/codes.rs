//! The codes that confirm an address or a number.

use super::{AccountRefusal, UserAccount};
use crate::clock::minutes;
use crate::credentials::constant_time;
use crate::org::inbox::{Channel, NewMessage};
use crate::org::settings::codes::CodePolicy;
use crate::org::unverified::VerificationCode;

/// Wrong codes before a code is worth nothing.
const MAX_WRONG_CODES: u32 = 5;

impl UserAccount<'_> {
    /// Sends a code for this address or number, and returns its id.
    pub(super) fn send_code(&mut self, target: &str, to: &str, channel: Channel) -> String {
        let id = self.random.id("cha");
        let passcode = self.random.code(CodePolicy::SIX_DIGITS);
        let subject = match channel {
            Channel::Email => "Confirm your email address",
            Channel::Sms | Channel::Voice => "Your verification code",
        };
        let message = NewMessage {
            to: to.to_owned(),
            channel,
            subject: subject.to_owned(),
            code: Some(passcode.clone()),
            link: None,
        };
        self.org.inbox.deliver(message, self.now);
        let expires_at = self.now.after(minutes(self.org.settings.code_lifetime_minutes));
        let code = VerificationCode {
            id: id.clone(),
            passcode,
            sent_at: self.now,
            expires_at,
            wrong: 0,
            verified: false,
        };
        self.org.unverified.codes.insert(target.to_owned(), code);
        id
    }

    /// Checks a code. A right one counts once.
    pub(super) fn check_code(&mut self, target: &str, given: Option<&str>) -> Result<(), AccountRefusal> {
        let given = given.ok_or_else(|| {
            AccountRefusal::invalid("verificationCode", "verificationCode: The field is required")
        })?;
        let now = self.now;
        let code = self.org.unverified.codes.get_mut(target).ok_or_else(AccountRefusal::wrong_code)?;
        let is_open = !code.verified && now < code.expires_at && code.wrong < MAX_WRONG_CODES;
        if !is_open || !constant_time::equal(&code.passcode, given) {
            code.wrong += 1;
            return Err(AccountRefusal::wrong_code());
        }
        code.verified = true;
        Ok(())
    }
}
