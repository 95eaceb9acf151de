//! The functions of the late part. It is a WebAssembly module of its own with everything that comes after the username,
//! fetched when the page is idle, or at once when a screen needs it.

use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::flow::field::Field;
use crate::flow::screen::SignedInPerson;
use crate::form::collect::{FormAnswers, Typed};
use crate::form::form_state::FormState;
use crate::text::{OrgWords, Text};
use latchkey_contract::{Message, Session};
use std::sync::OnceLock;

/// The functions of the late part.
#[derive(Clone, Copy)]
pub(crate) struct LateFunctions {
    /// Builds the current screen.
    pub(crate) screen: fn(Flow) -> AnyElement,
    /// Builds a control that `is_late`.
    pub(crate) control: fn(&Field, FormState) -> Vec<AnyElement>,
    /// Collects the answer of such a control.
    pub(crate) take: fn(&Field, Typed<'_>, &mut FormAnswers),
    /// Builds the button that asks for a new code.
    pub(crate) resend: fn(Flow) -> AnyElement,
    /// Builds the lines of a message that is more than a text.
    pub(crate) message_lines: fn(&Message, Text) -> Vec<AnyElement>,
    /// Builds a line that counts down how long to wait.
    pub(crate) wait_line: fn(u32, Text) -> AnyElement,
    /// Who the signed-in person is.
    pub(crate) person: fn(Session) -> SignedInPerson,
    /// Returns a message of the org in our words.
    pub(crate) org_words: OrgWords,
}

static FUNCTIONS: OnceLock<LateFunctions> = OnceLock::new();

/// The functions of the late part, once it has been fetched.
pub(crate) fn functions() -> Option<&'static LateFunctions> {
    FUNCTIONS.get()
}

/// Stores the functions of the late part once it is fetched.
pub(crate) fn install(functions: LateFunctions) {
    let _ = FUNCTIONS.set(functions);
}

/// Builds a control of the late part. A form with such a control is not shown before the late part is here.
pub(crate) fn control(field: &Field, state: FormState) -> Vec<AnyElement> {
    functions().map(|late| (late.control)(field, state)).unwrap_or_default()
}

/// Collects the answer of a control of the late part.
pub(crate) fn take(field: &Field, typed: Typed<'_>, answers: &mut FormAnswers) {
    if let Some(late) = functions() {
        (late.take)(field, typed, answers);
    }
}
