//! The element `<latchkey-account>`, as its script `latchkey-account.js` passes it to the program.

use super::mount::{listen, property};
use crate::read_contract;
use crate::text::Language;
use js_sys::{Function, Object, Reflect};
use latchkey_contract::StepUp;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

/// What the script knows of the element, and what it does for it; and the container of the account.
#[derive(Clone)]
pub(crate) struct AccountHost(SendWrapper<(JsValue, HtmlElement)>);

impl AccountHost {
    pub(crate) fn new(host: JsValue, container: HtmlElement) -> Self {
        Self(SendWrapper::new((host, container)))
    }

    /// Calls `act` whenever the script has changed the language.
    pub(crate) fn on_language_change(&self, act: impl Fn() + 'static) {
        listen(&self.0.1, "languagechange", Box::new(act));
    }

    /// A text that the script passes; empty without one.
    pub(crate) fn text(&self, name: &str) -> String {
        property(&self.0.0, name).as_string().unwrap_or_default()
    }

    /// The language of the element, with the texts of the program.
    pub(crate) fn language(&self) -> Language {
        let words = read_contract::words(&property(&self.0.0, "texts"));
        Language { tag: self.text("language"), words }
    }

    /// Calls a function of the script.
    pub(crate) fn call(&self, function: &str) {
        self.call_with(function, &JsValue::UNDEFINED);
    }

    /// Asks for a sign-in that is newer or stronger.
    pub(crate) fn step_up(&self, needed: &StepUp) {
        let detail = Object::new();
        if let Some(acr_values) = &needed.acr_values {
            let _ = Reflect::set(&detail, &"acrValues".into(), &acr_values.into());
        }
        if let Some(max_age) = needed.max_age {
            let _ = Reflect::set(&detail, &"maxAge".into(), &(max_age as f64).into());
        }
        self.call_with("stepUp", &detail);
    }

    fn call_with(&self, function: &str, detail: &JsValue) {
        if let Some(function) = property(&self.0.0, function).dyn_ref::<Function>() {
            let _ = function.call1(&self.0.0, detail);
        }
    }
}
