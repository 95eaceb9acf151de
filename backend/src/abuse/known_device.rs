//! Devices that somebody has signed in on before: whoever guesses at their name from elsewhere does not keep them out.

use crate::{abuse::identifier::Identifier, app::App, http::ClientContext, session::Grant};
use latchkey_vault::{Room, Unavailable};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

/// A device that is not signed in on for so long is like any other.
const DEVICE_LIFETIME: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// So many devices of one person are remembered; the one that was signed in on longest ago is forgotten first.
const MAX_DEVICES_PER_PERSON: usize = 20;
/// What a person may type to say who they are.
const IDENTIFIER_CLAIMS: [&str; 2] = ["preferred_username", "email"];

/// The devices that somebody has signed in on under one name, the latest last.
#[derive(Default, Serialize, Deserialize)]
struct Devices {
    known: Vec<Known>,
}

/// One of them.
#[derive(Serialize, Deserialize)]
struct Known {
    device: String,
    until: SystemTime,
}

/// Notes that this person has signed in on this device. It is worth having, but nobody fails to sign in for it.
pub(crate) async fn remember(app: &App, person: &ClientContext, grant: &Grant, now: SystemTime) {
    let Some(device) = &person.device else { return };
    if app.vault.room() != Room::ForAll {
        return;
    }
    let claimed = IDENTIFIER_CLAIMS.iter().filter_map(|name| grant.claims.get(*name)?.as_str());
    let identifiers = claimed.map(|name| Identifier::new(name, app.login_domain.as_deref()));
    for identifier in identifiers.collect::<BTreeSet<_>>() {
        if let Err(error) = note(app, device, &identifier, now).await {
            tracing::warn!(%error, "it could not be kept that a person has signed in on a device");
        }
    }
}

/// Whether the person of this identifier has signed in on this device. While the store is away nobody has.
pub(crate) async fn is_known(app: &App, device: &str, identifier: &Identifier, now: SystemTime) -> bool {
    let devices: Vec<Devices> = app.vault.load_each(&place(identifier)).await.unwrap_or_default();
    devices.iter().flat_map(|devices| &devices.known).any(|it| it.device == device && now < it.until)
}

async fn note(app: &App, device: &str, identifier: &Identifier, now: SystemTime) -> Result<(), Unavailable> {
    let note = |devices: &mut Devices| devices.note(device, now);
    app.vault.amend(&app.vault.location_of(&place(identifier))?, DEVICE_LIFETIME, note).await
}

impl Devices {
    fn note(&mut self, device: &str, now: SystemTime) {
        self.known.retain(|known| known.device != device && now < known.until);
        let surplus = (self.known.len() + 1).saturating_sub(MAX_DEVICES_PER_PERSON);
        self.known.drain(..surplus);
        self.known.push(Known { device: device.to_owned(), until: now + DEVICE_LIFETIME });
    }
}

fn place(identifier: &Identifier) -> String {
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
    fn sec_216_of_too_many_devices_of_one_person_the_one_used_longest_ago_is_forgotten() {
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
