//! The composition root: builds the parts of the server from its configuration.

use crate::{
    abuse::rate_limit::RateLimiter,
    api::{first_page::FirstPage, return_to::ReturnAddresses},
    brand::Brand,
    clock::Clock,
    config::{Config, SignInPage, SignOut, StoreAddress},
    http::{Admission, CaptchaFrame, Edge, Origins, assets::Assets, policy_of_pages},
    ops::metrics::Metrics,
    org::{self, OrgClient, OrgStack, flow_pacing::FlowPacer},
    session::flow_queue::FlowQueues,
    session::{CookieKind, Leases, Lifetimes, SessionCookies, SessionLifetime, Sessions, UnstoredGrants},
    upstream::Upstreams,
};
use axum::extract::FromRef;
use latchkey_vault::{
    KeyRing, MasterKey, Memory, Postgres, RandomSource, Redis, Sqlite, Store, Unavailable, Vault,
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::Semaphore;
use url::Url;

/// At most a third of the concurrent calls to the org refresh tokens.
const REFRESH_SHARE: usize = 3;
/// For the connection to an upstream.
const UPSTREAM_CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The parts that handlers use. A clone is the same app.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts.
pub struct Parts {
    /// The org's client.
    pub org: Arc<OrgClient>,
    /// The requests that wait for a flow.
    pub flows: FlowQueues,
    /// How fast the calls of one flow to the org may follow each other.
    pub flow_pacer: Arc<FlowPacer>,
    /// The stored records.
    pub vault: Vault,
    /// The built client program.
    pub assets: Assets,
    /// The sessions: their records, leases and lifetimes.
    pub sessions: Arc<Sessions>,
    /// What every request passes.
    pub edge: Arc<Edge>,
    /// The names and attributes of the cookies, and random bytes for their values.
    pub cookies: SessionCookies,
    /// The operator's brand.
    pub brand: Brand,
    /// The page of the client program.
    pub first_page: FirstPage,
    /// Where people sign in.
    pub sign_in_page: SignInPage,
    /// The org's page that a browser goes on to after it has signed out here.
    pub org_sign_out: Option<Url>,
    /// What is appended to a username without a domain.
    pub username_append: Option<String>,
    /// Where browsers may go after signing in.
    pub return_addresses: ReturnAddresses,
    /// The origins of Duo whose frame may be shown.
    pub duo_origins: Vec<Url>,
    /// The domain that the org adds to a username without one.
    pub login_domain: Option<String>,
    /// The rate limits.
    pub limits: RateLimiter,
    /// Counters for operators.
    pub metrics: Arc<Metrics>,
    /// The APIs that may be called for a signed-in person.
    pub upstreams: Upstreams,
    /// The timeout for the first byte of an upstream's response, and for each pause in it.
    pub upstream_timeout: Duration,
    /// The client of the upstreams; none without upstreams, since it holds all certificates of the system.
    pub upstream_client: Option<reqwest::Client>,
    /// The time.
    pub clock: Clock,
    is_stopping: AtomicBool,
}

/// Why the server cannot start.
#[derive(Debug)]
pub enum StartError {
    /// The org's client cannot be built.
    Org(latchkey_idx::Error),
    /// The store cannot be used.
    Store(Unavailable),
    /// The upstreams' client cannot be built.
    Upstreams,
    /// The logo of the brand cannot be read.
    Logo(std::io::Error),
    /// The operating system gives no random bytes.
    NoRandomness,
}

impl App {
    /// Builds the parts. The org is not contacted: it may be unreachable now.
    pub async fn new(config: Config, public_url: &Url) -> Result<Self, StartError> {
        Self::with_sources(config, public_url, Clock::system(), RandomSource::system()).await
    }

    /// Builds the parts with this clock and this source of random bytes.
    pub async fn with_sources(
        config: Config,
        public_url: &Url,
        clock: Clock,
        random: RandomSource,
    ) -> Result<Self, StartError> {
        let ring = key_ring(&config, &random)?;
        let registration = config.registration(public_url);
        let metrics = Arc::new(Metrics::default());
        let rates = config.rates();
        let brand = Brand::load(config.brand.clone(), |logo| std::fs::read_to_string(logo))
            .map_err(StartError::Logo)?;
        let named = |Unavailable(reason)| StartError::Store(Unavailable(format!("LATCHKEY_STORE: {reason}")));
        let store = open_store(&config.store).map_err(named)?;
        let vault = Vault::new(store, ring, random.clone()).keys_setting("LATCHKEY_KEYS");
        let is_shared = matches!(config.store, StoreAddress::Redis(_) | StoreAddress::Postgres(_));
        let max_per_address = config.max_permits_per_address();
        let OrgStack { org, queue, flow_pacer } =
            org::build(registration, config.org_at_once, rates.flow, metrics.clone(), &clock)
                .map_err(StartError::Org)?;
        let org = Arc::new(org);
        let sessions = sessions(&config, vault.clone(), org.clone(), metrics.clone(), &random, &clock);
        let upstream_client = upstream_client(&config)?;
        let captcha_frame = config.captcha_origin.map(|origin| {
            CaptchaFrame::new(&origin, config.captcha_script, public_url, &config.allowed_origins)
        });
        let frame = captcha_frame.as_ref().map(CaptchaFrame::origin);
        Ok(Self(Arc::new(Parts {
            org,
            flows: FlowQueues::default(),
            flow_pacer,
            limits: RateLimiter::new(rates, is_shared.then(|| vault.clone())),
            vault,
            sessions: Arc::new(sessions),
            assets: config.assets.map_or(Assets::Embedded, Assets::Folder),
            edge: Arc::new(Edge {
                origins: Origins::new(public_url, &config.allowed_origins),
                page_policy: policy_of_pages(frame, &config.fastpass_ports),
                captcha_frame,
                proxies: config.trusted_proxies,
                admission: Admission::new(max_per_address, queue, metrics.clone()),
                metrics: metrics.clone(),
                clock: clock.clone(),
                random: random.clone(),
            }),
            metrics,
            cookies: SessionCookies { kind: CookieKind::of(public_url), random },
            brand,
            first_page: FirstPage::default(),
            sign_in_page: config.sign_in_page,
            org_sign_out: org_sign_out(config.sign_out, &config.issuer, public_url),
            username_append: config.username_append,
            duo_origins: config.duo_origins,
            // A page that may show the sign-in form may also be returned to.
            return_addresses: ReturnAddresses::new(
                public_url,
                [config.return_to, config.allowed_origins].concat(),
            ),
            login_domain: config.login_domain,
            upstreams: config.upstreams,
            upstream_timeout: config.proxy_within,
            upstream_client,
            clock,
            is_stopping: AtomicBool::new(false),
        })))
    }

    /// The server is stopping: it is no longer ready.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server is stopping.
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<App> for Arc<Sessions> {
    fn from_ref(app: &App) -> Self {
        app.sessions.clone()
    }
}

impl FromRef<App> for SessionCookies {
    fn from_ref(app: &App) -> Self {
        app.cookies.clone()
    }
}

impl FromRef<App> for Arc<Edge> {
    fn from_ref(app: &App) -> Self {
        app.edge.clone()
    }
}

/// The sessions: their records, leases and lifetimes.
fn sessions(
    config: &Config,
    vault: Vault,
    org: Arc<OrgClient>,
    metrics: Arc<Metrics>,
    random: &RandomSource,
    clock: &Clock,
) -> Sessions {
    Sessions {
        vault,
        org,
        leases: Leases::new(random.clone(), clock.clone()),
        lifetimes: Lifetimes {
            session: SessionLifetime { idle: config.idle, absolute: config.absolute },
            refresh_before: config.renew_before,
        },
        new_password: config.new_password,
        refresh_permits: Semaphore::new((config.org_at_once.get() / REFRESH_SHARE).max(1)),
        unstored: UnstoredGrants::default(),
        metrics,
        random: random.clone(),
        clock: clock.clone(),
    }
}

/// An HTTP client without redirects, retries and proxies, if there are upstreams.
fn upstream_client(config: &Config) -> Result<Option<reqwest::Client>, StartError> {
    if config.upstreams.0.is_empty() {
        return Ok(None);
    }
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(UPSTREAM_CONNECT_TIMEOUT)
        .read_timeout(config.proxy_within)
        .build();
    client.map(Some).map_err(|_| StartError::Upstreams)
}

fn open_store(address: &StoreAddress) -> Result<Arc<dyn Store>, Unavailable> {
    Ok(match address {
        StoreAddress::Memory => Arc::new(Memory::default()),
        StoreAddress::Sqlite(path) => Arc::new(Sqlite::open(path.as_ref())?),
        StoreAddress::Redis(address) => Arc::new(Redis::new(address.reveal())?),
        StoreAddress::Postgres(address) => Arc::new(Postgres::new(address.reveal())?),
    })
}

/// The org's page that ends its session in the browser, if a sign-out goes on to it. It takes no token.
fn org_sign_out(sign_out: SignOut, issuer: &Url, public_url: &Url) -> Option<Url> {
    let mut page = match sign_out {
        SignOut::Here => return None,
        SignOut::Org => issuer.join("/login/signout").ok()?,
    };
    page.query_pairs_mut().append_pair("fromURI", public_url.as_str());
    Some(page)
}

/// The configured keys; without any, one that lasts as long as the process.
fn key_ring(config: &Config, random: &RandomSource) -> Result<KeyRing, StartError> {
    let (first, others) = match config.keys.split_first() {
        Some((first, others)) => (first.clone(), others.to_vec()),
        None => (MasterKey::random(random).map_err(|_| StartError::NoRandomness)?, Vec::new()),
    };
    Ok(KeyRing::new(first, others, config.issuer.as_str(), &config.client_id))
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Org(error) => write!(f, "The org's client cannot be built: {error}."),
            Self::Store(reason) => write!(f, "The store cannot be used: {reason}."),
            Self::Upstreams => {
                f.write_str("The client of the upstreams cannot be built: no certificates are found.")
            }
            Self::Logo(error) => write!(f, "`logo` of [brand] cannot be read as SVG: {error}."),
            Self::NoRandomness => f.write_str("The operating system gives no random bytes."),
        }
    }
}

impl std::error::Error for StartError {}
