//! Proofs that are asked for, and the answers to them.

use super::request::{Choice, Credentials};
use super::{Opened, Outcome, Walk};
use crate::clock::minutes;
use crate::credentials::base32;
use crate::credentials::password;
use crate::credentials::totp;
use crate::credentials::webauthn;
use crate::org::authenticator::{Key, Method};
use crate::org::message::{self, Message, Place, Refusal};
use crate::org::transaction::{Challenge, Purpose, Push, Stage};
use crate::org::user::Proof;

impl Walk<'_> {
    /// Somebody chose what to prove themselves with.
    pub(super) fn choose(&mut self, choice: Choice) -> Outcome {
        let Some(key) = choice.key else { return Err(message::required("authenticator", "")) };
        let offers = self.offers();
        if !offers.contains(&key) {
            return Err(message::bad_request());
        }
        self.open(key, choice.method, Opened::ByThePerson)
    }

    /// Opens a challenge, sending what there is to send.
    pub(super) fn open(&mut self, key: Key, method: Option<Method>, by: Opened) -> Outcome {
        let method = method.filter(|m| key.methods().contains(m));
        let challenge = match (key, method) {
            (Key::OktaPassword, _) => Challenge::Password,
            (Key::SecurityQuestion, _) => Challenge::Question,
            (Key::OktaEmail, _) if by == Opened::ByThePerson => {
                let to = self.address();
                let code = self.send_mail(&to, "One-time verification code")?;
                Challenge::Code { key, method: Method::Email, code }
            }
            (Key::PhoneNumber, Some(method)) => {
                let to = self.number();
                let code = self.dial(&to, method)?;
                Challenge::Code { key, method, code }
            }
            (Key::OktaVerify, Some(Method::Push)) => Challenge::Push(self.new_push()),
            (Key::OktaVerify, Some(method)) => Challenge::Token { key, method },
            (Key::OktaEmail | Key::PhoneNumber | Key::OktaVerify, _) => {
                self.at.go(Stage::SelectMethod(key));
                return Ok(());
            }
            (Key::Webauthn, _) => Challenge::Passkey { challenge: webauthn::new_challenge(self.chance) },
            (Key::ExternalIdp, _) => return Err(message::bad_request()),
            (
                Key::GoogleOtp
                | Key::YubikeyToken
                | Key::SymantecVip
                | Key::RsaToken
                | Key::Duo
                | Key::CustomOtp
                | Key::Tac,
                _,
            ) => Challenge::Token { key, method: key.methods().first().copied().unwrap_or(Method::Otp) },
        };
        self.at.go(Stage::Challenge(challenge));
        Ok(())
    }

    /// An answer to whatever is asked.
    pub(super) fn answer(&mut self, given: &Credentials) -> Outcome {
        match self.at.stage.clone() {
            Stage::Challenge(challenge) => self.answer_challenge(challenge, given),
            Stage::Enrolling { what, offer } => self.answer_enrolling(what, offer, given),
            Stage::RenewPassword(_) => {
                self.take_password(given.get("passcode"), "credentials.passcode")?;
                self.advance()
            }
            Stage::ResetPassword => self.reset_password(given),
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
                self.shown(Key::OktaPassword, Method::Password)
            }
            Challenge::Code { key, method, .. } => {
                self.check_code(given)?;
                self.shown(key, method)
            }
            Challenge::Question => {
                let Some(answer) = given.get("answer") else {
                    return Err(message::required("answer", "credentials.answer"));
                };
                self.may_try()?;
                let answer = password::plain_answer(answer);
                let is_right = self.user().and_then(|user| user.enrolment(Key::SecurityQuestion)).is_some_and(|e| {
                    matches!(&e.proof, Proof::Question { answer: kept, .. } if password::verify(&answer, kept))
                });
                if is_right {
                    return self.shown(Key::SecurityQuestion, Method::SecurityQuestion);
                }
                self.count_wrong();
                let text = "Your answer doesn't match our records. Please try again.";
                let key = "authfactor.challenge.question_factor.answer_invalid";
                Err(Message::error(key, text).at("credentials.answer", 401))
            }
            Challenge::Token { key, method } => {
                self.check_token(key, method, given)?;
                self.shown(key, method)
            }
            Challenge::Passkey { challenge } => {
                self.check_passkey(&challenge, given)?;
                self.shown(Key::Webauthn, Method::Webauthn)
            }
            // A push is answered on the phone; what the page does is poll.
            Challenge::Push(_) => self.poll(),
        }
    }

    /// Whether the code that was sent is right, in time and not guessed.
    pub(super) fn check_code(&mut self, given: &Credentials) -> Outcome {
        let Some(passcode) = given.get("passcode").map(|code| code.trim().to_owned()) else {
            return Err(message::required("passcode", "credentials.passcode"));
        };
        self.may_try()?;
        let (now, is_stranger) = (self.now, self.user().is_none());
        let Some(code) = self.at.code_mut() else { return Err(message::bad_request()) };
        let was_opened = code.opened;
        if !is_stranger && code.digits == passcode && now < code.expires_at {
            if let Some(user) = self.user_mut() {
                user.wrong_codes.clear();
            }
            self.at.transferred = was_opened;
            return Ok(());
        }
        code.wrong += 1;
        self.count_wrong();
        Err(message::invalid_code())
    }

    fn check_token(&mut self, key: Key, method: Method, given: &Credentials) -> Outcome {
        let field = if method == Method::Totp { "totp" } else { "passcode" };
        let field = if key == Key::Duo { "signatureData" } else { field };
        let path = format!("credentials.{field}");
        let Some(passcode) =
            given.get(field).or_else(|| given.get("passcode")).map(|code| code.trim().to_owned())
        else {
            return Err(message::required(field, &path));
        };
        self.may_try()?;
        self.check_name(key, given)?;
        let now = self.now;
        let refused = match self.user_mut().and_then(|user| user.enrolment_mut(key)).map(|e| &mut e.proof) {
            Some(Proof::AccessCode { code, until }) if *code == passcode && now < *until => None,
            Some(
                Proof::GoogleOtp { secret, last }
                | Proof::OktaVerify { secret, last, .. }
                | Proof::Token { secret, last, .. },
            ) => match totp::check(&base32::decode(secret), &passcode, now, *last) {
                Ok(step) => {
                    *last = Some(step);
                    None
                }
                Err(why) => Some(why),
            },
            _ => Some(totp::Wrong::Code),
        };
        let Some(why) = refused else { return Ok(()) };
        self.count_wrong();
        Err(wrong_token(key, why, &path))
    }

    /// An RSA token is somebody's by their name, which a client may send beside the code. Which of the two was wrong is not
    /// told.
    pub(super) fn check_name(&mut self, key: Key, given: &Credentials) -> Outcome {
        let name = given.get("clientData").filter(|_| key == Key::RsaToken).map(str::trim);
        let is_own = |name: &str| {
            self.user().is_some_and(|user| {
                let short = user.login.split('@').next().unwrap_or_default();
                [user.login.as_str(), short].iter().any(|own| own.eq_ignore_ascii_case(name))
            })
        };
        if name.is_none_or(is_own) {
            return Ok(());
        }
        self.count_wrong();
        Err(message::invalid_code())
    }

    fn check_passkey(&mut self, challenge: &str, given: &Credentials) -> Outcome {
        let origins = self.origins();
        let refuse = || {
            let text = "Your device was unable to validate the assertion. Please try again.";
            Message::error("authfactor.webauthn.error.assertion_validation_failure", text).at_top(403)
        };
        let assertion = webauthn::Assertion {
            client_data: given.get("clientData").unwrap_or_default(),
            authenticator_data: given.get("authenticatorData").unwrap_or_default(),
            signature: given.get("signatureData").unwrap_or_default(),
        };
        let Some(user) = self.user_mut() else { return Err(refuse()) };
        for enrolment in &mut user.enrolments {
            let Proof::Passkey { public_key, count, .. } = &mut enrolment.proof else { continue };
            if let Ok(counted) = assertion.verify(challenge, &origins, public_key, *count) {
                *count = counted;
                return Ok(());
            }
        }
        Err(refuse())
    }

    /// A passkey picked from the browser's autofill, before anybody said who they are.
    pub(super) fn answer_autofill(&mut self, given: &Credentials) -> Outcome {
        let user = given.get("userHandle").and_then(webauthn::user_of_handle);
        let user =
            user.and_then(|id| self.world.users.get(&id)).map(|user| (user.id.clone(), user.login.clone()));
        let Some((id, identifier)) = user else { return Err(message::authentication_failed()) };
        self.at.who = crate::org::transaction::Who::User { id, identifier };
        let challenge = webauthn::autofill_challenge(&self.at.handle);
        let checked = self.check_passkey(&challenge, given);
        if checked.is_err() {
            self.at.who = crate::org::transaction::Who::Nobody;
            return checked;
        }
        self.at.purpose = Purpose::SignIn;
        self.shown(Key::Webauthn, Method::Webauthn)
    }

    /// Whether something happened elsewhere: on a phone, or behind a link in a mail.
    pub(super) fn poll(&mut self) -> Outcome {
        if self.at.transferred {
            let text = "Success! Your sign-in continues in another tab. You may close this one.";
            return Err(Message::info("idx.transferred.to.new.tab", text).and_end(200));
        }
        match &self.at.stage {
            Stage::Challenge(Challenge::Push(Push { answer: Some(true), .. })) => {
                self.shown(Key::OktaVerify, Method::Push)
            }
            Stage::Challenge(Challenge::Push(Push { answer: Some(false), .. })) => {
                self.at.notices.clear();
                let text = "You have chosen to reject this login.";
                self.at
                    .notices
                    .push((Place::Top, Message::error("api.authn.poll.error.push_rejected", text)));
                Ok(())
            }
            // Nothing has happened yet, or it has happened already: the page gets what there is now.
            _ => Ok(()),
        }
    }

    /// Whether another attempt is allowed just now.
    pub(super) fn may_try(&mut self) -> Outcome {
        let now = self.now;
        let wrong = match self.user_mut() {
            Some(user) => {
                user.wrong_codes.retain(|at| now.since(*at) < minutes(5));
                user.wrong_codes.len()
            }
            None => self.at.code().map_or(0, |code| usize::try_from(code.wrong).unwrap_or(usize::MAX)),
        };
        if wrong >= ATTEMPTS { Err(message::too_many_requests()) } else { Ok(()) }
    }

    pub(super) fn count_wrong(&mut self) {
        let now = self.now;
        if let Some(user) = self.user_mut() {
            user.wrong_codes.push(now);
        }
    }

    /// The origins a passkey may be used on.
    pub(super) fn origins(&self) -> Vec<String> {
        let app = self.app().ok();
        let trusted = app.into_iter().flat_map(|app| app.trusted_origins.iter().cloned());
        let redirected = app
            .into_iter()
            .flat_map(|app| &app.redirect_uris)
            .filter_map(|uri| url::Url::parse(uri).ok().map(|uri| uri.origin().ascii_serialization()));
        trusted.chain(redirected).chain([self.origin.to_owned()]).collect()
    }
}

/// How many wrong codes in five minutes are one too many.
const ATTEMPTS: usize = 5;

fn wrong_token(key: Key, why: totp::Wrong, path: &str) -> Refusal {
    let (name, text) = match (key, why) {
        (_, totp::Wrong::Used) => (
            "authfactor.challenge.soft_token.used_passcode",
            "Each code can only be used once. Please wait for a new code and try again.",
        ),
        (Key::GoogleOtp | Key::SymantecVip, totp::Wrong::Code) => (
            "authfactor.challenge.soft_token.invalid_passcode",
            "Your code doesn't match our records. Please try again.",
        ),
        (_, totp::Wrong::Code) => ("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again."),
    };
    Message::error(name, text).at(path, 401)
}
