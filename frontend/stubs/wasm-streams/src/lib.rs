//! Replaces the crate of the same name, whose JavaScript classes would make the download larger. Leptos uses it only for
//! server functions that stream, and this client has none.
//! It has the four functions that leptos calls, each of which returns an empty stream.

use futures_util::stream::{self, Empty, Stream};
use wasm_bindgen::{JsCast, JsValue};

/// A stream that is empty.
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Takes a stream of the browser's and forgets it when asked for its content.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Takes a stream of ours and forgets it.
    pub fn from_stream(stream: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        drop(stream);
        Self(JsValue::UNDEFINED.unchecked_into())
    }

    /// Gives back the browser's stream.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Nothing, at once.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        stream::empty()
    }
}
