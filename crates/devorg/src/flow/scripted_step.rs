//! The step of the app's script: its messages, and its answer checked as a profile is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::register::{check, refuse};
use super::{IdentityEngine, Outcome};
use crate::org::message::{self, MessageTarget};
use crate::org::transaction::{Skipped, Step};

impl IdentityEngine<'_> {
    pub(super) fn show_scripted_step(&mut self) -> Outcome {
        let script = self.app()?.scripted_step.clone();
        self.transaction.move_to(Step::Scripted);
        let messages = script.iter().flat_map(|script| &script.messages);
        let notices = messages.map(|message| (MessageTarget::Top, message.message()));
        self.transaction.notices.extend(notices);
        Ok(())
    }

    pub(super) fn answer_scripted_step(&mut self, given: &BTreeMap<String, Value>) -> Outcome {
        let Step::Scripted = self.transaction.step else { return Err(message::bad_request()) };
        let script = self.app()?.scripted_step.as_ref();
        let attributes = script.map(|script| script.attributes.clone()).unwrap_or_default();
        refuse(check(&attributes, given, ""))?;
        self.transaction.skipped.push(Skipped::ScriptedStep);
        self.advance()
    }
}
