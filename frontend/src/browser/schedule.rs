//! What runs later: work in slices, so that the page stays responsive, and what waits for changed signals to be drawn.

use js_sys::Promise;
use leptos::prelude::queue_microtask;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

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

/// Divides work into tasks, so that the browser handles pending events between them. Each task starts with a message to the page
/// itself, because a timeout waits at least 4 ms.
pub(crate) struct TaskQueue(MessageChannel);

impl TaskQueue {
    /// `None`: the browser refuses a channel.
    pub(crate) fn new() -> Option<Self> {
        MessageChannel::new().ok().map(Self)
    }

    /// Waits for the next task.
    pub(crate) async fn next(&self) {
        let turn = Promise::new(&mut |resolve, _| {
            self.0.port1().set_onmessage(Some(&resolve));
            let _ = self.0.port2().post_message(&JsValue::NULL);
        });
        let _ = JsFuture::from(turn).await;
    }
}

impl Drop for TaskQueue {
    /// An open channel stays in memory as long as the page.
    fn drop(&mut self) {
        self.0.port1().close();
    }
}
