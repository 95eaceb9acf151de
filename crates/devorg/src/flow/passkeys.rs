//! Passkeys: made at enrolment, offered after a sign-in, and used before the user is identified.

use super::request::Credentials;
use super::{IdentityEngine, Outcome};
use crate::credentials::webauthn::{self, RelyingParty};
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Message, Refusal};
use crate::org::settings::app::OrgApp;
use crate::org::transaction::{Challenge, Purpose, Step, Subject};
use crate::org::user::{Factor, OrgUser};

/// The site that the passkeys of an app are for; the org's own pages belong to it.
pub(crate) fn relying_party(app: &OrgApp, origin: &str) -> RelyingParty {
    let redirected = app
        .redirect_uris
        .iter()
        .filter_map(|uri| url::Url::parse(uri).ok().map(|uri| uri.origin().ascii_serialization()));
    RelyingParty {
        origins: app.trusted_origins.iter().cloned().chain(redirected).chain([origin.to_owned()]).collect(),
        id: app.passkeys.rp_id.clone(),
    }
}

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
        let name = self.user().map(OrgUser::next_passkey_name).unwrap_or_default();
        Ok(Factor::passkey(registered, name))
    }

    fn relying_party(&self) -> RelyingParty {
        self.app().map(|app| relying_party(app, self.origin)).unwrap_or_default()
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
        let (party, now) = (self.relying_party(), self.now);
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
                enrolment.last_challenged = Some(now);
                return Ok(());
            }
        }
        Err(refuse())
    }

    /// The user wants to sign in with a passkey before saying who signs in.
    pub(super) fn launch_passkey(&mut self) -> Outcome {
        if !self.app()?.passkeys.launch || self.transaction.step != Step::Identify {
            return Err(message::bad_request());
        }
        let challenge = webauthn::new_challenge(self.random);
        self.transaction.move_to(Step::Challenge(Challenge::Passkey { challenge }));
        Ok(())
    }

    /// A passkey chosen on the first page, from autofill or by the button.
    pub(super) fn answer_autofill(&mut self, given: &Credentials) -> Outcome {
        let challenge = webauthn::autofill_challenge(&self.transaction.handle);
        self.answer_discoverable(&challenge, given)
    }

    /// A passkey that says itself whose it is.
    pub(super) fn answer_discoverable(&mut self, challenge: &str, given: &Credentials) -> Outcome {
        let user = given.get("userHandle").and_then(webauthn::user_of_handle);
        let user =
            user.and_then(|id| self.org.users.get(&id)).map(|user| (user.id.clone(), user.login.clone()));
        let Some((id, identifier)) = user else { return Err(message::authentication_failed()) };
        self.transaction.subject = Subject::User { id, identifier };
        if let Err(refusal) = self.check_passkey(challenge, given) {
            self.transaction.subject = Subject::Unidentified;
            return Err(Refusal { status: 401, ..refusal });
        }
        self.transaction.purpose = Purpose::SignIn;
        self.factor_verified(Authenticator::Webauthn, Method::Webauthn)
    }
}
