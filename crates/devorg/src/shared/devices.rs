//! The devices with Okta Verify that run beside the org.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;

/// A running device.
#[derive(Clone, Debug)]
pub(crate) struct RunningDevice {
    pub(crate) port: u16,
    /// The user who has set up Okta Verify on it.
    pub(crate) login: String,
    pub(crate) stop: watch::Sender<bool>,
}

/// All running devices, by port.
#[derive(Debug, Default)]
pub(crate) struct Devices(Mutex<BTreeMap<u16, RunningDevice>>);

impl RunningDevice {
    pub(crate) fn json(&self) -> Value {
        json!({ "port": self.port, "login": self.login })
    }
}

impl Devices {
    pub(crate) fn add(&self, device: RunningDevice) {
        self.lock().insert(device.port, device);
    }

    pub(crate) fn list(&self) -> Vec<Value> {
        self.lock().values().map(RunningDevice::json).collect()
    }

    /// Stops all devices.
    pub(crate) fn stop(&self) {
        for (_, device) in std::mem::take(&mut *self.lock()) {
            let _ = device.stop.send(true);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u16, RunningDevice>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
