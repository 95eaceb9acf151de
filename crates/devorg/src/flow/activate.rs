//! The activation of a device that shows a code.

use super::{IdentityEngine, Outcome, new_handle};
use crate::clock::Timestamp;
use crate::org::grants::UserGrant;
use crate::org::message::{self, Message};
use crate::org::state::OrgState;
use crate::org::transaction::{FIRST_STEP_LIFETIME, InteractRequest, Purpose, Step, Subject, Transaction};
use crate::random::Random;

/// Begins a transaction that asks for the code of a device, and returns its state token.
pub(crate) fn begin_activation(
    org: &mut OrgState,
    user_code: &str,
    now: Timestamp,
    random: &mut Random,
) -> Option<String> {
    // The page belongs to no app. Until the code says which one it is, the transaction has any.
    let client_id = org.apps.keys().next()?.clone();
    let transaction = Transaction {
        handle: new_handle(random),
        interaction: random.secret(),
        request: InteractRequest::of_the_org(client_id),
        purpose: Purpose::SignIn,
        subject: Subject::Unidentified,
        verified: Vec::new(),
        enrolment: None,
        step: Step::ActivateDevice { user_code: user_code.to_owned() },
        notices: Vec::new(),
        skipped: Vec::new(),
        remember: false,
        consented: false,
        expires_at: now.after(FIRST_STEP_LIFETIME),
        session: None,
        browser: None,
        device_code: None,
        transferred: false,
        completed_elsewhere: false,
    };
    let token = transaction.handle.clone();
    org.transactions.put(transaction);
    Some(token)
}

impl IdentityEngine<'_> {
    /// The code that a device shows.
    pub(super) fn activate_device(&mut self, user_code: Option<&str>) -> Outcome {
        let Step::ActivateDevice { .. } = self.transaction.step else { return Err(message::bad_request()) };
        let Some(user_code) = user_code else { return Err(message::required("userCode", "userCode")) };
        let Some((device_code, device)) = self.org.device_grants.shown(user_code, self.now) else {
            let text = "Invalid code. Try again.";
            return Err(Message::error("idx.invalid.device.code", text).at_field("userCode", 400));
        };
        self.transaction.device_code = Some(device_code.to_owned());
        let request = &mut self.transaction.request;
        request.client_id.clone_from(&device.client_id);
        request.server = device.server.clone();
        request.scopes.clone_from(&device.scopes);
        self.transaction.move_to(Step::Identify);
        Ok(())
    }

    /// The user has proven who they are: the device gets its tokens.
    pub(super) fn device_activated(&mut self, device_code: &str) {
        let grant = UserGrant::of(self.transaction, self.random.secret(), self.now);
        self.org.device_grants.allow(device_code, grant);
        let text = "Follow the instructions on your device for next steps.";
        self.end_activation(Message::info("idx.device.activated", text));
    }

    /// The user did not allow the scopes.
    pub(super) fn device_denied(&mut self, device_code: &str) {
        self.org.device_grants.deny(device_code);
        let text = "Your device cannot be activated because you did not allow access.";
        self.end_activation(Message::error("idx.device.not.activated.consent.denied", text));
    }

    fn end_activation(&mut self, message: Message) {
        self.transaction.move_to(Step::Ended { messages: vec![message], cancel: false });
    }
}
