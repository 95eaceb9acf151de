//! Two instances of the app behind nginx, which asks them in turn, and one store for both.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;

use crate::nginx::{MISSING, Nginx};
use crate::setup::Setup;
use latchkey_harness::Error;
use latchkey_harness::launch;
use latchkey_harness::server::Server;
use latchkey_harness::store::{LocalStore, SEALING_KEY};
use latchkey_harness::temp::free_port;

/// The application of the default org that asks for no password: hashing one would be what is measured.
const CLIENT_ID: &str = "latchkey-email";

/// All of it, running.
pub(crate) struct Pair {
    nginx: Nginx,
    instances: [Option<Server>; 2],
    commands: [Command; 2],
}

impl Pair {
    pub(crate) fn start(setup: &Setup, org: &str, store: &LocalStore) -> Result<Self, Error> {
        let addresses =
            [free_port()?, free_port()?].map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let urls = addresses.map(|address| format!("http://{address}"));
        let nginx = Nginx::start(&[&urls[0], &urls[1]])?.ok_or_else(|| Error::new(MISSING))?;
        launch::register(org, CLIENT_ID, nginx.url())?;
        let mut commands = [setup.app_command(org)?, setup.app_command(org)?];
        for (command, address) in commands.iter_mut().zip(addresses) {
            command
                .env("LATCHKEY_BIND", address.to_string())
                .env("LATCHKEY_PUBLIC_URL", nginx.url())
                .env("LATCHKEY_CLIENT_ID", CLIENT_ID)
                .env("LATCHKEY_STORE", store.url())
                .env("LATCHKEY_KEYS", SEALING_KEY)
                .env("LATCHKEY_LOG", "off");
        }
        let mut pair = Self { nginx, instances: [None, None], commands };
        for instance in 0..2 {
            pair.begin(instance)?;
        }
        Ok(pair)
    }

    /// Where people come.
    pub(crate) fn url(&self) -> &str {
        self.nginx.url()
    }

    /// Ends one of them in the middle of whatever it does.
    pub(crate) fn kill(&mut self, instance: usize) -> Result<(), Error> {
        match self.instances.get_mut(instance).and_then(Option::take) {
            Some(server) => server.kill(),
            None => Ok(()),
        }
    }

    /// Starts it again.
    pub(crate) fn begin(&mut self, instance: usize) -> Result<(), Error> {
        if let (Some(place), Some(command)) = (self.instances.get_mut(instance), self.commands.get(instance))
        {
            *place = Some(Server::start("app", command)?);
        }
        Ok(())
    }
}
