//! Enrolment of authenticators.

use super::request::{Choice, Credentials};
use super::{IdentityEngine, Outcome, enrollment_offer};
use crate::credentials::base32;
use crate::credentials::password;
use crate::credentials::totp;
use crate::credentials::webauthn;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::inbox;
use crate::org::message::{self, Message};
use crate::org::settings::okta_verify::PairingChannel;
use crate::org::settings::vendors::DuoPlace;
use crate::org::transaction::{Enrolling, EnrollmentOffer, Pairing, Step};
use crate::org::user::Factor;

impl IdentityEngine<'_> {
    /// The user selected an authenticator to enrol, or sent its details.
    pub(super) fn enroll(&mut self, choice: Choice, credentials: &Credentials) -> Outcome {
        if let Step::PromotePasskey { challenge } = self.transaction.step.clone() {
            return self.accept_promotion(&challenge, credentials);
        }
        let Some(offer) = enrollment_offer(&self.transaction.step).cloned() else {
            return Err(message::bad_request());
        };
        let Some(key) = choice.key else {
            if credentials.get("attestation").is_some() {
                return self.answer(credentials);
            }
            return Err(message::required("authenticator", ""));
        };
        if !offer.keys.contains(&key) {
            return Err(message::bad_request());
        }
        match key {
            Authenticator::PhoneNumber => self.enroll_phone(choice, offer),
            Authenticator::OktaVerify => self.begin_pairing(choice.channel, offer),
            _ => self.begin_enrolling(key, offer),
        }
    }

    /// Starts an enrolment that needs no further details.
    pub(super) fn begin_enrolling(&mut self, key: Authenticator, offer: EnrollmentOffer) -> Outcome {
        let what = match key {
            Authenticator::OktaPassword => Enrolling::Password,
            Authenticator::OktaEmail => {
                let to = self.address();
                Enrolling::Email(self.send_email(&to, "Confirm your email address")?)
            }
            Authenticator::SecurityQuestion => Enrolling::Question,
            Authenticator::GoogleOtp => {
                Enrolling::GoogleOtp { secret: base32::encode(&self.random.bytes::<20>()) }
            }
            Authenticator::Webauthn => Enrolling::Passkey { challenge: webauthn::new_challenge(self.random) },
            Authenticator::PhoneNumber => {
                self.transaction.move_to(Step::EnrollPhone { offer, method: None });
                return Ok(());
            }
            Authenticator::OktaVerify => return self.begin_pairing(None, offer),
            Authenticator::YubikeyToken
            | Authenticator::SymantecVip
            | Authenticator::RsaToken
            | Authenticator::OnpremMfa => {
                Enrolling::OtpDevice { key, secret: base32::encode(&self.random.bytes::<20>()) }
            }
            Authenticator::Duo if self.app()?.vendors.duo == DuoPlace::Page => Enrolling::Elsewhere { key },
            Authenticator::Duo => {
                Enrolling::OtpDevice { key, secret: base32::encode(&self.random.bytes::<20>()) }
            }
            Authenticator::ExternalIdp | Authenticator::SmartCardIdp => Enrolling::Elsewhere { key },
            Authenticator::NfcPin => Enrolling::Card { read: false },
            Authenticator::CustomOtp | Authenticator::CustomApp | Authenticator::Tac => {
                return Err(message::bad_request());
            }
        };
        self.transaction.move_to(Step::Enrolling { offer, what });
        Ok(())
    }

    fn enroll_phone(&mut self, choice: Choice, offer: EnrollmentOffer) -> Outcome {
        let method = choice.method.filter(|m| Authenticator::PhoneNumber.methods().contains(m));
        let Some(number) = choice.phone else {
            self.transaction.move_to(Step::EnrollPhone { offer, method });
            return Ok(());
        };
        let method = method.unwrap_or(Method::Sms);
        let Some(number) = normalise_phone_number(&number) else {
            self.transaction.move_to(Step::EnrollPhone { offer, method: None });
            return Err(
                Message::error("api.factors.error.sms.invalid_phone", "Invalid Phone Number.").at_top(400)
            );
        };
        let code = self.send_phone_code(&number, method)?;
        let what = Enrolling::Phone { method, number, nickname: choice.nickname, code };
        self.transaction.move_to(Step::Enrolling { offer, what });
        Ok(())
    }

    fn begin_pairing(&mut self, chosen: Option<PairingChannel>, offer: EnrollmentOffer) -> Outcome {
        let set_up = self.app()?.okta_verify_set_up;
        let pairing = Pairing {
            channel: chosen.filter(|_| set_up.other_channels).unwrap_or(set_up.channel),
            sent_to: None,
            token: self.random.secret(),
            secret: base32::encode(&self.random.bytes::<20>()),
        };
        self.transaction.move_to(Step::Enrolling { offer, what: Enrolling::OktaVerify(pairing) });
        Ok(())
    }

    /// Sends the pairing link to an address or number.
    pub(super) fn send_pairing(&mut self, to: Option<String>) -> Outcome {
        let origin = self.origin;
        let Step::Enrolling { what: Enrolling::OktaVerify(pairing), .. } = &mut self.transaction.step else {
            return Err(message::bad_request());
        };
        let channel = match pairing.channel {
            PairingChannel::Qrcode | PairingChannel::Samedevice | PairingChannel::Devicebootstrap => {
                return Err(message::bad_request());
            }
            PairingChannel::Email => inbox::Channel::Email,
            PairingChannel::Sms => inbox::Channel::Sms,
        };
        let named = if channel == inbox::Channel::Email { "email" } else { "phoneNumber" };
        let to = match (channel, to) {
            (_, None) => return Err(message::required(named, named)),
            (inbox::Channel::Email, Some(to)) if !is_email_address(&to) => {
                return Err(
                    Message::error("api.factors.error.email.invalid", "Invalid email address.").at_top(400)
                );
            }
            (inbox::Channel::Email, Some(to)) => to,
            (_, Some(to)) => match normalise_phone_number(&to) {
                Some(number) => number,
                None => {
                    let text = "Invalid Phone Number.";
                    return Err(Message::error("api.factors.error.sms.invalid_phone", text).at_top(400));
                }
            },
        };
        pairing.sent_to = Some(to.clone());
        let link = format!("{origin}/dev/okta-verify/{}", pairing.token);
        self.send_link(&to, channel, link);
        self.transaction.notices.clear();
        Ok(())
    }

    /// An answer to an enrolment in progress.
    pub(super) fn answer_enrolling(
        &mut self,
        what: Enrolling,
        offer: EnrollmentOffer,
        given: &Credentials,
    ) -> Outcome {
        let factor = match what {
            Enrolling::Password => {
                self.set_new_password(given.get("passcode"), "credentials.passcode")?;
                return self.advance();
            }
            Enrolling::Email(_) => {
                self.check_code(given)?;
                Factor::Email
            }
            Enrolling::Phone { number, nickname, .. } => {
                self.check_code(given)?;
                Factor::Phone { number, nickname }
            }
            Enrolling::Question => self.question(given)?,
            Enrolling::GoogleOtp { secret } => {
                let last = self.check_first_code(&secret, given, Authenticator::GoogleOtp)?;
                Factor::GoogleOtp { secret, last: Some(last) }
            }
            Enrolling::OtpDevice { key, secret } => {
                let last = self.check_first_code(&secret, given, key)?;
                if key == Authenticator::SymantecVip {
                    self.check_second_code(&secret, given, last)?;
                }
                Factor::OtpDevice { key, secret, last: Some(last), next_code: false }
            }
            Enrolling::Passkey { challenge } => self.new_passkey(&challenge, given)?,
            Enrolling::Card { read: true } => self.new_card(given)?,
            Enrolling::Card { read: false } | Enrolling::Elsewhere { .. } => {
                return Err(message::bad_request());
            }
            // The phone completes this, not the page.
            Enrolling::OktaVerify(_) => {
                self.transaction.step = Step::Enrolling { offer, what };
                return Ok(());
            }
        };
        self.enrolled(factor)
    }

    /// Adds the factor to the account and continues.
    pub(super) fn enrolled(&mut self, factor: Factor) -> Outcome {
        let key = factor.authenticator();
        let method = match &self.transaction.step {
            Step::Enrolling { what: Enrolling::Phone { method, .. }, .. } => *method,
            _ => key.methods().first().copied().unwrap_or(Method::Otp),
        };
        let now = self.now;
        let id = self.transaction.user_id().ok_or_else(message::bad_request)?;
        let user = self.org.users.get_mut(id).ok_or_else(message::session_expired)?;
        user.enrol(factor, now, self.random);
        user.updated_at = now;
        self.transaction.record_verified(key, method, now);
        self.advance()
    }

    fn question(&mut self, given: &Credentials) -> Result<Factor, message::Refusal> {
        let (Some(key), Some(answer)) = (given.get("questionKey"), given.get("answer")) else {
            let missing = if given.get("questionKey").is_none() { "questionKey" } else { "answer" };
            return Err(message::required(missing, &format!("credentials.{missing}")));
        };
        let own = given.get("question");
        let question = match (key, own) {
            ("custom", None) => return Err(message::required("question", "credentials.question")),
            ("custom", Some(own)) if own.contains('<') => {
                let text = "The field must not contain HTML tags";
                return Err(Message::error("tagsNotAllowed", text).at_field("credentials.question", 400));
            }
            ("custom", Some(own)) => own.to_owned(),
            (key, _) => QUESTIONS
                .iter()
                .find(|(known, _)| *known == key)
                .map(|(_, text)| (*text).to_owned())
                .ok_or_else(message::bad_request)?,
        };
        if answer.trim().chars().count() < 4 {
            let text = "The security question answer must be at least 4 characters in length";
            let message = Message::error("securityQuestion.answer.tooShort.arg", text).with_param("4");
            return Err(message.at_field("credentials.answer", 400));
        }
        let answer = password::hash(&password::normalise_answer(answer), self.random);
        Ok(Factor::Question { key: key.to_owned(), question, answer })
    }

    /// Checks the second of two consecutive codes, which Symantec VIP asks for.
    fn check_second_code(&mut self, secret: &str, given: &Credentials, first: u64) -> Outcome {
        let field = "credentials.nextPasscode";
        let Some(passcode) = given.get("nextPasscode") else {
            return Err(message::required("nextPasscode", field));
        };
        let next = self.now.after(totp::PERIOD);
        totp::check(&base32::decode(secret), passcode.trim(), next, Some(first)).map(drop).map_err(|_| {
            self.count_wrong_code();
            let text = "Your code doesn't match our records. Please try again.";
            Message::error("authfactor.challenge.soft_token.invalid_passcode", text).at_field(field, 401)
        })
    }

    fn check_first_code(
        &mut self,
        secret: &str,
        given: &Credentials,
        key: Authenticator,
    ) -> Result<u64, message::Refusal> {
        let field =
            if key == Authenticator::Duo { "credentials.signatureData" } else { "credentials.passcode" };
        let Some(passcode) = given.get("passcode").or_else(|| given.get("signatureData")) else {
            return Err(message::required("passcode", field));
        };
        let code_of_duo = match key {
            Authenticator::Duo => Some(self.code_of_duo(passcode)?),
            _ => None,
        };
        let passcode = code_of_duo.as_deref().unwrap_or(passcode);
        self.check_attempts()?;
        self.check_account_name(key, given)?;
        totp::check(&base32::decode(secret), passcode.trim(), self.now, None).map_err(|_| {
            self.count_wrong_code();
            let text = "Your code doesn't match our records. Please try again.";
            Message::error("authfactor.challenge.soft_token.invalid_passcode", text).at_field(field, 401)
        })
    }
}

