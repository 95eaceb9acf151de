//! An org that listens: on this machine, and nowhere else.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::data_file;
use crate::org::inbox::Sent;
use crate::org::settings::Settings;
use crate::org::settings::default_org;
use crate::outbound::logout_notices;
use crate::shared::SharedState;
use crate::shared::journal::Call;
use crate::web::middleware::faults::Abort;
use crate::web::middleware::rate_limit::Peer;
use crate::web::router;

/// How an org is to be.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where to listen; on a free port of this machine by default.
    pub bind: Option<SocketAddr>,
    /// The org file's text; the default org without one.
    pub org: Option<String>,
    /// Where the state is kept across restarts; nowhere by default.
    pub data: Option<PathBuf>,
    /// Whether every secret begins with `CNRY`.
    pub canary: bool,
}

/// Why an org does not start.
#[derive(Debug)]
pub enum StartError {
    /// It was told to listen where others could reach it.
    NotLoopback(SocketAddr),
    /// The address is taken, or cannot be had.
    Bind(SocketAddr, io::Error),
    /// The org file is not in order.
    Org(String),
    /// What was kept cannot be read.
    Data(PathBuf, String),
}

/// A running org. It ends when this is dropped.
pub struct Org {
    site: Arc<SharedState>,
    port: u16,
    ended: watch::Sender<bool>,
    data: Option<PathBuf>,
}

impl Org {
    /// Starts an org and listens.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let bind = options.bind.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        if !bind.ip().is_loopback() {
            return Err(StartError::NotLoopback(bind));
        }
        let settings = match &options.org {
            Some(text) => Settings::read(text),
            None => default_org::settings(),
        }
        .map_err(StartError::Org)?;
        let listeners = listen(bind).await.map_err(|error| StartError::Bind(bind, error))?;
        let port = listeners.first().and_then(|l| l.local_addr().ok()).map_or(0, |address| address.port());
        let site = Arc::new(SharedState::new(format!("http://localhost:{port}"), settings, options.canary));
        if let Some(path) = &options.data {
            data_file::load(&site, path).map_err(|why| StartError::Data(path.clone(), why))?;
        }
        let (ended, ending) = watch::channel(false);
        let app = router(Arc::clone(&site));
        for listener in listeners {
            tokio::spawn(accept(listener, app.clone(), ending.clone()));
        }
        tokio::spawn(logout_notices::deliver(Arc::clone(&site), ending.clone()));
        if let Some(path) = options.data.clone() {
            tokio::spawn(data_file::keep(Arc::clone(&site), path, ending));
        }
        Ok(Self { site, port, ended, data: options.data })
    }

    /// `http://localhost:PORT`.
    pub fn origin(&self) -> &str {
        &self.site.origin
    }

    /// The issuer clients are to be configured with.
    pub fn issuer(&self) -> String {
        format!("{}/oauth2/default", self.site.origin)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What was sent to an address or number, newest first.
    pub fn inbox(&self, to: &str) -> Vec<Sent> {
        self.site.world().inbox.to(Some(to))
    }

    /// The newest code that was sent to an address or number.
    pub fn code(&self, to: &str) -> Option<String> {
        self.inbox(to).into_iter().find_map(|sent| sent.code)
    }

    /// Adds an account, as `POST /dev/users` does; the error says what is wrong with it.
    pub fn add_user(&self, user: &Value) -> Result<Value, String> {
        self.site.add_user(user.to_string().as_bytes())
    }

    /// Adds an application with its policies, or changes one, as `POST /dev/apps` does.
    pub fn add_app(&self, app: &Value) -> Result<Value, String> {
        self.site.add_app(app.to_string().as_bytes())
    }

    /// Moves the org's clock on.
    pub fn advance(&self, by: Duration) {
        self.site.advance(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Adds a fault, or takes a list of them in place of what was there, as `POST /dev/faults` does.
    pub fn faults(&self, script: &Value) -> Result<(), String> {
        self.site.faults.script(script.clone())
    }

    /// What was called, newest first.
    pub fn journal(&self) -> Vec<Call> {
        self.site.journal.calls()
    }

    /// Signs with a new key from now on; with `forget` the old ones are no longer listed.
    pub fn rotate_keys(&self, forget: bool) {
        self.site.rotate_keys(forget);
    }

    /// Everything as it was at the start.
    pub fn reset(&self) {
        self.site.reset(None);
    }

    /// Listens no more, and writes down what is to be kept.
    pub fn stop(self) -> Result<(), String> {
        let _ = self.ended.send(true);
        self.data.as_ref().map_or(Ok(()), |path| data_file::save(&self.site, path))
    }
}

impl fmt::Debug for Org {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Org").field("origin", &self.site.origin).finish_non_exhaustive()
    }
}

impl Drop for Org {
    fn drop(&mut self) {
        let _ = self.ended.send(true);
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => write!(
                f,
                "the dev org listens on this machine only, and {address} can be reached from others: use 127.0.0.1"
            ),
            Self::Bind(address, error) if error.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "{address} is in use: end what listens there, or choose another port with DEVORG_BIND"
                )
            }
            Self::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Org(why) => write!(f, "the org file is not in order: {why}"),
            Self::Data(path, why) => write!(f, "cannot read what was kept in {}: {why}", path.display()),
        }
    }
}

impl std::error::Error for StartError {}

/// Listens on the address and, since `localhost` may mean either, on the same port of the other family if there is one.
async fn listen(bind: SocketAddr) -> io::Result<Vec<TcpListener>> {
    const TRIES: u32 = 20;
    let other = match bind.ip() {
        IpAddr::V4(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    for _ in 0..TRIES {
        let first = TcpListener::bind(bind).await?;
        match TcpListener::bind((other, first.local_addr()?.port())).await {
            Ok(second) => return Ok(vec![first, second]),
            // Somebody else has this port there; a free port can be drawn again.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && bind.port() == 0 => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(_) => return Ok(vec![first]),
        }
    }
    Ok(vec![TcpListener::bind(bind).await?])
}

async fn accept(listener: TcpListener, app: Router, mut ending: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ending.wait_for(|ended| *ended) => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(converse(stream, peer, app.clone(), ending.clone()));
            }
            // Out of file descriptors, most likely: some will be free in a moment.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One connection, which may be reset in the middle of things.
async fn converse(stream: TcpStream, peer: SocketAddr, app: Router, mut ending: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let Ok(stream) = stream.into_std() else { return };
    let Ok(socket) = stream.try_clone() else { return };
    let Ok(stream) = TcpStream::from_std(stream) else { return };
    let (abort, mut aborted) = watch::channel(false);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let (app, abort) = (app.clone(), abort.clone());
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer.ip()));
            let response: Response = app.oneshot(request).await.unwrap_or_else(|never| match never {});
            if response.extensions().get::<Abort>().is_some() {
                let _ = abort.send(true);
                std::future::pending::<()>().await;
            }
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(30))
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = connection => {}
        _ = ending.wait_for(|ended| *ended) => {}
        _ = aborted.wait_for(|aborted| *aborted) => {
            // With no time to linger the kernel sends a reset instead of a farewell.
            let _ = socket2::SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        }
    }
}
