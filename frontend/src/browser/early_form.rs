//! A form that is replaced by an equal one, and the values typed into it: the early form, which the page has before this
//! program has started, and any form when the language changes.

use super::mount::{container, property, root};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

/// The selector of the button that sends a form.
pub(crate) const SUBMIT: &str = "[type=submit]";
/// Marks the early form in the page.
const EARLY: &str = "[data-early]";
/// Set on the page to a selector of what was pressed in the early form before the program had started.
const SENT: &str = "data-sent";

/// Whether it is visible.
pub(crate) fn is_shown() -> bool {
    element(EARLY).is_some_and(|form| form.offset_height() > 0)
}

/// Marks the visible form as one that is about to be replaced.
pub(crate) fn take_over() {
    if let Some(form) = element("section") {
        let _ = form.set_attribute("data-early", "");
    }
}

/// Removes the early form.
pub(crate) fn remove() {
    if let Some(form) = element(EARLY) {
        form.remove();
    }
}

/// The value that was typed or chosen in the field `id`, if any.
pub(crate) fn value(id: &str) -> Option<String> {
    value_within(EARLY, id)
}

/// The value of the field `id` of the current form: a password manager may have set it without an event.
pub(crate) fn answered_value(id: &str) -> Option<String> {
    value_within("form", id)
}

fn value_within(ancestor: &str, id: &str) -> Option<String> {
    let own = element(&format!("{ancestor} [id=\"{id}\"]"));
    let field = own.or_else(|| element(&format!("{ancestor} [name=\"{id}\"]:checked")))?;
    let checkbox = field.dyn_ref::<HtmlInputElement>().filter(|input| input.type_() == "checkbox");
    let value = match checkbox {
        Some(input) => input.checked().to_string(),
        None => property(&field, "value").as_string()?,
    };
    Some(value).filter(|value| !value.is_empty())
}

/// The focus and the caret, to be restored in the next form.
pub(crate) fn focus_state() -> Option<FocusState> {
    let field = element(&format!("{EARLY} :focus"))?;
    let caret = field.dyn_ref::<HtmlInputElement>().and_then(|input| input.selection_start().ok()?);
    Some(FocusState { id: field.id(), caret })
}

/// The focused field and its caret.
pub(crate) struct FocusState {
    id: String,
    caret: Option<u32>,
}

impl FocusState {
    /// Moves the focus to the new form's field of the same id. `false`: there is none.
    pub(crate) fn restore(self) -> bool {
        let Some(field) = element(&format!("[id=\"{}\"]", self.id)) else { return false };
        let _ = field.focus();
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            let _ = input.set_selection_start(self.caret);
            let _ = input.set_selection_end(self.caret);
        }
        true
    }
}

/// What was pressed in the early form, as a selector; forgets it.
pub(crate) fn take_pressed() -> Option<String> {
    let pressed = root().get_attribute(SENT);
    let _ = root().remove_attribute(SENT);
    pressed
}

/// Presses the same in the visible form.
pub(crate) fn press(selector: &str) {
    if let Some(element) = element(selector) {
        element.click();
    }
}

fn element(selector: &str) -> Option<HtmlElement> {
    container().query_selector(selector).ok()??.dyn_into().ok()
}
