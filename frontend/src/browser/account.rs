//! The elements of the account page: focus, presses, keys and its style sheet.

use super::mount::property;
use js_sys::{Function, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// The element around the parts of the account.
pub(crate) type AccountRoot = web_sys::HtmlDivElement;

/// Focuses the first element of these selectors that there is, and leaves the scroll position.
pub(crate) fn focus(root: &Element, selectors: &[String]) {
    let Some(element) = selectors.iter().find_map(|selector| first(root, selector)) else { return };
    focus_in_place(&element);
    // Typing replaces what was refused.
    if let Some(input) = element.dyn_ref::<HtmlInputElement>().filter(|input| is_invalid(input)) {
        input.select();
    }
}

/// Whether it is read from the right.
pub(crate) fn is_right_to_left(root: &Element) -> bool {
    matches!(root.closest("[dir=rtl]"), Ok(Some(_)))
}

fn focus_in_place(element: &HtmlElement) {
    let options = Object::new();
    let _ = Reflect::set(&options, &"preventScroll".into(), &JsValue::TRUE);
    if let Some(focus) = property(element, "focus").dyn_ref::<Function>() {
        let _ = focus.call1(element, &options);
    }
}

/// What a person has focused, selected and unfolded, by the position of the elements.
pub(crate) struct PageState {
    focused: Option<usize>,
    selection: [Option<u32>; 2],
    unfolded: Vec<bool>,
}

/// What can be focused or unfolded. The page has the same of them in every language.
const STATEFUL: &str = "a, button, details, input, summary, [tabindex]";

impl PageState {
    /// The state of the page below this element.
    pub(crate) fn of(root: &Element) -> Self {
        let elements = all(root, STATEFUL);
        let focused = elements.iter().position(|element| element.matches(":focus").unwrap_or(false));
        let input = focused.and_then(|at| elements.get(at)?.dyn_ref::<HtmlInputElement>());
        let selection = input.map(|input| [input.selection_start(), input.selection_end()]);
        Self {
            focused,
            selection: selection.map(|ends| ends.map(|end| end.ok().flatten())).unwrap_or_default(),
            unfolded: elements.iter().map(|element| property(element, "open").is_truthy()).collect(),
        }
    }

    /// Restores it below the same element, whose content is drawn anew.
    pub(crate) fn restore(self, root: &Element) {
        let elements = all(root, STATEFUL);
        for (element, _) in elements.iter().zip(&self.unfolded).filter(|(_, is_unfolded)| **is_unfolded) {
            let _ = element.set_attribute("open", "");
        }
        let Some(element) = self.focused.and_then(|at| elements.get(at)) else { return };
        focus_in_place(element);
        if let (Some(input), [Some(start), Some(end)]) =
            (element.dyn_ref::<HtmlInputElement>(), self.selection)
        {
            let _ = input.set_selection_range(start, end);
        }
    }
}

/// Presses a button.
pub(crate) fn press(root: &Element, selector: &str) {
    if let Some(button) = first(root, selector) {
        button.click();
    }
}

fn first(root: &Element, selector: &str) -> Option<HtmlElement> {
    all(root, selector).into_iter().next()
}

fn all(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

fn is_invalid(input: &HtmlInputElement) -> bool {
    input.get_attribute("aria-invalid").is_some_and(|value| value == "true")
}

/// Whether an event is of this key.
pub(crate) fn is_key(event: &Event, key: &str) -> bool {
    property(event, "key").as_string().is_some_and(|pressed| pressed == key)
}

/// Whether the browser has passkeys.
pub(crate) fn has_passkeys() -> bool {
    !property(&window(), "PublicKeyCredential").is_undefined()
}

/// The address of the sheet of the account page. `boot.js` knows it.
pub(crate) fn sheet() -> String {
    property(&property(&window(), "latchkey"), "accountSheet").as_string().unwrap_or_default()
}
