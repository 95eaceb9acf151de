//! A transport that records the calls of the Identity Engine.

use latchkey_idx::{Error, Request, Response, Transport};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// The address of the Identity Engine below the org.
const ENGINE: &str = "/idp/idx/";

/// Sends by another transport, and records calls of the Identity Engine. OAuth calls are not recorded: they carry tokens.
#[derive(Debug)]
pub struct Recorder<T> {
    inner: T,
    calls: Recording,
}

/// The calls so far. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Vec<RecordedCall>>>);

/// One call, with everything that was sent and received: it has secrets until it is redacted.
#[derive(Clone)]
pub struct RecordedCall {
    pub(super) path: String,
    pub(super) request: Value,
    pub(super) status: u16,
    pub(super) response: Option<Value>,
}

impl<T> Recorder<T> {
    /// The transport, and where its calls are recorded.
    pub fn new(inner: T) -> (Self, Recording) {
        let calls = Recording::default();
        (Self { inner, calls: calls.clone() }, calls)
    }
}

impl Recording {
    /// The calls so far.
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, call: RecordedCall) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }
}

impl<T: Transport> Transport for Recorder<T> {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        let path = request.uri().path().to_owned();
        let body = serde_json::from_slice(request.body().as_bytes()).unwrap_or_default();
        let response = self.inner.send(request).await?;
        if path.starts_with(ENGINE) {
            self.calls.add(RecordedCall {
                path,
                request: body,
                status: response.status().as_u16(),
                response: serde_json::from_slice(response.body().as_bytes()).ok(),
            });
        }
        Ok(response)
    }
}

impl std::fmt::Debug for RecordedCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordedCall")
            .field("path", &self.path)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
