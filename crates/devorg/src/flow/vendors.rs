//! The authenticators of other vendors: what their pages decide, their codes, and cards with a PIN.

use super::request::Credentials;
use super::{IdentityEngine, Outcome};
use crate::credentials::password;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message, MessageTarget, Refusal};
use crate::org::transaction::{Challenge, Enrolling, Purpose, Step, Subject};
use crate::org::user::Factor;

/// The length of a card's PIN.
pub(crate) const PIN_LENGTH: usize = 6;

impl IdentityEngine<'_> {
    /// The user came back from the page of a vendor.
    pub(crate) fn returned_from_vendor(&mut self, is_approved: bool) -> Outcome {
        if !is_approved {
            self.vendor_failed();
            return Ok(());
        }
        match self.transaction.step.clone() {
            Step::Challenge(Challenge::Elsewhere { key }) => {
                let method = key.methods().first().copied().unwrap_or(Method::Idp);
                self.with_new_expiry(|engine| engine.factor_verified(key, method))
            }
            Step::Enrolling { what: Enrolling::Elsewhere { key }, .. } => {
                self.with_new_expiry(|engine| engine.enrolled(Factor::Registered { key }))
            }
            Step::VerifyIdentity(_) => {
                self.require_user()?.identity_verified = true;
                self.with_new_expiry(Self::advance)
            }
            _ => Err(message::bad_request()),
        }
    }

    /// The vendor did not approve, or the user gave up. The step stays, so that there is another way.
    pub(super) fn vendor_failed(&mut self) {
        let (key, text) = match &self.transaction.step {
            Step::Challenge(Challenge::Elsewhere { key: Authenticator::Duo })
            | Step::Enrolling { what: Enrolling::Elsewhere { key: Authenticator::Duo }, .. } => {
                ("oie.authenticator.duo.method.duo.verification_failed", "Duo did not approve. Try again.")
            }
            Step::Enrolling { .. } => {
                ("oie.authenticator.enroll.error.fail", "Unable to enroll authenticator. Try again.")
            }
            Step::VerifyIdentity(_) => {
                ("idx.identity.verification.failed", "Your identity could not be verified. Try again.")
            }
            _ => ("oie.authenticator.verify.error.fail", "Unable to verify authenticator. Try again."),
        };
        self.transaction.notices.clear();
        self.transaction.notices.push((MessageTarget::Top, Message::error(key, text)));
    }

    /// The code in the response of Duo's frame, which has to end with the org's own half of the signed request.
    pub(super) fn code_of_duo(&mut self, response: &str) -> Result<String, Refusal> {
        let own = format!("APP|{}", self.transaction.reference());
        let code = response.strip_suffix(&own).and_then(|rest| rest.strip_suffix(':'));
        match code.and_then(|code| code.strip_prefix("AUTH|")) {
            Some(code) if code != "denied" => Ok(code.to_owned()),
            _ => {
                self.count_wrong_code();
                let text = "Duo web signature verification failed.";
                Err(Message::error("oie.authenticator.duo.method.duo.verification_failed", text).at_top(400))
            }
        }
    }

    /// After some wrong codes a right one does not suffice: the token has to show the next one (next-token mode).
    pub(super) fn check_next_code(&mut self, key: Authenticator, is_suspicious: bool) -> Outcome {
        if !matches!(key, Authenticator::RsaToken | Authenticator::OnpremMfa) {
            return Ok(());
        }
        let enrolment = self.user_mut().and_then(|user| user.enrolment_mut(key));
        let Some(Factor::OtpDevice { next_code, .. }) = enrolment.map(|enrolment| &mut enrolment.factor)
        else {
            return Ok(());
        };
        let is_next = std::mem::replace(next_code, is_suspicious && !*next_code);
        if is_next || !is_suspicious {
            return Ok(());
        }
        let text = "Pin accepted, Wait for token to change, then enter new passcode";
        Err(Message::error("errors.E0000113", text).with_param(text).at_top(409))
    }

    /// The user wants to sign in with a card before saying who signs in.
    pub(super) fn launch_card(&mut self, remember: bool) -> Outcome {
        if !self.app()?.vendors.card_button {
            return Err(message::bad_request());
        }
        self.transaction.remember = remember;
        self.transaction.move_to(Step::Challenge(Challenge::Card { read: false }));
        Ok(())
    }

    /// A card of this user was held to the reader.
    pub(crate) fn card_read(&mut self, user: &str) -> Outcome {
        let step = match &self.transaction.step {
            Step::Challenge(Challenge::Card { .. }) => Step::Challenge(Challenge::Card { read: true }),
            Step::Enrolling { what: Enrolling::Card { .. }, offer } => {
                Step::Enrolling { what: Enrolling::Card { read: true }, offer: offer.clone() }
            }
            _ => return Err(message::bad_request()),
        };
        if self.transaction.subject == Subject::Unidentified {
            let found = self.org.users.get(user).ok_or_else(message::bad_request)?;
            let identifier = found.login.clone();
            self.transaction.subject = Subject::User { id: user.to_owned(), identifier };
        }
        self.with_new_expiry(|engine| {
            engine.transaction.move_to(step);
            Ok(())
        })?;
        self.transaction.completed_elsewhere = true;
        Ok(())
    }

    /// The PIN of a card that was read.
    pub(super) fn answer_card(&mut self, given: &Credentials) -> Outcome {
        let Some(pin) = given.get("passcode") else {
            return Err(message::required("passcode", "credentials.passcode"));
        };
        self.check_attempts()?;
        let factor = self.user().and_then(|user| user.enrolment(Authenticator::NfcPin)).map(|e| &e.factor);
        if matches!(factor, Some(Factor::Card { pin: kept }) if password::verify(pin, kept)) {
            return self.factor_verified(Authenticator::NfcPin, Method::NfcPin);
        }
        self.count_wrong_code();
        let key = "api.authenticator.error.nfc.pin_incorrect";
        Err(Message::error(key, "Incorrect PIN. Please try again.").at_field("credentials.passcode", 403))
    }

    /// The user forgot the PIN of a card. Another factor has to say who chooses a new one.
    pub(super) fn recover_pin(&mut self) -> Outcome {
        self.transaction.purpose = Purpose::RecoverPin;
        if !self.transaction.verified.is_empty() {
            self.transaction.move_to(Step::ResetPin);
            return Ok(());
        }
        let keys = self.offered_authenticators();
        self.offer_challenge(&keys)
    }

    /// The new PIN of a card that was read before.
    pub(super) fn reset_pin(&mut self, given: &Credentials) -> Outcome {
        let card = self.new_card(given)?;
        let now = self.now;
        let id = self.transaction.user_id().ok_or_else(message::bad_request)?;
        let user = self.org.users.get_mut(id).ok_or_else(message::session_expired)?;
        user.enrol(card, now, self.random);
        self.transaction.purpose = Purpose::SignIn;
        self.factor_verified(Authenticator::NfcPin, Method::NfcPin)
    }

    /// A new card with the PIN that the user has chosen.
    pub(super) fn new_card(&mut self, given: &Credentials) -> Result<Factor, Refusal> {
        let Some(pin) = given.get("passcode") else {
            return Err(message::required("passcode", "credentials.passcode"));
        };
        if pin.len() != PIN_LENGTH || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
            let text = format!("The PIN must have {PIN_LENGTH} digits.");
            let message = Message::error("oie.enroll.nfc_pin.create.length", text);
            return Err(message.at_field("credentials.passcode", 400));
        }
        Ok(Factor::Card { pin: password::hash(pin, self.random) })
    }
}

/// Whether a card has to be held to the reader.
pub(crate) fn waits_for_card(step: &Step) -> bool {
    matches!(
        step,
        Step::Challenge(Challenge::Card { read: false })
            | Step::Enrolling { what: Enrolling::Card { read: false }, .. }
    )
}
