//! The frame of a vendor's CAPTCHA: it is asked for a token and answers with one, or with an empty text.

use crate::read_contract::JsonNode;
use leptos::ev;
use leptos::prelude::{WindowListenerHandle, window_event_listener};
use wasm_bindgen::JsValue;
use web_sys::HtmlIFrameElement;

/// Asks for a token.
pub(crate) fn ask(frame: &HtmlIFrameElement) {
    if let Some(window) = frame.content_window() {
        let _ = window.post_message(&"execute".into(), &origin(frame));
    }
}

/// Acts on each answer of the frame. Messages of other windows and origins are ignored.
pub(crate) fn on_answer(
    frame: impl Fn() -> Option<HtmlIFrameElement> + 'static,
    act: impl Fn(String) + 'static,
) -> WindowListenerHandle {
    window_event_listener(ev::message, move |event| {
        let Some(frame) = frame() else { return };
        let is_from_frame = frame.content_window().map(JsValue::from) == event.source().map(JsValue::from)
            && event.origin() == origin(&frame);
        if is_from_frame && let Some(token) = event.data().get("captchaToken").and_then(|token| token.text())
        {
            act(token);
        }
    })
}

/// The origin of the frame's address.
fn origin(frame: &HtmlIFrameElement) -> String {
    frame.src().split('/').take(3).collect::<Vec<_>>().join("/")
}
