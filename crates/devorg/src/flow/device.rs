//! Device challenges: a nonce that Okta Verify on the user's device signs (FastPass).

use serde_json::json;

use super::{IdentityEngine, Outcome};
use crate::oauth::jwt;
use crate::org::authenticator::{Authenticator, Method};
use crate::org::message::{self, Refusal};
use crate::org::settings::fastpass::PassOnMethod;
use crate::org::transaction::{Challenge, DeviceProof, Purpose, Step, Subject};

impl IdentityEngine<'_> {
    /// Asks the device before the user is known, if the app's policy says so.
    pub(crate) fn begin_with_device(&mut self) {
        let probes = self.app().is_ok_and(|app| app.fastpass.as_ref().is_some_and(|fastpass| fastpass.probe));
        if probes && self.transaction.step == Step::Identify {
            self.probe_device();
        }
    }

    /// The user started Okta Verify on the device.
    pub(super) fn launch_device(&mut self) -> Outcome {
        if self.app()?.fastpass.is_none() || self.transaction.step != Step::Identify {
            return Err(message::bad_request());
        }
        self.restart(Purpose::SignIn);
        self.probe_device();
        Ok(())
    }

    fn probe_device(&mut self) {
        let proof = self.new_device_proof();
        self.transaction.move_to(Step::ProbeDevice(proof));
    }

    pub(super) fn new_device_proof(&mut self) -> DeviceProof {
        DeviceProof { nonce: self.random.secret(), asked_at: self.now, signed_by: None, is_declined: false }
    }

    /// The page cannot reach the device, or the user cancelled.
    pub(super) fn leave_device(&mut self) -> Outcome {
        let next = match &self.transaction.step {
            Step::ProbeDevice(_) => Step::Identify,
            Step::Challenge(_) => Step::SelectAuthenticator,
            _ => return Err(message::bad_request()),
        };
        self.transaction.move_to(next);
        Ok(())
    }

    /// The browser called without Apple's extension, which would have signed the request.
    pub(super) fn decline_apple_extension(&mut self) -> Outcome {
        let proof = self.pending_proof_mut().ok_or_else(message::bad_request)?;
        proof.is_declined = true;
        Err(Refusal { status: 401, messages: Vec::new(), terminal: false })
    }

    /// The device sent its signature: the user is who owns the key. The page learns of it by polling.
    pub(crate) fn take_device_proof(&mut self, signed: &str) -> Outcome {
        let user = self.signer(signed).ok_or_else(message::bad_request)?;
        let proof = self.pending_proof_mut().ok_or_else(message::bad_request)?;
        proof.signed_by = Some(user);
        Ok(())
    }

    /// The user whose device signed the nonce of the current step, if everything about the signature is right.
    fn signer(&self, signed: &str) -> Option<String> {
        let claims = jwt::claims(signed)?;
        let claim = |name: &str| claims.get(name).and_then(serde_json::Value::as_str);
        let fastpass = self.app().ok()?.fastpass.as_ref()?;
        let proof = self.transaction.device_proof()?;
        let is_same_nonce = claim("nonce") == Some(proof.nonce.as_str()) && claim("aud") == Some(self.origin);
        // Only a page tells the device where it is; a phishing page is not a trusted origin.
        let is_trusted = match (fastpass.method, claim("origin")) {
            (PassOnMethod::Loopback, origin) => origin.is_some_and(|origin| self.org.trusts(origin)),
            (_, origin) => origin.is_none(),
        };
        let user = self.org.users.get(claim("sub")?)?;
        let key = user.device_keys.get(claim("device")?)?;
        let is_right_user = self.transaction.user_id().is_none_or(|known| known == user.id);
        let is_signed = jwt::is_signed(signed, &json!({ "keys": [key] }));
        (is_same_nonce && is_trusted && is_right_user && is_signed).then(|| user.id.clone())
    }

    fn pending_proof_mut(&mut self) -> Option<&mut DeviceProof> {
        match &mut self.transaction.step {
            Step::ProbeDevice(proof) | Step::Challenge(Challenge::Device(proof)) => Some(proof),
            _ => None,
        }
    }

    /// A poll after the device has signed.
    pub(super) fn device_verified(&mut self, user: String) -> Outcome {
        if self.transaction.user_id().is_none() {
            let identifier = self.org.users.get(&user).map(|user| user.login.clone()).unwrap_or_default();
            self.transaction.subject = Subject::User { id: user, identifier };
        }
        self.factor_verified(Authenticator::OktaVerify, Method::SignedNonce)
    }
}
