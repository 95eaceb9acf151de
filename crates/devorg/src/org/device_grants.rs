//! Grants to devices without a browser (RFC 8628): a code is shown there and entered here.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, minutes};
use crate::org::grants::UserGrant;
use crate::org::transaction::AuthorizationServer;
use crate::random::Random;

/// How long a device code is valid.
pub(crate) const DEVICE_CODE_LIFETIME: std::time::Duration = minutes(10);
/// The least time between two polls of a device.
pub(crate) const POLL_INTERVAL_SECONDS: u64 = 5;

/// All device grants that are open, by device code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct DeviceGrants(HashMap<String, DeviceGrant>);

/// A device that waits for a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeviceGrant {
    pub(crate) client_id: String,
    pub(crate) server: AuthorizationServer,
    pub(crate) scopes: Vec<String>,
    pub(crate) user_code: String,
    pub(crate) expires_at: Timestamp,
    decision: Decision,
    polled_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Decision {
    Pending,
    Denied,
    Allowed(Box<UserGrant>),
}

/// What a polling device is answered, by the names of RFC 8628.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceError {
    AuthorizationPending,
    SlowDown,
    AccessDenied,
    ExpiredToken,
}

impl DeviceGrants {
    /// Opens a grant. Returns the device code and the user code.
    pub(crate) fn open(
        &mut self,
        client_id: String,
        server: AuthorizationServer,
        scopes: Vec<String>,
        now: Timestamp,
        random: &mut Random,
    ) -> (String, String) {
        self.0.retain(|_, grant| now < grant.expires_at.after(DEVICE_CODE_LIFETIME));
        let (device_code, user_code) = (random.secret(), random.user_code());
        let grant = DeviceGrant {
            client_id,
            server,
            scopes,
            user_code: user_code.clone(),
            expires_at: now.after(DEVICE_CODE_LIFETIME),
            decision: Decision::Pending,
            polled_at: None,
        };
        self.0.insert(device_code.clone(), grant);
        (device_code, user_code)
    }

    /// The device that shows this user code. Hyphens and case do not count.
    pub(crate) fn shown(&self, user_code: &str, now: Timestamp) -> Option<(&str, &DeviceGrant)> {
        let is_shown = |grant: &DeviceGrant| {
            is_same_code(&grant.user_code, user_code)
                && now < grant.expires_at
                && matches!(grant.decision, Decision::Pending)
        };
        self.0.iter().find(|(_, grant)| is_shown(grant)).map(|(code, grant)| (code.as_str(), grant))
    }

    /// The user allowed the device.
    pub(crate) fn allow(&mut self, device_code: &str, grant: UserGrant) {
        if let Some(device) = self.0.get_mut(device_code) {
            device.decision = Decision::Allowed(Box::new(grant));
        }
    }

    /// The user denied it.
    pub(crate) fn deny(&mut self, device_code: &str) {
        if let Some(device) = self.0.get_mut(device_code) {
            device.decision = Decision::Denied;
        }
    }

    /// Whether the user has allowed the device.
    pub(crate) fn is_allowed(&self, device_code: &str) -> bool {
        self.0.get(device_code).is_some_and(|device| matches!(device.decision, Decision::Allowed(_)))
    }

    /// A poll of the device: the grant, once the user has allowed it.
    pub(crate) fn poll(
        &mut self,
        device_code: &str,
        client_id: &str,
        now: Timestamp,
    ) -> Result<UserGrant, DeviceError> {
        let device = self
            .0
            .get_mut(device_code)
            .filter(|device| device.client_id == client_id && now < device.expires_at);
        let device = device.ok_or(DeviceError::ExpiredToken)?;
        let grant = match &device.decision {
            Decision::Denied => Err(DeviceError::AccessDenied),
            Decision::Allowed(grant) => Ok((**grant).clone()),
            Decision::Pending => {
                let last = device.polled_at.replace(now);
                let is_early = last.is_some_and(|last| now.since(last).as_secs() < POLL_INTERVAL_SECONDS);
                return Err(if is_early { DeviceError::SlowDown } else { DeviceError::AuthorizationPending });
            }
        };
        self.0.remove(device_code);
        grant
    }
}

impl DeviceError {
    /// Its code and description.
    pub(crate) fn described(self) -> (&'static str, &'static str) {
        match self {
            Self::AuthorizationPending => {
                ("authorization_pending", "The device authorization is pending. Please try again later.")
            }
            Self::SlowDown => ("slow_down", "The device polls too often."),
            Self::AccessDenied => ("access_denied", "The resource owner denied the request."),
            Self::ExpiredToken => ("expired_token", "The device code is invalid or has expired."),
        }
    }
}

/// Whether two user codes are the same, typed with or without a hyphen and in any case.
pub(crate) fn is_same_code(one: &str, other: &str) -> bool {
    let plain = |code: &str| -> String {
        code.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase()).collect()
    };
    !plain(one).is_empty() && plain(one) == plain(other)
}
