//! `cargo xtask run`: build, start both servers, say where they are, and look after them until Ctrl-C.

use std::env;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cargo::{self, Profile, Servers};
use crate::children::Server;
use crate::client::{self, Finish};
use crate::http::{Connection, JSON};
use crate::say;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// The application of the default org that we run as.
pub(crate) const CLIENT_ID: &str = "latchkey";

/// Where the two servers shall listen, and where people find the app if that is elsewhere.
pub(crate) struct Addresses {
    app: SocketAddr,
    org: SocketAddr,
    public: Option<String>,
}

/// The two servers, running.
pub(crate) struct Running {
    org: Server,
    app: Server,
    public: String,
}

/// Everything from source to a running app.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Trouble> {
    let addresses = Addresses::read(|name| env::var(name).ok())?;
    addresses.must_be_free()?;
    let client = client::build(workspace, Finish::Plain)?;
    say::step("servers", "building the app and the dev org");
    let servers = cargo::servers(workspace, Profile::Dev)?;
    let mut running = start(&servers, &addresses, &client)?;
    running.announce();
    loop {
        running.look_after()?;
        thread::sleep(Duration::from_millis(100));
    }
}

/// Starts the org, then the app that trusts it.
pub(crate) fn start(servers: &Servers, addresses: &Addresses, client: &Path) -> Result<Running, Trouble> {
    let org = start_org(servers, addresses)?;
    let app = Server::start("app", &app(servers, addresses, Some(client), org.url()))?;
    let public = addresses.public.clone().unwrap_or_else(|| app.url().to_owned());
    introduce(org.url(), CLIENT_ID, &public)?;
    Ok(Running { org, app, public })
}

/// Starts the dev org alone.
pub(crate) fn start_org(servers: &Servers, addresses: &Addresses) -> Result<Server, Trouble> {
    Server::start("org", Command::new(&servers.devorg).env("DEVORG_BIND", addresses.org.to_string()))
}

/// The app against an org, with its settings.
pub(crate) fn app(servers: &Servers, addresses: &Addresses, client: Option<&Path>, org: &str) -> Command {
    let mut command = Command::new(&servers.latchkey);
    command
        .arg("serve")
        .env("LATCHKEY_BIND", addresses.app.to_string())
        .env("LATCHKEY_ISSUER", format!("{org}/oauth2/default"))
        .env("LATCHKEY_CLIENT_ID", CLIENT_ID)
        .env("LATCHKEY_CLIENT_SECRET", "latchkey-dev-secret");
    if let Some(client) = client {
        command.env("LATCHKEY_ASSETS", client);
    }
    // What people ask of it is of no interest here, unless someone says so.
    if env::var_os("LATCHKEY_LOG").is_none() {
        command.env("LATCHKEY_LOG", "warn");
    }
    command
}

/// Tells the org where the app lives that is this client, if it is not where the org expects it.
pub(crate) fn introduce(org: &str, client_id: &str, app: &str) -> Result<(), Trouble> {
    let mut connection = Connection::open(org)?;
    let known = connection.get("/dev/apps", None)?;
    let Some(application) = moved(&known.body, client_id, app) else { return Ok(()) };
    let answer = connection.post("/dev/apps", JSON, None, &application.to_string())?;
    if answer.status == 201 {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&answer.body).into_owned();
    Err(Trouble::new(format!("The dev org does not take {app} as the app's address: {why}")))
}

/// The application as the org knows it, at the address it has now; nothing, if the org knows it there.
fn moved(known: &[u8], client_id: &str, app: &str) -> Option<Value> {
    let known: Value = serde_json::from_slice(known).ok()?;
    let mut applications = known.as_array()?.iter();
    let mut application =
        applications.find(|it| it.get("client_id").and_then(Value::as_str) == Some(client_id))?.clone();
    let callback = format!("{app}/login/callback");
    let uris = application.get("redirect_uris").and_then(Value::as_array);
    if uris.is_some_and(|uris| uris.iter().any(|uri| *uri == callback)) {
        return None;
    }
    let members = application.as_object_mut()?;
    members.insert("redirect_uris".to_owned(), json!([callback]));
    members.insert("post_logout_redirect_uris".to_owned(), json!([app]));
    members.insert("trusted_origins".to_owned(), json!([app]));
    Some(application)
}

impl Running {
    /// The three lines that a person waits for.
    pub(crate) fn announce(&self) {
        println!();
        println!("  app          {}", self.public);
        println!("  org console  {}/dev", self.org.url());
        println!("  sign in as   mary@example.com with Correct-Horse-9; the code is in the console");
        println!();
        println!("  Ctrl-C ends both.");
    }

