//! Devices that somebody has signed in on before: whoever guesses at their name from elsewhere does not keep them out.

use crate::{
    app::App,
    guard::Person,
    session::Grant,
    vault::{Opened, Place, Unavailable, Write},
};
use serde_json::Value;
use std::{collections::BTreeSet, time::Duration};

/// A device that is not signed in on for so long is like any other.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// What a person may type to say who they are.
const NAMES: [&str; 2] = ["preferred_username", "email"];

/// Notes that this person has signed in on this device. It is worth having, but nobody fails to sign in for it.
pub(crate) async fn remember(app: &App, person: &Person, grant: &Grant) {
    let Some(device) = &person.device else { return };
    let said = NAMES.iter().filter_map(|name| grant.claims.get(*name)?.as_str());
    for name in said.collect::<BTreeSet<_>>() {
        if let Err(error) = note(app, device, name).await {
            tracing::warn!(%error, "it could not be kept that a person has signed in on a device");
        }
    }
}

/// Whether somebody who goes by this name has signed in on this device. While the store is away nobody has.
pub(crate) async fn is_known(app: &App, person: &Person, name: &str) -> bool {
    let Some(device) = &person.device else { return false };
    let Ok(place) = place(app, device, name) else { return false };
    matches!(app.vault.load::<Value>(&place).await, Ok(Opened::Live(_)))
}

/// What they are counted by then.
pub(crate) fn counted_as(person: &Person, name: &str) -> String {
    format!("{name} on {}", person.device.as_deref().unwrap_or_default())
}

async fn note(app: &App, device: &str, name: &str) -> Result<(), Unavailable> {
    let place = place(app, device, name)?;
    match app.vault.create(&place, &Value::Null, REMEMBERED).await? {
        Write::Done => Ok(()),
        Write::Refused => app.vault.touch(&place, REMEMBERED).await,
    }
}

fn place(app: &App, device: &str, name: &str) -> Result<Place, Unavailable> {
    app.vault.place_of(&format!("device {device} of {}", name.trim().to_lowercase()))
}
