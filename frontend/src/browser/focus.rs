//! The focus within the screens, and the inputs that it goes to.

use super::mount::{container, property, root};
use leptos::prelude::request_animation_frame;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

/// Moves the focus as `focus_step` does, after the changed state is drawn.
pub(crate) fn focus_step_when_drawn() {
    request_animation_frame(focus_step);
}

/// Set on the page between the press of "Not you?" and the form that follows.
const FOR_ANOTHER: &str = "data-for-another";

/// Moves the focus to the first field of the next form, although the username is kept in it.
pub(crate) fn focus_first_field_next() {
    let _ = root().set_attribute(FOR_ANOTHER, "");
}

/// Moves the focus to the first field with an error, else to one that is empty, else to the first one, else to the heading.
pub(crate) fn focus_step() {
    let candidates = all("[data-first]");
    let is_for_another = !candidates.is_empty() && root().has_attribute(FOR_ANOTHER);
    if is_for_another {
        let _ = root().remove_attribute(FOR_ANOTHER);
    }
    let to_fill = |element: &&HtmlElement| !is_for_another && is_empty(element);
    let wanted = all(INVALID).into_iter().next().or_else(|| {
        let first = candidates.iter().find(to_fill).or(candidates.first()).cloned();
        first.or_else(|| all("h1").into_iter().next())
    });
    if let Some(element) = wanted {
        let _ = element.focus();
        // Typing replaces the selected text.
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
    }
}

/// Whether every field has a value.
pub(crate) fn is_filled_in() -> bool {
    !all("[data-first]").iter().any(|field| is_empty(&field))
}

fn is_empty(field: &&HtmlElement) -> bool {
    field_value(field).is_some_and(|value| value.is_empty())
}

/// The controls with an error. A group takes no focus itself.
const INVALID: &str = "[aria-invalid=true]:not(fieldset), fieldset[aria-invalid=true] input";

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = container().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The date fields with an invalid date: a browser reports their value as empty.
pub(crate) fn invalid_dates() -> Vec<String> {
    all("[type=date]:invalid").iter().map(|field| field.id()).collect()
}

fn field_value(element: &HtmlElement) -> Option<String> {
    property(element, "value").as_string()
}

/// Shows or hides the text of a password field.
pub(crate) fn unmask(id: &str, shown: bool) {
    if let Some(input) = all(&format!("[id=\"{id}\"]")).first().and_then(JsCast::dyn_ref::<HtmlInputElement>)
    {
        input.set_type(if shown { "text" } else { "password" });
        let _ = input.focus();
    }
}

/// Whether Caps Lock is on, from a key event. Password managers fire `keydown` events that are no `KeyboardEvent`s.
pub(crate) fn caps_lock(event: &KeyboardEvent) -> Option<bool> {
    let event: &KeyboardEvent = event.dyn_ref()?;
    Some(event.get_modifier_state("CapsLock"))
}
