//! Two instances of the app that share a store, behind nginx.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;

use crate::nginx::{MISSING, Nginx};
use crate::setup::Setup;
use latchkey_harness::Error;
use latchkey_harness::launch;
use latchkey_harness::server::ServerProcess;
use latchkey_harness::store::{LocalStore, SEALING_KEY};
use latchkey_harness::temp::free_port;

/// The application of the default org without a password, whose hashing would dominate the figures.
const CLIENT_ID: &str = "latchkey-email";

/// The running instances and nginx.
pub(crate) struct Pair {
    nginx: Nginx,
    instances: [Option<ServerProcess>; 2],
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
            pair.start_instance(instance)?;
        }
        Ok(pair)
    }

    /// The address of nginx.
    pub(crate) fn url(&self) -> &str {
        self.nginx.url()
    }

    /// Ends an instance with SIGKILL.
    pub(crate) fn kill(&mut self, instance: usize) -> Result<(), Error> {
        match self.instances.get_mut(instance).and_then(Option::take) {
            Some(server) => server.kill(),
            None => Ok(()),
        }
    }

    /// Starts an instance.
    pub(crate) fn start_instance(&mut self, instance: usize) -> Result<(), Error> {
        if let (Some(slot), Some(command)) = (self.instances.get_mut(instance), self.commands.get(instance)) {
            *slot = Some(ServerProcess::start("app", command)?);
        }
        Ok(())
    }
}
