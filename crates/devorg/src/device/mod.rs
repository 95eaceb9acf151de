//! Okta Verify on a device: a small server on loopback that answers probes, verifies the org's challenges and signs them.

mod answers;
mod key;
mod routes;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::watch;

use crate::org::authenticator::Authenticator;
use crate::org::user::Factor;
use crate::shared::SharedState;
use crate::shared::devices::RunningDevice;
use crate::sockets::{accept, listen};
use answers::DeviceAnswers;
use key::DeviceKey;

/// A device to start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDevice {
    /// The user who has set up Okta Verify on it; the first user of the org by default.
    login: Option<String>,
    /// The port; any free one by default.
    #[serde(default)]
    port: u16,
    #[serde(default)]
    answers: DeviceAnswers,
}

impl NewDevice {
    /// A device of the first user at this port.
    pub(crate) fn at(port: u16) -> Self {
        Self { login: None, port, answers: DeviceAnswers::default() }
    }
}

/// Starts a device and sets up Okta Verify on it: the org learns its public key. The error says why it does not start.
pub(crate) async fn start(shared: &Arc<SharedState>, new: NewDevice) -> Result<RunningDevice, String> {
    let (user, login) = owner(shared, new.login.as_deref())?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, new.port));
    let listeners = listen(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let port = listeners.first().and_then(|l| l.local_addr().ok()).map_or(0, |address| address.port());
    let key = DeviceKey::generate(&mut shared.random()).ok_or("the device cannot make a key")?;
    enrol(shared, &user, &key);
    let (stop, stopping) = watch::channel(false);
    let routes = routes::router(Arc::downgrade(shared), user, key, new.answers);
    for listener in listeners {
        tokio::spawn(accept(listener, routes.clone(), stopping.clone()));
    }
    let device = RunningDevice { port, login, stop };
    shared.devices.add(device.clone());
    shared.notify_change();
    Ok(device)
}

/// The id and the login of the device's user.
fn owner(shared: &SharedState, login: Option<&str>) -> Result<(String, String), String> {
    let org = shared.org();
    let user = match login {
        Some(login) => org.users.by_login(login).ok_or_else(|| format!("there is no user {login:?}"))?,
        None => org.users.iter().next().ok_or("the org has no users")?,
    };
    Ok((user.id.clone(), user.login.clone()))
}

fn enrol(shared: &SharedState, user: &str, key: &DeviceKey) {
    let (now, mut random) = (shared.now(), shared.random());
    let mut org = shared.org();
    let Some(user) = org.users.get_mut(user) else { return };
    if !user.has(Authenticator::OktaVerify) {
        user.enrol(Factor::okta_verify(&mut random, "Dev computer"), now, &mut random);
    }
    user.device_keys.insert(key.id().to_owned(), key.public());
}
