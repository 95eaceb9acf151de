//! Known devices: a person who signs in on a device again is not kept out by guesses that come from other devices.

use super::identifier::Identifier;
use latchkey_vault::{Room, Unavailable, Vault};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

/// A device is forgotten after this time without a sign-in.
const DEVICE_LIFETIME: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// With more devices the one used longest ago is forgotten.
const MAX_DEVICES_PER_PERSON: usize = 20;
/// The claims that a person may type as an identifier.
const IDENTIFIER_CLAIMS: [&str; 2] = ["preferred_username", "email"];

/// The known devices of one identifier, the latest last.
#[derive(Default, Serialize, Deserialize)]
struct Devices {
    known: Vec<Known>,
}

/// A known device.
#[derive(Serialize, Deserialize)]
struct Known {
    device: String,
    until: SystemTime,
}

/// Notes that the person with these claims has signed in on this device. A sign-in does not fail when this does.
pub(crate) async fn remember(
    vault: &Vault,
    device: &str,
    claims: &Map<String, Value>,
    login_domain: Option<&str>,
    now: SystemTime,
) {
    if vault.room() != Room::ForAll {
        return;
    }
    let claimed = IDENTIFIER_CLAIMS.iter().filter_map(|name| claims.get(*name)?.as_str());
    let identifiers = claimed.map(|name| Identifier::new(name, login_domain));
    for identifier in identifiers.collect::<BTreeSet<_>>() {
        if let Err(error) = note(vault, device, &identifier, now).await {
            tracing::warn!(%error, "a known device could not be stored");
        }
    }
}

/// Whether the person of this identifier has signed in on this device. No device is known while the store is unavailable.
pub(crate) async fn is_known(vault: &Vault, device: &str, identifier: &Identifier, now: SystemTime) -> bool {
    let devices: Vec<Devices> = vault.load_each(&name(identifier)).await.unwrap_or_default();
    devices.iter().flat_map(|devices| &devices.known).any(|it| it.device == device && now < it.until)
}

async fn note(
    vault: &Vault,
    device: &str,
    identifier: &Identifier,
    now: SystemTime,
) -> Result<(), Unavailable> {
    let note = |devices: &mut Devices| devices.note(device, now);
    vault.amend(&vault.location_of(&name(identifier))?, DEVICE_LIFETIME, note).await
}

impl Devices {
    fn note(&mut self, device: &str, now: SystemTime) {
        self.known.retain(|known| known.device != device && now < known.until);
        let surplus = (self.known.len() + 1).saturating_sub(MAX_DEVICES_PER_PERSON);
        self.known.drain(..surplus);
        self.known.push(Known { device: device.to_owned(), until: now + DEVICE_LIFETIME });
    }
}

fn name(identifier: &Identifier) -> String {
    format!("devices of {}", identifier.as_str())
}

#[cfg(test)]
mod tests {
    use super::{DEVICE_LIFETIME, Devices, MAX_DEVICES_PER_PERSON};
    use std::time::SystemTime;

    fn names(devices: &Devices) -> Vec<&str> {
        devices.known.iter().map(|known| known.device.as_str()).collect()
    }

    #[test]
    fn sec_216_with_too_many_devices_the_one_used_longest_ago_is_forgotten() {
        let (now, mut devices) = (SystemTime::now(), Devices::default());
        for device in 0..MAX_DEVICES_PER_PERSON {
            devices.note(&device.to_string(), now);
        }
        devices.note("0", now);
        devices.note("another", now);
        assert_eq!(devices.known.len(), MAX_DEVICES_PER_PERSON);
        assert!(names(&devices).contains(&"0") && !names(&devices).contains(&"1"));
        devices.note("later", now + DEVICE_LIFETIME);
        assert_eq!(names(&devices), ["later"]);
    }
}
