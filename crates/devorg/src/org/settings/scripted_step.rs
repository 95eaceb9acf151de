//! A step of the script's own: a remediation with any name, any fields and any messages.

use serde::{Deserialize, Serialize};

use crate::org::message::{Class, Message};
use crate::org::settings::profile::Attribute;

/// A step that the org asks once after the factors are verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptedStep {
    /// The name of the remediation.
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) attributes: Vec<Attribute>,
    #[serde(default)]
    pub(crate) messages: Vec<ScriptedMessage>,
}

/// A message with any i18n key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptedMessage {
    pub(crate) key: String,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) params: Vec<String>,
    #[serde(default = "info")]
    pub(crate) class: Class,
}

impl ScriptedMessage {
    /// The message as a step has it.
    pub(crate) fn message(&self) -> Message {
        let message = Message::error(&self.key, self.text.as_str());
        Message { params: self.params.clone(), class: self.class, ..message }
    }
}

fn info() -> Class {
    Class::Info
}
