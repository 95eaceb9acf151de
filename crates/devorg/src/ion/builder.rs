//! What a document is made of.

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::oauth::keys::SigningKeys;
use crate::org::settings::app::OrgApp;
use crate::org::state::OrgState;
use crate::org::transaction::Transaction;
use crate::org::user::OrgUser;

/// The input of a document.
pub(crate) struct DocumentBuilder<'a> {
    pub(crate) org: &'a OrgState,
    pub(crate) app: &'a OrgApp,
    pub(crate) transaction: &'a Transaction,
    pub(crate) origin: &'a str,
    /// For what a device is to verify.
    pub(crate) keys: &'a SigningKeys,
    pub(crate) now: Timestamp,
}

/// What a step adds to a document.
#[derive(Default)]
pub(super) struct StepParts {
    pub(super) forms: Vec<Value>,
    pub(super) objects: Vec<(&'static str, Value)>,
}

/// The member for the current authenticator.
pub(super) const CURRENT: &str = "currentAuthenticator";
/// The member for the user's enrolment of it.
pub(super) const ENROLLED: &str = "currentAuthenticatorEnrollment";

impl DocumentBuilder<'_> {
    /// The app's name for people.
    pub(super) fn label(&self) -> &str {
        if self.app.label.is_empty() { &self.app.client_id } else { &self.app.label }
    }

    /// The transaction's user.
    pub(super) fn user(&self) -> Option<&OrgUser> {
        self.org.users.get(self.transaction.user_id()?)
    }
}

/// An Ion list.
pub(super) fn list(values: Vec<Value>) -> Value {
    json!({ "type": "array", "value": values })
}
