//! Scripted faults, by path, for testing how a client copes with a failing org.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// One fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// The path it applies to; a `*` at the end matches any path with that prefix.
    path: String,
    /// How many calls it applies to; all by default.
    times: Option<u32>,
    /// How many calls it skips first.
    #[serde(default)]
    after: u32,
    #[serde(flatten)]
    kind: FaultKind,
}

/// What goes wrong. The names are those of `POST /dev/faults`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// The response is late.
    Delay { ms: u64 },
    /// A response other than the right one.
    Status {
        status: u16,
        #[serde(default)]
        body: serde_json::Value,
        content_type: Option<String>,
    },
    /// 429, with one header or the other.
    RateLimit {
        #[serde(default)]
        style: RateLimitHeader,
        #[serde(default = "default_seconds")]
        seconds: u64,
    },
    /// The right response cut after `bytes`, with a matching length.
    Truncate { bytes: usize },
    /// A body that is not JSON.
    Garbage,
    /// An HTML page instead of JSON.
    Html,
    /// The connection is reset before a response.
    Reset,
    /// The connection closes after `bytes` of the right response.
    Drop { bytes: usize },
}

/// The header in which a 429 says when to retry.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RateLimitHeader {
    #[default]
    XRateLimit,
    RetryAfter,
}

/// The scripted faults.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// The faults that are left.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Adds one fault, or replaces all of them with a list.
    pub(crate) fn script(&self, script: serde_json::Value) -> Result<(), String> {
        let script = script.get("faults").cloned().unwrap_or(script);
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if script.is_array() {
            *faults = serde_json::from_value(script).map_err(|error| error.to_string())?;
        } else {
            faults.push(serde_json::from_value(script).map_err(|error| error.to_string())?);
        }
        Ok(())
    }

    /// The fault for this call, if any. Counts the call.
    pub(crate) fn next_for(&self, path: &str) -> Option<FaultKind> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = faults.iter().position(|fault| fault.matches(path))?;
        let fault = faults.get_mut(at)?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let kind = fault.kind.clone();
        match &mut fault.times {
            Some(0 | 1) => drop(faults.remove(at)),
            Some(times) => *times -= 1,
            None => {}
        }
        Some(kind)
    }
}

impl Fault {
    fn matches(&self, path: &str) -> bool {
        match self.path.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => self.path == path,
        }
    }
}

fn default_seconds() -> u64 {
    10
}
