//! A step in its transaction, with reads that several files need.

use latchkey_contract::{AuthenticatorSettings, ContextualData, Profile, Step, Transaction};

/// The key of a card with a PIN.
pub(super) const CARD: &str = "nfc_pin";

/// The step that skips another one.
pub(super) const SKIP: &str = "skip";

/// A step in its transaction, while it is read.
pub(super) struct StepReader<'a> {
    pub(super) transaction: &'a Transaction,
    pub(super) step: &'a Step,
}

impl<'a> StepReader<'a> {
    /// The org sets it on its next step only, but it applies to every available step.
    pub(super) fn can_skip(&self) -> bool {
        let skips = |step: &Step| step.name == SKIP;
        !skips(self.step) && (self.step.can_skip || self.transaction.available_steps.iter().any(skips))
    }

    pub(super) fn key(&self) -> &'a str {
        self.step.authenticator.as_ref().map_or("", |authenticator| &authenticator.key)
    }

    pub(super) fn name(&self) -> String {
        self.step.authenticator.as_ref().map(|held| held.display_name.clone()).unwrap_or_default()
    }

    /// The masked address or number of the authenticator.
    pub(super) fn profile(&self) -> Profile {
        self.step.authenticator.as_ref().and_then(|held| held.profile.clone()).unwrap_or_default()
    }

    pub(super) fn settings(&self) -> Option<&'a AuthenticatorSettings> {
        self.step.authenticator.as_ref()?.settings.as_ref()
    }

    /// The org's data about the authenticator of this step.
    pub(super) fn data(&self) -> Option<&'a ContextualData> {
        self.step.authenticator.as_ref()?.contextual_data.as_ref()
    }
}
