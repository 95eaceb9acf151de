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

/// One of Okta's guides for embedded sign-in.
struct Guide {
    /// The client id of its app in the dev org.
    client_id: &'static str,
    shows: &'static str,
    /// What a person does first.
    begins: &'static str,
}

const GUIDES: [Guide; 4] = [
    Guide {
        client_id: "guide-password-phone",
        shows: "password, then a code by SMS or call",
        begins: BEGINS_WITH_PASSWORD,
    },
    Guide {
        client_id: "guide-password-email",
        shows: "password, then a mailed code",
        begins: BEGINS_WITH_PASSWORD,
    },
    Guide {
        client_id: "guide-email-only",
        shows: "a mailed code or link, no password",
        begins: "sign in as   mary@example.com; the code and the link are in the console",
    },
    Guide {
        client_id: "guide-registration",
        shows: "sign up with password and e-mail; the phone may be skipped",
        begins: "sign up      with any name and address; the code is in the console",
    },
];

const BEGINS_WITH_PASSWORD: &str =
    "sign in as   mary@example.com with Correct-Horse-9; the code is in the console";

/// The running servers.
pub(crate) struct Running {
    org: ServerProcess,
    app: ServerProcess,
    public: String,
    client_id: String,
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
    Ok(Running { org, app, public, client_id: client.id })
}

impl Running {
    /// Prints the addresses and an account to sign in with.
    pub(crate) fn announce(&self) {
        println!("{}", greeting(&self.public, self.org.url(), &self.client_id));
    }

    /// Prints their error output. An error means that one has ended.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.org.check()?;
        self.app.check()
    }
}

/// Where the app and the org are, how to sign in, and how to walk another guide.
fn greeting(app: &str, org: &str, client_id: &str) -> String {
    let current = GUIDES.iter().find(|guide| guide.client_id == client_id);
    let begins = current.map_or(BEGINS_WITH_PASSWORD, |guide| guide.begins);
    let guides: Vec<String> = GUIDES
        .iter()
        .map(|guide| {
            let mark = if guide.client_id == client_id { " (this one)" } else { "" };
            format!("    {:<22} {}{mark}", guide.client_id, guide.shows)
        })
        .collect();
    let guides = guides.join("\n");
    format!(
        "\n  app          {app}\n  org console  {org}/dev\n  {begins}\n\n  \
         To walk one of Okta's guides: LATCHKEY_CLIENT_ID=guide-email-only cargo xtask run\n{guides}\n\n  \
         Ctrl-C ends both servers."
    )
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
    fn the_greeting_says_how_to_sign_in_to_the_app_that_runs() {
        let greeting = |client_id| greeting("http://localhost:8080", "http://localhost:8081", client_id);
        let default = greeting(CLIENT_ID);
        for line in [
            "app          http://localhost:8080",
            "org console  http://localhost:8081/dev",
            "with Correct-Horse-9",
        ] {
            assert!(default.contains(line), "{default}");
        }
        assert!(!default.contains("(this one)"), "{default}");
        let mailed = greeting("guide-email-only");
        assert!(mailed.contains("sign in as   mary@example.com; the code and the link"), "{mailed}");
        assert!(mailed.contains("no password (this one)") && !mailed.contains("Correct-Horse-9"), "{mailed}");
        assert!(greeting("guide-registration").contains("sign up      with any name"));
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