/// The predefined security questions.
pub(crate) const QUESTIONS: [(&str, &str); 19] = [
    ("disliked_food", "What is the food you least liked as a child?"),
    ("name_of_first_plush_toy", "What is the name of your first stuffed animal?"),
    ("first_award", "What did you earn your first medal or award for?"),
    ("favorite_security_question", "What is your favorite security question?"),
    ("favorite_toy", "What is the toy/stuffed animal you liked the most as a kid?"),
    ("first_computer_game", "What was the first computer game you played?"),
    ("favorite_movie_quote", "What is your favorite movie quote?"),
    ("first_sports_team_mascot", "What was the mascot of the first sports team you played on?"),
    ("first_music_purchase", "What music album or song did you first purchase?"),
    ("favorite_art_piece", "What is your favorite piece of art?"),
    ("grandmother_favorite_desert", "What was your grandmother's favorite dessert?"),
    ("first_thing_cooked", "What was the first thing you learned to cook?"),
    ("childhood_dream_job", "What was your dream job as a child?"),
    ("place_where_significant_other_was_met", "Where did you meet your spouse/significant other?"),
    ("favorite_vacation_location", "Where did you go for your favorite vacation?"),
    ("new_years_two_thousand", "Where were you on New Year's Eve in the year 2000?"),
    ("favorite_speaker_actor", "Who is your favorite speaker/orator?"),
    ("favorite_book_movie_character", "Who is your favorite book/movie character?"),
    ("favorite_sports_player", "Who is your favorite sports player?"),
];

