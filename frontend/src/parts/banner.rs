//! Something to be read before going on.

use crate::browser::tag::{Tag, tag};
use latchkey_contract::MessageClass;

/// Words in a box whose edge says how they are meant, and perhaps something to press.
pub(crate) fn banner(class: MessageClass, words: &str, help: Option<Tag>) -> Tag {
    let look = match class {
        MessageClass::Error => "banner banner--error",
        MessageClass::Warning | MessageClass::Info => "banner",
    };
    tag("div").class(look).child(tag("p").text(words)).children(help)
}
