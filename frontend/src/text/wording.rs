//! A text on screen: a phrase of ours, or words of the org.

use super::phrase::Phrase;
use latchkey_contract::Message;

/// A text on screen: a phrase of ours, or words of the org.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wording {
    Ours(Phrase),
    /// A label of the org. The languages translate the common ones by their English text.
    Org(String),
    /// A message of the org, translated by its i18n key.
    Message(Message),
}
