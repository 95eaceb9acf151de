//! The configuration as types.

use super::setting::Setting;
use super::settings::{LIMIT_ADDRESS, LIMIT_CONNECTIONS, LIMIT_FLOW, LIMIT_IDENTIFIER, LIMIT_SESSION};
use crate::abuse::{rate::Rate, rate_limit::Rates};
use crate::brand::BrandSettings;
use crate::http::TrustedProxies;
use crate::new_password::NewPasswordEntry;
use crate::upstream::Upstreams;
use latchkey_idx::{ClientAuthentication, Secret};
use latchkey_vault::MasterKey;
use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, str::FromStr, time::Duration};
use url::Url;

/// A few connections of an address share one permit: few of them request something at the same moment.
const CONNECTIONS_PER_PERMIT: usize = 4;

/// All settings, as they are in effect.
#[derive(Debug)]
pub struct Config {
    /// Where the server listens.
    pub bind: SocketAddr,
    /// Where people reach it; `http://localhost` and the port if it is not set.
    pub public_url: Option<Url>,
    /// The authorization server.
    pub issuer: Url,
    /// The client id of the application at the org.
    pub client_id: String,
    /// How the application proves itself to the org.
    pub authentication: ClientAuthentication,
    /// The scopes to request.
    pub scopes: Vec<String>,
    /// The folder of the built client; the client inside the program if it is not set.
    pub assets: Option<PathBuf>,
    /// Where sessions are stored.
    pub store: StoreAddress,
    /// The keys that seal the sessions, the current one first. Without any, one is made at start.
    pub keys: Vec<MasterKey>,
    /// A session ends when it has not been used for this long.
    pub idle: Duration,
    /// A session ends after this long in any case.
    pub absolute: Duration,
    /// An access token that ends sooner than this is renewed before it is used.
    pub renew_before: Duration,
    /// The proxies that are believed when they report the address of a client.
    pub trusted_proxies: TrustedProxies,
    /// First-party pages on other origins that may call the API.
    pub allowed_origins: Vec<Url>,
    /// Where people sign in.
    pub sign_in_page: SignInPage,
    /// What a sign-out ends.
    pub sign_out: SignOut,
    /// How people type a new password.
    pub new_password: NewPasswordEntry,
    /// Origins to which a browser may be sent after signing in.
    pub return_to: Vec<Url>,
    /// What is appended to a username without an `@`.
    pub username_append: Option<String>,
    /// The domain that the org adds to a username without one.
    pub login_domain: Option<String>,
    /// The origin of the frame in which hCaptcha and reCAPTCHA run.
    pub captcha_origin: Option<Url>,
    /// The address of the vendor's script, if not its own.
    pub captcha_script: Option<Url>,
    /// The ports at which pages may ask Okta Verify on the person's own device.
    pub fastpass_ports: Vec<u16>,
    /// The origins of Duo whose frame may be shown.
    pub duo_origins: Vec<Url>,
    /// Where operators reach metrics and health, if anywhere.
    pub admin_bind: Option<SocketAddr>,
    /// The maximum number of calls to the org at once.
    pub org_at_once: NonZeroUsize,
    /// The timeout for an upstream to begin its answer, and between two pieces of it.
    pub proxy_within: Duration,
    /// The limits.
    pub limits: LimitSettings,
    /// How much is logged, as a filter of `tracing`.
    pub log: String,
    /// The operator's brand.
    pub brand: BrandSettings,
    /// The upstreams that an app may call with the person's access token.
    pub upstreams: Upstreams,
}

/// Where people sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInPage {
    /// On this server's page, by the interaction code flow.
    Own,
    /// The same, and on the org's page while the org does not let the app embed the sign-in.
    OwnThenOrg,
    /// On the org's page, by the authorization code flow.
    Org,
}

impl FromStr for SignInPage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "own" => Ok(Self::Own),
            "own-then-org" => Ok(Self::OwnThenOrg),
            "org" => Ok(Self::Org),
            _ => Err(()),
        }
    }
}

/// What a sign-out ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOut {
    /// The session of this server.
    Here,
    /// The session of the org in the same browser as well.
    Org,
}

impl FromStr for SignOut {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "here" => Ok(Self::Here),
            "org" => Ok(Self::Org),
            _ => Err(()),
        }
    }
}

/// The limits as they are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    pub(super) address: LimitSetting<Rate>,
    pub(super) session: LimitSetting<Rate>,
    pub(super) identifier: LimitSetting<Rate>,
    pub(super) flow: LimitSetting<Rate>,
    pub(super) connections: LimitSetting<NonZeroUsize>,
}

/// One limit as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LimitSetting<T> {
    /// It is not set: the usual limit with an issuer that is https, otherwise no limit.
    Unset,
    /// No limit.
    Off,
    /// This limit.
    At(T),
}

/// Where sessions are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAddress {
    /// In the process: for one instance, until it ends.
    Memory,
    /// In a file on this machine: for one instance, also after it has ended.
    Sqlite(String),
    /// In Redis, for many instances.
    Redis(Secret),
    /// In PostgreSQL, for many instances.
    Postgres(Secret),
}

impl Config {
    /// The rate limits.
    pub fn rates(&self) -> Rates {
        Rates {
            address: self.limit(self.limits.address, &LIMIT_ADDRESS),
            session: self.limit(self.limits.session, &LIMIT_SESSION),
            identifier: self.limit(self.limits.identifier, &LIMIT_IDENTIFIER),
            flow: self.limit(self.limits.flow, &LIMIT_FLOW),
        }
    }

    /// The maximum number of connections from one address.
    pub fn max_connections_per_address(&self) -> Option<NonZeroUsize> {
        self.limit(self.limits.connections, &LIMIT_CONNECTIONS)
    }

    /// The maximum number of requests of one address that are served at once.
    pub fn max_permits_per_address(&self) -> Option<NonZeroUsize> {
        let connections = self.max_connections_per_address()?.get();
        Some(NonZeroUsize::MIN.saturating_add((connections - 1) / CONNECTIONS_PER_PERMIT))
    }

    fn limit<T: FromStr>(&self, limit: LimitSetting<T>, setting: &Setting) -> Option<T> {
        match limit {
            LimitSetting::Unset if self.issuer.scheme() == "https" => setting.usual_limit().parse().ok(),
            LimitSetting::Unset | LimitSetting::Off => None,
            LimitSetting::At(limit) => Some(limit),
        }
    }

    /// Where people reach the server that is bound to this address.
    pub fn public_url(&self, bound: SocketAddr) -> Result<Url, url::ParseError> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => Url::parse(&format!("http://localhost:{}/", bound.port())),
        }
    }

    /// The application as it is registered at the org.
    pub fn registration(&self, public_url: &Url) -> latchkey_idx::Config {
        latchkey_idx::Config {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            authentication: self.authentication.clone(),
            device_ports: self.fastpass_ports.clone(),
            redirect_uri: public_url.join("login/callback").unwrap_or_else(|_| public_url.clone()),
            scopes: self.scopes.clone(),
        }
    }
}
