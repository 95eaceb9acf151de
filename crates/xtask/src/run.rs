//! `cargo xtask run`: builds everything, starts both servers, shows their addresses, and runs until Ctrl-C.

use std::env;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::cargo::{self, BuildProfile, Servers};
use crate::client::{self, Finish};
use crate::workspace::Workspace;
use latchkey_harness::Error;
use latchkey_harness::launch::{self, AppClient, CLIENT_ID};
use latchkey_harness::progress;
use latchkey_harness::server::ServerProcess;

/// The addresses to listen at, the public address of the app if it is another, and the client that the app runs as.
pub(crate) struct RunSettings {
    app: SocketAddr,
    org: SocketAddr,
    public: Option<String>,
    client_id: String,
}

/// Okta's guides for embedded sign-in, each with its app in the dev org and what it shows.
const GUIDES: [(&str, &str); 4] = [
    ("guide-password-phone", "password, then a code by SMS or call"),
    ("guide-password-email", "password, then a mailed code"),
    ("guide-email-only", "a mailed code or link, no password"),
    ("guide-registration", "sign up with password and e-mail; the phone may be skipped"),
];

/// The running servers.
pub(crate) struct Running {
    org: ServerProcess,
    app: ServerProcess,
    public: String,
}

/// Builds and runs the app and the dev org.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let settings = RunSettings::read(|name| env::var(name).ok())?;
    settings.check_free()?;
    let client = client::build(workspace, Finish::Plain)?;
    progress::step("servers", "building the app and the dev org");
    let servers = cargo::servers(workspace, BuildProfile::Dev)?;
    let mut running = start(&servers, &settings, &client)?;
    running.announce();
    loop {
        running.check()?;
        thread::sleep(Duration::from_millis(100));
    }
}

/// Starts the org, then the app that uses it.
pub(crate) fn start(servers: &Servers, settings: &RunSettings, assets: &Path) -> Result<Running, Error> {
    let org = launch::org(&servers.devorg, settings.org)?;
    let client = AppClient::at_org(org.url(), &settings.client_id)?;
    let app = launch::app(&servers.latchkey, settings.app, Some(assets), org.url(), &client);
    let app = ServerProcess::start("app", &app)?;
    let public = settings.public.clone().unwrap_or_else(|| app.url().to_owned());
    launch::register(org.url(), &client.id, &public)?;
    Ok(Running { org, app, public })
}

impl Running {
    /// Prints the addresses and an account to sign in with.
    pub(crate) fn announce(&self) {
        println!();
        println!("  app          {}", self.public);
        println!("  org console  {}/dev", self.org.url());
        println!("  sign in as   mary@example.com with Correct-Horse-9; the code is in the console");
        println!();
        println!("  To walk one of Okta's guides, start with LATCHKEY_CLIENT_ID=");
        for (client_id, description) in GUIDES {
            println!("    {client_id:<22} {description}");
        }
        println!();
        println!("  Ctrl-C ends both.");
    }

    /// Prints their error output. An error means that one has ended.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.org.check()?;
        self.app.check()
    }
}

impl RunSettings {
    /// Reads `LATCHKEY_BIND`, `LATCHKEY_PUBLIC_URL`, `LATCHKEY_CLIENT_ID` and `DEVORG_BIND`.
    pub(crate) fn read(env: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let address = |name: &str, default: SocketAddr| match env(name) {
            None => Ok(default),
            Some(value) => value.parse().map_err(|_| {
                Error::usage(format!("{name} is `{value}`, which is not an address and a port."))
                    .hint(format!("Write it like this: {name}={default}"))
            }),
        };
        Ok(Self {
            app: address("LATCHKEY_BIND", SocketAddr::from(([127, 0, 0, 1], 8080)))?,
            org: address("DEVORG_BIND", SocketAddr::from(([127, 0, 0, 1], 8081)))?,
            public: env("LATCHKEY_PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned()),
            client_id: env("LATCHKEY_CLIENT_ID").unwrap_or_else(|| CLIENT_ID.to_owned()),
        })
    }

    /// Checks the ports before the build, which takes minutes.
    pub(crate) fn check_free(&self) -> Result<(), Error> {
        check_free(self.app, "the app", "LATCHKEY_BIND")?;
        check_free(self.org, "the dev org", "DEVORG_BIND")
    }
}

fn check_free(address: SocketAddr, server: &str, variable: &str) -> Result<(), Error> {
    let Err(error) = TcpListener::bind(address) else { return Ok(()) };
    let port = address.port();
    if error.kind() == ErrorKind::AddrInUse {
        let elsewhere =
            SocketAddr::new(address.ip(), if port == 8080 { 8090 } else { port.wrapping_add(10) });
        return Err(Error::new(format!("Port {port} is in use, and {server} is set to listen there.")).hint(
            format!(
                "End the program that uses it (`ss -ltnp 'sport = :{port}'` or `lsof -i :{port}` names it), \
                 or set {variable}={elsewhere}."
            ),
        ));
    }
    Err(Error::new(format!("{server} cannot listen on {address}: {error}."))
        .hint(format!("Set {variable} to an address of this machine.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_for_a_port_in_use_names_the_variable_that_changes_it() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = holder.local_addr().unwrap();
        let message = check_free(address, "the app", "LATCHKEY_BIND").map_err(|error| error.to_string());
        assert!(message.is_err_and(
            |message| message.contains(&address.port().to_string()) && message.contains("LATCHKEY_BIND=")
        ));
    }

    #[test]
    fn the_addresses_come_from_the_environment_or_are_the_defaults() {
        let defaults = RunSettings::read(|_| None).unwrap();
        assert_eq!(
            (defaults.app.to_string(), defaults.org.to_string()),
            ("127.0.0.1:8080".into(), "127.0.0.1:8081".into())
        );
        let moved =
            RunSettings::read(|name| (name == "DEVORG_BIND").then(|| "127.0.0.1:0".to_owned())).unwrap();
        assert_eq!(moved.org.port(), 0);
    }

    #[test]
    fn the_public_address_may_differ_from_the_one_to_listen_at() {
        let public = |url: Option<&str>| {
            let env = |name: &str| url.filter(|_| name == "LATCHKEY_PUBLIC_URL").map(str::to_owned);
            RunSettings::read(env).unwrap().public
        };
        assert_eq!(public(None), None);
        assert_eq!(public(Some("http://localhost:3000/")).as_deref(), Some("http://localhost:3000"));
    }

    #[test]
    fn the_app_runs_as_the_client_that_the_environment_names() {
        let client_id = |id: Option<&str>| {
            let env = |name: &str| id.filter(|_| name == "LATCHKEY_CLIENT_ID").map(str::to_owned);
            RunSettings::read(env).unwrap().client_id
        };
        assert_eq!(client_id(None), "latchkey");
        assert_eq!(client_id(Some("guide-email-only")), "guide-email-only");
    }

    #[test]
    fn the_error_for_a_wrong_address_names_the_variable() {
        let refused = RunSettings::read(|name| (name == "LATCHKEY_BIND").then(|| "8080".to_owned()));
        assert!(refused.is_err_and(|error| error.to_string().contains("LATCHKEY_BIND is `8080`")));
    }
}
