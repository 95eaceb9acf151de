//! The app and the dev org as processes: their settings, and the app's registration at the org.

use std::env;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::error::Error;
use crate::http::{Connection, JSON};
use crate::server::ServerProcess;

/// The application of the default org that the app runs as.
pub const CLIENT_ID: &str = "latchkey";

/// The OAuth client that the app runs as.
pub struct AppClient {
    /// Its id.
    pub id: String,
    /// Its secret; a public client has none.
    pub secret: Option<String>,
}

impl Default for AppClient {
    fn default() -> Self {
        Self { id: CLIENT_ID.to_owned(), secret: Some("latchkey-dev-secret".to_owned()) }
    }
}

impl AppClient {
    /// The client of this id at a dev org. Without it the error lists those that the org has.
    pub fn at_org(org: &str, id: &str) -> Result<Self, Error> {
        let apps = Connection::open(org)?.get("/dev/apps", None)?;
        Self::among(&apps.body, id)
    }

    fn among(apps: &[u8], id: &str) -> Result<Self, Error> {
        let apps: Vec<Value> = serde_json::from_slice(apps).unwrap_or_default();
        let text = |app: &Value, name: &str| app.get(name).and_then(Value::as_str).map(str::to_owned);
        match apps.iter().find(|app| text(app, "client_id").as_deref() == Some(id)) {
            Some(app) => Ok(Self { id: id.to_owned(), secret: text(app, "client_secret") }),
            None => {
                let known: Vec<String> = apps.iter().filter_map(|app| text(app, "client_id")).collect();
                Err(Error::usage(format!("The dev org has no app {id}."))
                    .hint(format!("Set LATCHKEY_CLIENT_ID to one of {}.", known.join(", "))))
            }
        }
    }
}

/// Starts the dev org.
pub fn org(devorg: &Path, bind: SocketAddr) -> Result<ServerProcess, Error> {
    ServerProcess::start("org", Command::new(devorg).env("DEVORG_BIND", bind.to_string()))
}

/// The scopes that the app requests: the default ones, and those of the account page.
const SCOPES: &str = "openid profile email offline_access okta.myAccount.password.manage okta.myAccount.email.manage \
                      okta.myAccount.phone.manage okta.myAccount.webauthn.manage okta.myAccount.authenticators.manage";

/// The command that starts the app for this org. Without `assets` it serves the client that is compiled in.
pub fn app(
    latchkey: &Path,
    bind: SocketAddr,
    assets: Option<&Path>,
    org: &str,
    client: &AppClient,
) -> Command {
    let mut command = Command::new(latchkey);
    command
        .arg("serve")
        .env("LATCHKEY_BIND", bind.to_string())
        .env("LATCHKEY_ISSUER", format!("{org}/oauth2/default"))
        .env("LATCHKEY_CLIENT_ID", &client.id)
        .env("LATCHKEY_CLIENT_SECRET", client.secret.as_deref().unwrap_or_default());
    if let Some(assets) = assets {
        command.env("LATCHKEY_ASSETS", assets);
    }
    // What the account page needs; the dev org grants it to every app.
    if env::var_os("LATCHKEY_SCOPES").is_none() {
        command.env("LATCHKEY_SCOPES", SCOPES);
    }
    // The access log would hide the messages of xtask, unless a level is set.
    if env::var_os("LATCHKEY_LOG").is_none() {
        command.env("LATCHKEY_LOG", "warn");
    }
    command
}

/// Tells the org the app's address, if it is not the one that the org has for this client.
pub fn register(org: &str, client_id: &str, app: &str) -> Result<(), Error> {
    let mut connection = Connection::open(org)?;
    let known = connection.get("/dev/apps", None)?;
    let Some(application) = at_new_address(&known.body, client_id, app) else { return Ok(()) };
    let response = connection.post("/dev/apps", JSON, None, &application.to_string())?;
    if response.status == 201 {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&response.body).into_owned();
    Err(Error::new(format!("The dev org refuses {app} as the app's address: {reason}")))
}

/// The application with its new address, or nothing if the org has this address already.
fn at_new_address(known: &[u8], client_id: &str, app: &str) -> Option<Value> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_runs_as_a_client_that_the_org_has() {
        let apps = json!([
            { "client_id": "latchkey", "client_secret": "s" },
            { "client_id": "guide-email-only", "client_secret": null },
        ]);
        let apps = apps.to_string().into_bytes();
        let secret = |id: &str| AppClient::among(&apps, id).map(|client| client.secret);
        assert_eq!(secret("latchkey").unwrap().as_deref(), Some("s"));
        assert_eq!(secret("guide-email-only").unwrap(), None);
        let error = secret("guide").unwrap_err().to_string();
        assert!(error.contains("no app guide") && error.contains("latchkey, guide-email-only"), "{error}");
    }

    #[test]
    fn an_app_at_another_address_is_registered_with_it() {
        let known = json!([
            { "client_id": "other", "redirect_uris": [] },
            { "client_id": "latchkey", "redirect_uris": ["http://localhost:8080/login/callback"], "label": "Latchkey" },
        ]);
        let known = known.to_string().into_bytes();
        assert_eq!(at_new_address(&known, CLIENT_ID, "http://localhost:8080"), None);
        let moved = at_new_address(&known, CLIENT_ID, "http://localhost:9000").unwrap();
        assert_eq!(moved["redirect_uris"], json!(["http://localhost:9000/login/callback"]));
        assert_eq!(moved["label"], "Latchkey");
    }
}
