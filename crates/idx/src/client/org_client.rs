//! A client of one app at one org: its configuration, its transport and its caches.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use tokio::sync::Mutex;

use super::random::random_bytes;
use crate::call_context::CallContext;
use crate::config::{ClientAuthentication, Config};
use crate::error::Error;
use crate::oauth::discovery::Discovery;
use crate::oauth::keys::KeyCache;
use crate::protocol::response::oauth_response;
use crate::transport::Transport;
use crate::transport::message::{Request, Response, request};

const DISCOVERY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client of one app at one org. Clones share the caches.
pub struct Client<T> {
    pub(super) shared: Arc<Shared<T>>,
}

pub(super) struct Shared<T> {
    pub(super) config: Config,
    transport: T,
    discovery: Mutex<Option<(Instant, Arc<Discovery>)>>,
    pub(super) keys: Mutex<KeyCache>,
}

/// How often a request may be sent again after a connection error. Only requests that change nothing are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retries {
    /// Never: a second request could change something twice.
    None,
    Once,
    Twice,
}

impl<T> Clone for Client<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.shared.config.client_id)
    }
}

impl<T: Transport> Client<T> {
    /// A client with empty caches.
    pub fn new(config: Config, transport: T) -> Self {
        let shared = Shared { config, transport, discovery: Mutex::default(), keys: Mutex::default() };
        Self { shared: Arc::new(shared) }
    }

    /// The app's registration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Fetches the org's discovery document, unless it is cached.
    pub async fn discover(&self) -> Result<(), Error> {
        self.discovery().await.map(|_| ())
    }

    pub(super) async fn discovery(&self) -> Result<Arc<Discovery>, Error> {
        // The lock is held during the request, so that simultaneous callers cause one request.
        let mut cached = self.shared.discovery.lock().await;
        if let Some((read_at, discovery)) = cached.as_ref()
            && read_at.elapsed() < DISCOVERY_LIFETIME
        {
            return Ok(Arc::clone(discovery));
        }
        let config = self.config();
        let request = json_get(&Discovery::address(config), CallContext::default().headers(false))?;
        let response = self.send(Retries::Twice, request).await?;
        let discovery = Discovery::read(config, &oauth_response(&response, SystemTime::now())?)?;
        let discovery = Arc::new(discovery);
        *cached = Some((Instant::now(), Arc::clone(&discovery)));
        Ok(discovery)
    }

    pub(super) async fn send(&self, retries: Retries, request: Request) -> Result<Response, Error> {
        for _ in 0..retries.count() {
            match self.shared.transport.send(request.clone()).await {
                Err(Error::Unreachable(_) | Error::Broken(_)) => {}
                outcome => return outcome,
            }
        }
        self.shared.transport.send(request).await
    }

    /// An OAuth request with these parameters and the client's authentication.
    pub(super) fn oauth_request(
        &self,
        address: &str,
        mut parameters: Vec<(&'static str, String)>,
        context: &CallContext,
    ) -> Result<Request, Error> {
        let config = self.config();
        parameters.insert(0, ("client_id", config.client_id.clone()));
        match &config.authentication {
            ClientAuthentication::None => {}
            ClientAuthentication::Secret(secret) => {
                parameters.push(("client_secret", secret.reveal().to_owned()));
            }
            ClientAuthentication::PrivateKey(key) => {
                let assertion =
                    key.assertion(&config.client_id, address, SystemTime::now(), random_bytes()?)?;
                parameters.push(("client_assertion_type", JWT_BEARER.to_owned()));
                parameters.push(("client_assertion", assertion));
            }
        }
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(parameters).finish();
        let mut headers = context.headers(config.is_confidential());
        headers.insert(CONTENT_TYPE, FORM);
        headers.insert(ACCEPT, JSON);
        request(Method::POST, address, headers, body)
    }
}

impl Retries {
    fn count(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Once => 1,
            Self::Twice => 2,
        }
    }
}

/// A GET request for JSON.
pub(super) fn json_get(address: &str, mut headers: HeaderMap) -> Result<Request, Error> {
    headers.insert(ACCEPT, JSON);
    request(Method::GET, address, headers, "")
}