    /// Passes on what they say, and returns an error when one has ended.
    pub(crate) fn look_after(&mut self) -> Result<(), Trouble> {
        self.org.look_after()?;
        self.app.look_after()
    }
}

impl Addresses {
    /// Reads `LATCHKEY_BIND`, `LATCHKEY_PUBLIC_URL` and `DEVORG_BIND`.
    pub(crate) fn read(env: impl Fn(&str) -> Option<String>) -> Result<Self, Trouble> {
        let address = |name: &str, default: SocketAddr| match env(name) {
            None => Ok(default),
            Some(value) => value.parse().map_err(|_| {
                Trouble::misused(format!("{name} is `{value}`, which is not an address and a port."))
                    .way_out(format!("Write it like this: {name}={default}"))
            }),
        };
        Ok(Self {
            app: address("LATCHKEY_BIND", SocketAddr::from(([127, 0, 0, 1], 8080)))?,
            org: address("DEVORG_BIND", SocketAddr::from(([127, 0, 0, 1], 8081)))?,
            public: env("LATCHKEY_PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned()),
        })
    }

    /// Two free ports, for those who are not looked for.
    pub(crate) fn free() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { app: any, org: any, public: None }
    }

    /// Tells now what would otherwise be told after minutes of building.
    pub(crate) fn must_be_free(&self) -> Result<(), Trouble> {
        free(self.app, "the app", "LATCHKEY_BIND")?;
        free(self.org, "the dev org", "DEVORG_BIND")
    }
}

fn free(address: SocketAddr, who: &str, variable: &str) -> Result<(), Trouble> {
    let Err(error) = TcpListener::bind(address) else { return Ok(()) };
    let port = address.port();
    if error.kind() == ErrorKind::AddrInUse {
        let elsewhere =
            SocketAddr::new(address.ip(), if port == 8080 { 8090 } else { port.wrapping_add(10) });
        return Err(Trouble::new(format!("Port {port} is in use already, and {who} wants to listen there."))
            .way_out(format!(
                "End the program that holds it (`ss -ltnp 'sport = :{port}'` or `lsof -i :{port}` names it), \
                 or set {variable}={elsewhere}."
            )));
    }
    Err(Trouble::new(format!("{who} cannot listen on {address}: {error}."))
        .way_out(format!("Set {variable} to an address of this machine.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_told_with_the_variable_that_changes_it() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = holder.local_addr().unwrap();
        let told = free(address, "the app", "LATCHKEY_BIND").map_err(|trouble| trouble.to_string());
        assert!(
            told.is_err_and(
                |told| told.contains(&address.port().to_string()) && told.contains("LATCHKEY_BIND=")
            )
        );
    }

    #[test]
    fn the_addresses_come_from_the_environment_or_are_the_usual_ones() {
        let usual = Addresses::read(|_| None).unwrap();
        assert_eq!(
            (usual.app.to_string(), usual.org.to_string()),
            ("127.0.0.1:8080".into(), "127.0.0.1:8081".into())
        );
        let moved =
            Addresses::read(|name| (name == "DEVORG_BIND").then(|| "127.0.0.1:0".to_owned())).unwrap();
        assert_eq!(moved.org.port(), 0);
    }

    #[test]
    fn the_app_may_be_found_elsewhere_than_where_it_listens() {
        let public = |url: Option<&str>| {
            let env = |name: &str| url.filter(|_| name == "LATCHKEY_PUBLIC_URL").map(str::to_owned);
            Addresses::read(env).unwrap().public
        };
        assert_eq!(public(None), None);
        assert_eq!(public(Some("http://localhost:3000/")).as_deref(), Some("http://localhost:3000"));
    }

    #[test]
    fn the_app_is_introduced_where_the_org_does_not_expect_it() {
        let known = json!([
            { "client_id": "other", "redirect_uris": [] },
            { "client_id": "latchkey", "redirect_uris": ["http://localhost:8080/login/callback"], "label": "Latchkey" },
        ]);
        let known = known.to_string().into_bytes();
        assert_eq!(moved(&known, CLIENT_ID, "http://localhost:8080"), None);
        let moved = moved(&known, CLIENT_ID, "http://localhost:9000").unwrap();
        assert_eq!(moved["redirect_uris"], json!(["http://localhost:9000/login/callback"]));
        assert_eq!(moved["label"], "Latchkey");
    }

    #[test]
    fn a_variable_that_is_no_address_is_named() {
        let refused = Addresses::read(|name| (name == "LATCHKEY_BIND").then(|| "8080".to_owned()));
        assert!(refused.is_err_and(|trouble| trouble.to_string().contains("LATCHKEY_BIND is `8080`")));
    }
}
