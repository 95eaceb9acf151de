//! The calls the org received, newest first. Never a body or a query.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JournalEntry {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The status of the response.
    pub status: u16,
    /// The user agent; Okta's extended header if the client sends it.
    #[serde(rename = "userAgent")]
    pub user_agent: String,
    /// The address in `X-Forwarded-For`, if a server calls for a client.
    #[serde(rename = "forwardedFor", skip_serializing_if = "Option::is_none")]
    pub forwarded_for: Option<String>,
    /// The device token, if the client sends one.
    #[serde(rename = "deviceToken", skip_serializing_if = "Option::is_none")]
    pub device_token: Option<String>,
    /// When it arrived, RFC 3339.
    pub at: String,
    /// How long the response took, in microseconds.
    pub micros: u64,
}

/// The newest calls, up to [`MAX_CALLS`].
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<VecDeque<JournalEntry>>);

/// How many calls the journal remembers.
const MAX_CALLS: usize = 1_000;

impl Journal {
    /// The calls, newest first.
    pub(crate) fn calls(&self) -> Vec<JournalEntry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn add(&self, call: JournalEntry) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push_front(call);
        calls.truncate(MAX_CALLS);
    }
}
