//! What runs later: work in slices, so that the page stays responsive, and what waits for changed signals to be drawn.

use js_sys::Promise;
use leptos::prelude::{queue_microtask, window};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;

/// A function of the browser's that calls `act` once. The conversion of a type to such a function is in the first part with all
/// that it calls, so there is one type.
pub(super) fn once(act: Box<dyn FnOnce()>) -> JsValue {
    Closure::once_into_js(act)
}

/// Calls `act` after the current task, when changed signals are drawn.
pub(crate) fn soon(act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    queue_microtask(act);
}

/// Waits for the next task, so that the browser handles pending events before.
pub(crate) async fn next_task() {
    let turn = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = JsFuture::from(turn).await;
}
