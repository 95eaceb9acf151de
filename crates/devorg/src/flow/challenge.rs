//! Challenges: how they are opened, answered and polled.

use super::request::{Choice, Credentials};
use super::{IdentityEngine, OpenedBy, Outcome};
use crate::clock::minutes;
use crate::credentials::base32;
use crate::credentials::password;
use crate::credentials::totp::{self, TotpError};
use crate::credentials::webauthn;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message, MessageTarget, Refusal};
use crate::org::settings::vendors::DuoPlace;
use crate::org::transaction::{Challenge, Push, Step, Subject};
use crate::org::user::Factor;

impl IdentityEngine<'_> {
    /// The user selected an authenticator.
    pub(super) fn select_authenticator(&mut self, choice: Choice) -> Outcome {
        let Some(key) = choice.key else { return Err(message::required("authenticator", "")) };
        let offered = self.offered_authenticators();
        if !offered.contains(&key) {
            return Err(message::bad_request());
        }
        self.transaction.enrolment = choice.enrolment;
        self.open_challenge(key, choice.method, OpenedBy::User)
    }

    /// Lists the authenticators that can be challenged. A single one is challenged without a choice, unless the app's
    /// policy lists it.
    pub(super) fn offer_challenge(&mut self, keys: &[Authenticator]) -> Outcome {
        match keys {
            [only]
                if !self.app()?.list_of_one
                    && !self.user().is_some_and(|user| {
                        *only == Authenticator::PhoneNumber && user.has_several(*only)
                    }) =>
            {
                self.open_challenge(*only, None, OpenedBy::Org)
            }
            _ => {
                self.transaction.move_to(Step::SelectAuthenticator);
                Ok(())
            }
        }
    }

    /// Opens a challenge and sends its code, if it has one.
    pub(super) fn open_challenge(
        &mut self,
        key: Authenticator,
        method: Option<Method>,
        by: OpenedBy,
    ) -> Outcome {
        let on_device = self.app()?.fastpass.is_some().then_some(Method::SignedNonce);
        let method = method.filter(|m| key.methods().contains(m) || on_device == Some(*m));
        let challenge = match (key, method) {
            (Authenticator::OktaPassword, _) => Challenge::Password,
            (Authenticator::SecurityQuestion, _) => Challenge::Question,
            (Authenticator::OktaEmail, _) if by == OpenedBy::User || self.app()?.challenge_email_at_once => {
                let to = self.address();
                let code = self.send_email(&to, "One-time verification code")?;
                Challenge::Code { key, method: Method::Email, code }
            }
            (Authenticator::PhoneNumber, Some(method)) => {
                let to = self.number();
                let code = self.send_phone_code(&to, method)?;
                Challenge::Code { key, method, code }
            }
            (Authenticator::OktaVerify | Authenticator::CustomApp, Some(Method::Push)) => {
                Challenge::Push(self.new_push(key))
            }
            (Authenticator::OktaVerify, Some(Method::SignedNonce)) => {
                Challenge::Device(self.new_device_proof())
            }
            (Authenticator::OktaVerify, Some(method)) => Challenge::Otp { key, method },
            (
                Authenticator::OktaEmail
                | Authenticator::PhoneNumber
                | Authenticator::OktaVerify
                | Authenticator::CustomApp,
                _,
            ) => {
                self.transaction.move_to(Step::SelectMethod(key));
                return Ok(());
            }
            (Authenticator::Webauthn, _) => {
                Challenge::Passkey { challenge: webauthn::new_challenge(self.random) }
            }
            (Authenticator::ExternalIdp | Authenticator::SmartCardIdp, _) => Challenge::Elsewhere { key },
            (Authenticator::Duo, _) if self.app()?.vendors.duo == DuoPlace::Page => {
                Challenge::Elsewhere { key }
            }
            (Authenticator::NfcPin, _) => Challenge::Card { read: false },
            (
                Authenticator::GoogleOtp
                | Authenticator::YubikeyToken
                | Authenticator::SymantecVip
                | Authenticator::RsaToken
                | Authenticator::OnpremMfa
                | Authenticator::Duo
                | Authenticator::CustomOtp
                | Authenticator::Tac,
                _,
            ) => Challenge::Otp { key, method: key.methods().first().copied().unwrap_or(Method::Otp) },
        };
        self.transaction.move_to(Step::Challenge(challenge));
        Ok(())
    }

    /// An answer to the current step.
    pub(super) fn answer(&mut self, given: &Credentials) -> Outcome {
        match self.transaction.step.clone() {
            Step::Challenge(challenge) => self.answer_challenge(challenge, given),
            Step::Enrolling { what, offer } => self.answer_enrolling(what, offer, given),
            Step::RenewPassword(_) => {
                self.set_new_password(given.get("passcode"), "credentials.passcode")?;
                self.advance()
            }
            Step::ResetPassword => self.reset_password(given),
            Step::ResetPin => self.reset_pin(given),
            _ => Err(message::bad_request()),
        }
    }

    fn answer_challenge(&mut self, challenge: Challenge, given: &Credentials) -> Outcome {
        match challenge {
            Challenge::Password => {
                let Some(passcode) = given.get("passcode") else {
                    return Err(message::required("passcode", "credentials.passcode"));
                };
                self.check_password(passcode)?;
                self.factor_verified(Authenticator::OktaPassword, Method::Password)
            }
            Challenge::Code { key, method, .. } => {
                self.check_code(given)?;
                if self.transaction.transferred && self.app()?.email_link_consent {
                    self.ask_in_app();
                    return Ok(());
                }
                self.factor_verified(key, method)
            }
            Challenge::Question => {
                let Some(answer) = given.get("answer") else {
                    return Err(message::required("answer", "credentials.answer"));
                };
                self.check_attempts()?;
                let answer = password::normalise_answer(answer);
                let is_right = self.user().and_then(|user| user.enrolment(Authenticator::SecurityQuestion)).is_some_and(|e| {
                    matches!(&e.factor, Factor::Question { answer: kept, .. } if password::verify(&answer, kept))
                });
                if is_right {
                    return self.factor_verified(Authenticator::SecurityQuestion, Method::SecurityQuestion);
                }
                self.count_wrong_code();
                let text = "Your answer doesn't match our records. Please try again.";
                let key = "authfactor.challenge.question_factor.answer_invalid";
                Err(Message::error(key, text).at_field("credentials.answer", 401))
            }
            Challenge::Otp { key, method } => {
                self.check_token(key, method, given)?;
                self.factor_verified(key, method)
            }
            Challenge::Passkey { challenge } => {
                if self.transaction.subject == Subject::Unidentified {
                    return self.answer_discoverable(&challenge, given);
                }
                self.check_passkey(&challenge, given)?;
                self.factor_verified(Authenticator::Webauthn, Method::Webauthn)
            }
            // It is answered on the phone or the device. The page polls.
            Challenge::Push(_) | Challenge::Device(_) => self.poll(),
            Challenge::Card { read: true } => self.answer_card(given),
            Challenge::Card { read: false } | Challenge::Elsewhere { .. } => Err(message::bad_request()),
        }
    }

    /// Checks the code that was sent, and counts wrong ones.
    pub(super) fn check_code(&mut self, given: &Credentials) -> Outcome {
        let Some(passcode) = given.get("passcode").map(|code| code.trim().to_owned()) else {
            return Err(message::required("passcode", "credentials.passcode"));
        };
        self.check_attempts()?;
        let (now, is_unknown_user) = (self.now, self.user().is_none());
        let Some(code) = self.transaction.code_mut() else { return Err(message::bad_request()) };
        let was_opened = code.opened;
        if !is_unknown_user && code.passcode.eq_ignore_ascii_case(&passcode) && now < code.expires_at {
            if let Some(user) = self.user_mut() {
                user.wrong_codes.clear();
            }
            self.transaction.transferred = was_opened;
            return Ok(());
        }
        code.wrong += 1;
        self.count_wrong_code();
        Err(message::invalid_code())
    }

    fn check_token(&mut self, key: Authenticator, method: Method, given: &Credentials) -> Outcome {
        let field = if method == Method::Totp { "totp" } else { "passcode" };
        let field = if key == Authenticator::Duo { "signatureData" } else { field };
        let path = format!("credentials.{field}");
        let Some(passcode) =
            given.get(field).or_else(|| given.get("passcode")).map(|code| code.trim().to_owned())
        else {
            return Err(message::required(field, &path));
        };
        let passcode = if key == Authenticator::Duo { self.code_of_duo(&passcode)? } else { passcode };
        self.check_attempts()?;
        self.check_account_name(key, given)?;
        let now = self.now;
        let is_suspicious = self.user().is_some_and(|user| user.wrong_codes.len() >= WRONG_CODES_OF_TOKEN);
        let refused = match self.user_mut().and_then(|user| user.enrolment_mut(key)).map(|e| &mut e.factor) {
            Some(Factor::AccessCode { code, until }) if *code == passcode && now < *until => None,
            Some(
                Factor::GoogleOtp { secret, last }
                | Factor::OktaVerify { secret, last, .. }
                | Factor::OtpDevice { secret, last, .. },
            ) => match totp::check(&base32::decode(secret), &passcode, now, *last) {
                Ok(step) => {
                    *last = Some(step);
                    None
                }
                Err(why) => Some(why),
            },
            _ => Some(TotpError::InvalidCode),
        };
        let Some(why) = refused else { return self.check_next_code(key, is_suspicious) };
        self.count_wrong_code();
        Err(wrong_token(key, why, &path))
    }

    /// Checks the user name that a client may send with the code of a token. The refusal does not say which of the two was wrong.
    pub(super) fn check_account_name(&mut self, key: Authenticator, given: &Credentials) -> Outcome {
        let is_of_account = matches!(key, Authenticator::RsaToken | Authenticator::OnpremMfa);
        let name = given.get("clientData").filter(|_| is_of_account).map(str::trim);
        let is_own = |name: &str| {
            self.user().is_some_and(|user| {
                let short = user.login.split('@').next().unwrap_or_default();
                [user.login.as_str(), short].iter().any(|own| own.eq_ignore_ascii_case(name))
            })
        };
        if name.is_none_or(is_own) {
            return Ok(());
        }
        self.count_wrong_code();
        Err(message::invalid_code())
    }

    /// A poll: looks whether the phone or a mailed link completed the step.
    pub(super) fn poll(&mut self) -> Outcome {
        if self.transaction.transferred {
            let text = "Success! Your sign-in continues in another tab. You may close this one.";
            return Err(Message::info("idx.transferred.to.new.tab", text).terminal(200));
        }
        if let Some(user) = self.transaction.device_proof().and_then(|proof| proof.signed_by.clone()) {
            return self.device_verified(user);
        }
        match &self.transaction.step {
            Step::Challenge(Challenge::Push(Push { key, answer: Some(true), .. })) => {
                let key = *key;
                self.factor_verified(key, Method::Push)
            }
            Step::Challenge(Challenge::Push(Push { answer: Some(false), .. })) => {
                self.transaction.notices.clear();
                let text = "You have chosen to reject this login.";
                self.transaction
                    .notices
                    .push((MessageTarget::Top, Message::error("api.authn.poll.error.push_rejected", text)));
                Ok(())
            }
            // Nothing happened, or the step is already complete. The page gets the current document.
            _ => Ok(()),
        }
    }

    /// Refuses another attempt after too many wrong codes.
    pub(super) fn check_attempts(&mut self) -> Outcome {
        let now = self.now;
        let wrong = match self.user_mut() {
            Some(user) => {
                user.wrong_codes.retain(|at| now.since(*at) < minutes(5));
                user.wrong_codes.len()
            }
            None => {
                self.transaction.code().map_or(0, |code| usize::try_from(code.wrong).unwrap_or(usize::MAX))
            }
        };
        if wrong >= MAX_WRONG_CODES { Err(message::too_many_requests()) } else { Ok(()) }
    }

    pub(super) fn count_wrong_code(&mut self) {
        let now = self.now;
        if let Some(user) = self.user_mut() {
            user.wrong_codes.push(now);
        }
    }
}

/// Wrong codes after which a token has to show another code.
const WRONG_CODES_OF_TOKEN: usize = 2;
/// Wrong codes in five minutes before further attempts are refused.
const MAX_WRONG_CODES: usize = 5;

fn wrong_token(key: Authenticator, why: TotpError, path: &str) -> Refusal {
    let (name, text) = match (key, why) {
        (_, TotpError::CodeUsed) => (
            "authfactor.challenge.soft_token.used_passcode",
            "Each code can only be used once. Please wait for a new code and try again.",
        ),
        (Authenticator::GoogleOtp | Authenticator::SymantecVip, TotpError::InvalidCode) => (
            "authfactor.challenge.soft_token.invalid_passcode",
            "Your code doesn't match our records. Please try again.",
        ),
        (_, TotpError::InvalidCode) => ("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again."),
    };
    Message::error(name, text).at_field(path, 401)
}
