//! The late part of the program: the screens and controls that nobody meets before they have said who they are. It is a
//! WebAssembly module of its own, fetched when the page is idle, or at once when a screen needs it.

use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::flow::ended::Ended;
use crate::flow::field::{Control, Field};
use crate::flow::form_kind::FormKind;
use crate::flow::screen::{Passkey, Screen, SignedInPerson, Wait};
use crate::form::form_state::FormState;
use std::sync::OnceLock;

/// What only the late part can build.
pub(crate) enum LateView {
    Wait(Wait, Flow),
    Passkey(Passkey, Flow),
    SignedIn(SignedInPerson, Flow),
    Ended(Ended, Flow),
    Control(Field, FormState),
    /// A picture to scan, and the key in it.
    Picture(Option<String>, Option<String>, Flow),
}

/// The late part's one function.
pub(crate) type Build = fn(LateView) -> Vec<AnyElement>;

static BUILD: OnceLock<Build> = OnceLock::new();

/// Whether the late part is here.
pub(crate) fn is_loaded() -> bool {
    BUILD.get().is_some()
}

/// Keeps the late part, which has been fetched.
pub(crate) fn install(build: Build) {
    let _ = BUILD.set(build);
}

/// Builds a view of the late part. Without it there is none: a screen that `needs` it is not shown before it is here.
pub(crate) fn build(view: LateView) -> Vec<AnyElement> {
    BUILD.get().map(|build| build(view)).unwrap_or_default()
}

/// Whether a screen cannot be shown without the late part.
pub(crate) fn is_needed_by(screen: &Screen) -> bool {
    match screen {
        Screen::Starting => false,
        Screen::Wait(_) | Screen::Passkey(_) | Screen::Ended(_) | Screen::SignedIn(_) => true,
        Screen::Form(form) => {
            matches!(form.kind, FormKind::EnrollApp { .. }) || form.fields.iter().any(is_late)
        }
    }
}

fn is_late(field: &Field) -> bool {
    match &field.control {
        Control::Text(_) | Control::Code | Control::Password | Control::Switch | Control::Fixed(_) => false,
        Control::NewPassword(_)
        | Control::Phone
        | Control::Radios(_)
        | Control::List(_)
        | Control::Forms(_) => true,
        Control::Group(inner) => inner.iter().any(is_late),
    }
}
