//! Two instances of the app behind nginx, which asks them in turn, and one store for both.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;

use super::Bed;
use super::nginx::{MISSING, Nginx};
use super::place::free_port;
use super::store::{KEY, Store};
use crate::children::Server;
use crate::run;
use crate::trouble::Trouble;

/// The application of the default org that asks for no password: hashing one would be what is measured.
const CLIENT_ID: &str = "latchkey-email";

/// All of it, running.
pub(super) struct Pair {
    nginx: Nginx,
    instances: [Option<Server>; 2],
    commands: [Command; 2],
}

impl Pair {
    pub(super) fn start(bed: &Bed, org: &str, store: &Store) -> Result<Self, Trouble> {
        let addresses =
            [free_port()?, free_port()?].map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let urls = addresses.map(|address| format!("http://{address}"));
        let nginx = Nginx::start(&[&urls[0], &urls[1]])?.ok_or_else(|| Trouble::new(MISSING))?;
        run::introduce(org, CLIENT_ID, nginx.url())?;
        let commands = addresses.map(|address| {
            let mut command = bed.app_command(org);
            command
                .env("LATCHKEY_BIND", address.to_string())
                .env("LATCHKEY_PUBLIC_URL", nginx.url())
                .env("LATCHKEY_CLIENT_ID", CLIENT_ID)
                .env("LATCHKEY_STORE", store.address())
                .env("LATCHKEY_KEYS", KEY)
                .env("LATCHKEY_LOG", "off");
            command
        });
        let mut pair = Self { nginx, instances: [None, None], commands };
        for instance in 0..2 {
            pair.begin(instance)?;
        }
        Ok(pair)
    }

    /// Where people come.
    pub(super) fn url(&self) -> &str {
        self.nginx.url()
    }

    /// Ends one of them in the middle of whatever it does.
    pub(super) fn kill(&mut self, instance: usize) -> Result<(), Trouble> {
        match self.instances.get_mut(instance).and_then(Option::take) {
            Some(server) => server.kill(),
            None => Ok(()),
        }
    }

    /// Starts it again.
    pub(super) fn begin(&mut self, instance: usize) -> Result<(), Trouble> {
        if let (Some(place), Some(command)) = (self.instances.get_mut(instance), self.commands.get(instance))
        {
            *place = Some(Server::start("app", command)?);
        }
        Ok(())
    }
}
