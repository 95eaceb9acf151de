//! The calls the org received, newest first. Never a body or a query.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The status it was answered with.
    pub status: u16,
    /// What kind of client it said it was.
    #[serde(rename = "userAgent")]
    pub user_agent: String,
    /// For whom it said it calls, if it is a server.
    #[serde(rename = "forwardedFor", skip_serializing_if = "Option::is_none")]
    pub forwarded_for: Option<String>,
    /// The device it said that is on.
    #[serde(rename = "deviceToken", skip_serializing_if = "Option::is_none")]
    pub device_token: Option<String>,
    /// When it came, RFC 3339.
    pub at: String,
    /// How long the answer took.
    pub micros: u64,
}

/// The calls, newest first, up to a limit.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<VecDeque<Call>>);

const KEPT: usize = 1_000;

impl Journal {
    /// All that are kept, newest first.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn add(&self, call: Call) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push_front(call);
        calls.truncate(KEPT);
    }
}
