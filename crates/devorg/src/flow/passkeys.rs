//! Passkeys: made at enrolment, offered after a sign-in, and used before the user is identified.

use super::request::Credentials;
use super::{IdentityEngine, Outcome};
use crate::credentials::webauthn;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message, Refusal};
use crate::org::transaction::{Purpose, Subject};
use crate::org::user::Factor;

impl IdentityEngine<'_> {
    /// The passkey that the browser has made for this challenge.
    pub(super) fn new_passkey(&self, challenge: &str, given: &Credentials) -> Result<Factor, Refusal> {
        let attestation = webauthn::Attestation {
            client_data: given.get("clientData").unwrap_or_default(),
            attestation: given.get("attestation").unwrap_or_default(),
        };
        let registered = attestation.verify(challenge, &self.relying_party()).map_err(|_| {
            let text = "Your device was unable to set up the security key. Please try again.";
            Message::error("authfactor.webauthn.error.attestation_validation_failure", text).at_top(403)
        })?;
        let count = self.user().map_or(0, |user| {
            let is_passkey = |key| key == Authenticator::Webauthn;
            user.enrolments.iter().filter(|enrolment| is_passkey(enrolment.factor.authenticator())).count()
        });
        Ok(Factor::Passkey {
            credential: registered.credential,
            public_key: registered.public_key,
            count: registered.count,
            name: format!("Passkey {}", count + 1),
        })
    }

    /// Enrols the passkey that was offered after the sign-in.
    pub(super) fn accept_promotion(&mut self, challenge: &str, given: &Credentials) -> Outcome {
        let factor = self.new_passkey(challenge, given)?;
        self.enrolled(factor)
    }

    /// Remembers that the user skipped the offer.
    pub(super) fn count_skipped_promotion(&mut self) {
        let now = self.now;
        if let Some(user) = self.user_mut() {
            user.passkey_skips.push(now);
        }
    }

    /// Checks the assertion against the user's passkeys.
    pub(super) fn check_passkey(&mut self, challenge: &str, given: &Credentials) -> Outcome {
        let party = self.relying_party();
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
            let Factor::Passkey { public_key, count, .. } = &mut enrolment.factor else { continue };
            if let Ok(counted) = assertion.verify(challenge, &party, public_key, *count) {
                *count = counted;
                return Ok(());
            }
        }
        Err(refuse())
    }

    /// A passkey chosen on the first page, from autofill or by the button.
    pub(super) fn answer_autofill(&mut self, given: &Credentials) -> Outcome {
        let user = given.get("userHandle").and_then(webauthn::user_of_handle);
        let user =
            user.and_then(|id| self.org.users.get(&id)).map(|user| (user.id.clone(), user.login.clone()));
        let Some((id, identifier)) = user else { return Err(message::authentication_failed()) };
        self.transaction.subject = Subject::User { id, identifier };
        let challenge = webauthn::autofill_challenge(&self.transaction.handle);
        if let Err(refusal) = self.check_passkey(&challenge, given) {
            self.transaction.subject = Subject::Unidentified;
            return Err(Refusal { status: 401, ..refusal });
        }
        self.transaction.purpose = Purpose::SignIn;
        self.factor_verified(Authenticator::Webauthn, Method::Webauthn)
    }
}