/// Normalises a phone number to E.164. Spaces, dots, dashes and brackets are removed; the plus is required.
pub(crate) fn normalise_phone_number(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = number.strip_prefix('+')?;
    let is_number = (8..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    // Country code 1: ten digits follow, and the area code does not begin with 0 or 1.
    let is_american =
        digits.strip_prefix('1').is_none_or(|rest| rest.len() == 10 && !rest.starts_with(['0', '1']));
    (is_number && is_american).then_some(number)
}

pub(crate) fn is_email_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        let is_plain = |c: char| !c.is_whitespace() && !matches!(c, '@' | ',' | ';' | '<' | '>');
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && text.matches('@').count() == 1
            && local.chars().chain(domain.chars()).all(is_plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_may_have_spaces_and_needs_a_country_code() {
        assert_eq!(normalise_phone_number("+1 555 123-4567").as_deref(), Some("+15551234567"));
        for bad in ["5551234567", "+1555", "+0123456789", "+1 abc", ""] {
            assert_eq!(normalise_phone_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_email_address_has_one_at_sign_and_a_domain() {
        assert!(is_email_address("a@b.example"));
        for bad in ["a", "a@b", "@b.example", "a@b@c.example", "a b@c.example", "a@.example"] {
            assert!(!is_email_address(bad), "{bad}");
        }
    }
}
