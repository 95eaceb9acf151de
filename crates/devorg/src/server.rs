//! Starts an org and serves it on loopback.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use crate::data_file::{self, DataFileWriter};
use crate::device::{self, NewDevice};
use crate::org::inbox::SentMessage;
use crate::org::settings::Settings;
use crate::org::settings::default_org;
use crate::org::transaction::AuthorizationServer;
use crate::outbound::logout_notices;
use crate::shared::SharedState;
use crate::shared::journal::JournalEntry;
use crate::sockets::{accept, listen};
use crate::web::router;

/// How an org is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The address to listen on; a free port on loopback by default.
    pub bind: Option<SocketAddr>,
    /// The text of the org file; the default org without it.
    pub org: Option<String>,
    /// The file that keeps the state across restarts; none by default.
    pub data: Option<PathBuf>,
    /// Whether every secret begins with `CNRY`.
    pub canary: bool,
    /// The port of Okta Verify on this machine, set up for the first user; none by default.
    pub fastpass: Option<u16>,
}

/// Why an org does not start.
#[derive(Debug)]
pub enum OrgStartError {
    /// The address is not loopback, so other machines could reach it.
    NotLoopback(SocketAddr),
    /// The address is in use or not available.
    Bind(SocketAddr, io::Error),
    /// The org file has a mistake.
    Org(String),
    /// The data file cannot be read.
    Data(PathBuf, String),
    /// The trace cannot be played.
    Trace(String),
    /// Okta Verify cannot be played on this machine.
    Device(String),
}

/// A running org. It stops when dropped.
pub struct Org {
    shared: Arc<SharedState>,
    port: u16,
    stop: watch::Sender<bool>,
    data: Option<Arc<DataFileWriter>>,
}

impl Org {
    /// Starts an org.
    pub async fn start(options: Options) -> Result<Self, OrgStartError> {
        let bind = options.bind.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        if !bind.ip().is_loopback() {
            return Err(OrgStartError::NotLoopback(bind));
        }
        let settings = match &options.org {
            Some(text) => Settings::read(text),
            None => default_org::settings(),
        }
        .map_err(OrgStartError::Org)?;
        let listeners = listen(bind).await.map_err(|error| OrgStartError::Bind(bind, error))?;
        let port = listeners.first().and_then(|l| l.local_addr().ok()).map_or(0, |address| address.port());
        let shared = Arc::new(SharedState::new(format!("http://localhost:{port}"), settings, options.canary));
        if let Some(path) = &options.data {
            data_file::load(&shared, path).map_err(|why| OrgStartError::Data(path.clone(), why))?;
        }
        let (stop, stopping) = watch::channel(false);
        let app = router(Arc::clone(&shared));
        for listener in listeners {
            tokio::spawn(accept(listener, app.clone(), stopping.clone()));
        }
        tokio::spawn(logout_notices::send_pending(Arc::clone(&shared), stopping.clone()));
        let data = options.data.map(|path| Arc::new(DataFileWriter::new(path)));
        if let Some(writer) = data.clone() {
            tokio::spawn(data_file::save_on_change(Arc::clone(&shared), writer, stopping));
        }
        if let Some(port) = options.fastpass {
            device::start(&shared, NewDevice::at(port)).await.map_err(OrgStartError::Device)?;
        }
        Ok(Self { shared, port, stop, data })
    }

    /// `http://localhost:PORT`.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The issuer to configure clients with.
    pub fn issuer(&self) -> String {
        format!("{}/oauth2/default", self.shared.origin)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The messages sent to an address or number, newest first.
    pub fn inbox(&self, to: &str) -> Vec<SentMessage> {
        self.shared.org().inbox.to(Some(to))
    }

    /// The newest code sent to an address or number.
    pub fn code(&self, to: &str) -> Option<String> {
        self.inbox(to).into_iter().find_map(|sent| sent.code)
    }

    /// Opens a grant for a device without a browser, as `POST /device/authorize` does. Returns its device and user code.
    pub fn open_device(&self, client_id: &str, scopes: &[&str]) -> (String, String) {
        let server = AuthorizationServer::Custom("default".to_owned());
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let (now, mut random, mut org) = (self.shared.now(), self.shared.random(), self.shared.org());
        org.device_grants.open(client_id.to_owned(), server, scopes, now, &mut random)
    }

    /// Whether the user of a device code has allowed it.
    pub fn is_device_allowed(&self, device_code: &str) -> bool {
        self.shared.org().device_grants.is_allowed(device_code)
    }

    /// Adds a user, as `POST /dev/users` does. The error says what is wrong.
    pub fn add_user(&self, user: &Value) -> Result<Value, String> {
        self.shared.add_user(user.to_string().as_bytes())
    }

    /// Adds or changes an app with its policies, as `POST /dev/apps` does.
    pub fn add_app(&self, app: &Value) -> Result<Value, String> {
        self.shared.add_app(app.to_string().as_bytes())
    }

    /// Starts Okta Verify on this machine, as `POST /dev/fastpass` does. Returns its port and user.
    pub async fn start_device(&self, device: &Value) -> Result<Value, String> {
        let new = serde_json::from_value(device.clone()).map_err(|error| error.to_string())?;
        device::start(&self.shared, new).await.map(|device| device.json())
    }

    /// Moves the org's clock forward.
    pub fn advance(&self, by: Duration) {
        self.shared.advance(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Adds a fault, or replaces all of them with a list, as `POST /dev/faults` does.
    pub fn faults(&self, script: &Value) -> Result<(), String> {
        self.shared.faults.script(script.clone())
    }

    /// The calls the org received, newest first.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.shared.journal.calls()
    }

    /// Signs with a new key. With `forget`, the old keys leave the key set.
    pub fn rotate_keys(&self, forget: bool) {
        self.shared.rotate_keys(forget);
    }

    /// Resets the org to its state at the start.
    pub fn reset(&self) {
        self.shared.reset(None);
    }

    /// Stops listening and saves the state.
    pub fn stop(self) -> Result<(), String> {
        let _ = self.stop.send(true);
        self.shared.devices.stop();
        self.data.as_ref().map_or(Ok(()), |writer| writer.finish(&self.shared))
    }
}

impl fmt::Debug for Org {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Org").field("origin", &self.shared.origin).finish_non_exhaustive()
    }
}

impl Drop for Org {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        self.shared.devices.stop();
    }
}

impl fmt::Display for OrgStartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => write!(
                f,
                "the dev org listens on loopback only, and other machines can reach {address}: use 127.0.0.1"
            ),
            Self::Bind(address, error) if error.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "{address} is in use: stop the program that listens there, or choose another port with DEVORG_BIND"
                )
            }
            Self::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Org(why) => write!(f, "the org file has a mistake: {why}"),
            Self::Data(path, why) => write!(f, "cannot read the data file {}: {why}", path.display()),
            Self::Device(why) => write!(f, "Okta Verify cannot be played on this machine: {why}"),
            Self::Trace(why) => write!(f, "the trace cannot be played: {why}"),
        }
    }
}

impl std::error::Error for OrgStartError {}
