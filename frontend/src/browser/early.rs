//! The sign-in form that stands in the page before this program has started, and what was typed into it meanwhile.

use super::tag::Tag;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

/// Where the early form is marked in the page.
const EARLY: &str = "[data-early]";
/// Set on the page when the early form was sent before anybody could take it.
const SENT: &str = "data-sent";

/// Whether it is in sight.
pub(crate) fn is_shown() -> bool {
    element(EARLY).is_some_and(|form| form.offset_height() > 0)
}

/// What was typed into the field `id`, if anything.
pub(crate) fn typed(id: &str) -> Option<String> {
    input(&format!("{EARLY} input[name=\"{id}\"]"))
        .map(|input| input.value())
        .filter(|value| !value.is_empty())
}

/// Where the person is typing, to be taken up again in the form that follows.
pub(crate) fn hand() -> Option<Hand> {
    let input = input(&format!("{EARLY} input:focus"))?;
    let caret = input.selection_start().ok().flatten();
    Some(Hand { name: input.name(), caret })
}

/// A field that has the focus, and where its caret is.
pub(crate) struct Hand {
    name: String,
    caret: Option<u32>,
}

impl Hand {
    /// Goes on in the new form's field of the same name. `false`: it has none.
    pub(crate) fn go_on(self) -> bool {
        let Some(input) = input(&format!("main input[name=\"{}\"]", self.name)) else { return false };
        let _ = input.focus();
        let _ = input.set_selection_start(self.caret);
        let _ = input.set_selection_end(self.caret);
        true
    }
}

/// Whether the early form was sent; once told, it is forgotten.
pub(crate) fn was_sent() -> bool {
    let Some(root) = document().document_element() else { return false };
    let sent = root.has_attribute(SENT);
    let _ = root.remove_attribute(SENT);
    sent
}

/// Presses the button of the form in sight.
pub(crate) fn send() {
    if let Some(button) = element("main [type=submit]") {
        button.click();
    }
}

/// Where screens are put.
pub(crate) fn place() -> Option<Tag> {
    Tag::found("main")
}

fn element(what: &str) -> Option<HtmlElement> {
    document().query_selector(what).ok()??.dyn_into().ok()
}

fn input(what: &str) -> Option<HtmlInputElement> {
    document().query_selector(what).ok()??.dyn_into().ok()
}
