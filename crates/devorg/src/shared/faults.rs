//! Scripted faults, by path, for testing how a client copes with a failing org.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// One fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// The path it is for; a `*` at the end takes everything that begins so.
    path: String,
    /// How many calls it hits; all of them by default.
    times: Option<u32>,
    /// How many calls it lets pass first.
    #[serde(default)]
    after: u32,
    #[serde(flatten)]
    what: What,
}

/// What goes wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum What {
    /// The answer is late.
    Delay { ms: u64 },
    /// Another answer than the right one.
    Status {
        status: u16,
        #[serde(default)]
        body: serde_json::Value,
        content_type: Option<String>,
    },
    /// 429, with the reset told in one header or the other.
    RateLimit {
        #[serde(default)]
        style: Style,
        #[serde(default = "ten")]
        seconds: u64,
    },
    /// The right answer up to a byte, told as if it were whole.
    Truncate { bytes: usize },
    /// Bytes that are not JSON.
    Garbage,
    /// A page instead of JSON.
    Html,
    /// The connection is reset before anything is said.
    Reset,
    /// The connection is closed in the middle of the right answer.
    Drop { bytes: usize },
}

/// How a 429 says when to come back.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Style {
    #[default]
    XRateLimit,
    RetryAfter,
}

/// The script.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// The script as it stands.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Adds one fault, or takes a whole list in place of what was there.
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

    /// The fault that hits a call now.
    pub(crate) fn hitting(&self, path: &str) -> Option<What> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = faults.iter().position(|fault| fault.is_for(path))?;
        let fault = faults.get_mut(at)?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let what = fault.what.clone();
        match &mut fault.times {
            Some(0 | 1) => drop(faults.remove(at)),
            Some(times) => *times -= 1,
            None => {}
        }
        Some(what)
    }
}

impl Fault {
    fn is_for(&self, path: &str) -> bool {
        match self.path.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => self.path == path,
        }
    }
}

fn ten() -> u64 {
    10
}
