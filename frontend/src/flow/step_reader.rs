//! A step in its transaction, and what is read of it in several places.

use latchkey_contract::{AuthenticatorSettings, ContextualData, Step, Transaction};

/// The step that leads on without an answer.
pub(super) const SKIP: &str = "skip";

/// A step in its transaction, while it is read.
pub(super) struct StepReader<'a> {
    pub(super) transaction: &'a Transaction,
    pub(super) step: &'a Step,
}

impl<'a> StepReader<'a> {
    /// The org says it of its next step only, and it holds for every other that is open.
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

    pub(super) fn settings(&self) -> Option<&'a AuthenticatorSettings> {
        self.step.authenticator.as_ref()?.settings.as_ref()
    }

    /// What the org says about the authenticator at this step.
    pub(super) fn data(&self) -> Option<&'a ContextualData> {
        self.step.authenticator.as_ref()?.contextual_data.as_ref()
    }
}
