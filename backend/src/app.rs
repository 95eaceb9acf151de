//! What every request needs, put together once.

use crate::{
    abuse::rate_limit::RateLimiter,
    config::{Config, StoreAddress},
    http::assets::Assets,
    http::{Admission, Origins, TrustedProxies},
    ops::metrics::Metrics,
    org::circuit_breaker::CircuitBreaker,
    org::concurrency::{ConcurrencyLimit, Queue},
    org::flow_pacing::{FlowPacer, PacedTransport},
    org::shared_quota::QuotaObserver,
    session::flow_queue::FlowQueues,
    session::revocations::{self, Unnoted},
    session::{CookieKind, Leases, Lifetimes, SessionLifetime},
    upstream::Upstreams,
};
use latchkey_idx::{Client, HttpTransport};
use latchkey_vault::{
    KeyRing, MasterKey, Memory, Postgres, RandomSource, Redis, Sqlite, Store, Unavailable, Vault,
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};
use tokio::sync::Semaphore;
use url::Url;

/// Of the calls at once, one in so many may renew tokens.
const RENEWALS: usize = 3;
/// How often it is looked whether something is to be thrown away or made up for.
const SWEEP: Duration = Duration::from_secs(30);

/// The org as everybody here calls it: at the pace of each flow, so many at once, heeding what it says, and not while it
/// is away.
pub type Org = Client<PacedTransport<ConcurrencyLimit<QuotaObserver<CircuitBreaker<HttpTransport>>>>>;

/// Everything a handler may ask for. A clone is the same app.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts.
pub struct Parts {
    /// The org.
    pub org: Org,
    /// Those who wait for a place at it.
    pub queue: Arc<Queue>,
    /// The requests that wait for one flow.
    pub flows: FlowQueues,
    /// How fast the calls of one flow to it may follow each other.
    pub flow_pacer: Arc<FlowPacer>,
    /// What is kept.
    pub vault: Vault,
    /// Where random bytes come from.
    pub random: RandomSource,
    /// Tokens that are to be revoked and that the store could not note.
    pub(crate) unnoted: Unnoted,
    /// The built client.
    pub assets: Assets,
    /// The turns that this process has.
    pub leases: Leases,
    /// Which pages may call.
    pub origins: Origins,
    /// What our cookies are called.
    pub cookies: CookieKind,
    /// Whose word on a person's address is taken.
    pub proxies: TrustedProxies,
    /// What the org adds to a username that is typed without a domain.
    pub login_domain: Option<String>,
    /// How long things may last.
    pub lifetimes: Lifetimes,
    /// Places for those who renew tokens: fewer than there are for all calls, so that others sign in meanwhile.
    pub renewals: Semaphore,
    /// Which requests are served now.
    pub admission: Admission,
    /// How often somebody may call.
    pub limits: RateLimiter,
    /// What has happened so far.
    pub metrics: Arc<Metrics>,
    /// What may be called on behalf of a person.
    pub upstreams: Upstreams,
    /// Until an answer of it begins, and between two pieces of one: it may take longer as long as it goes on.
    pub proxy_within: Duration,
    /// What calls it; nothing, where nothing may be called: it holds the certificates of the whole world.
    pub caller: Option<reqwest::Client>,
    leaving: AtomicBool,
}

/// Why the server cannot begin.
#[derive(Debug)]
pub enum StartError {
    /// The client of the org cannot be made.
    Org(latchkey_idx::Error),
    /// The store cannot be used.
    Store(Unavailable),
    /// The client of the upstreams cannot be made.
    NoCaller,
    /// The operating system gives no random bytes.
    NoRandomness,
}

impl App {
    /// Puts everything together. The org is not contacted: it may be away just now.
    pub async fn new(config: Config, public_url: &Url) -> Result<Self, StartError> {
        let random = RandomSource::system();
        let ring = ring(&config, &random)?;
        let registration = config.registration(public_url);
        let metrics = Arc::new(Metrics::default());
        let (rates, queue) = (config.rates(), Arc::<Queue>::default());
        let http = CircuitBreaker::new(HttpTransport::new().map_err(StartError::Org)?);
        // Whoever has got a place is told at once what the org has asked for meanwhile, and that it is away.
        let http = ConcurrencyLimit::new(
            QuotaObserver::new(http, metrics.clone()),
            config.org_at_once,
            queue.clone(),
        );
        let flow_pacer = Arc::new(FlowPacer::new(rates.flow));
        let named = |Unavailable(reason)| StartError::Store(Unavailable(format!("LATCHKEY_STORE: {reason}")));
        let store = open(&config.store).map_err(named)?;
        let vault = Vault::new(store, ring, random.clone()).keys_setting("LATCHKEY_KEYS");
        let shared = matches!(config.store, StoreAddress::Redis(_) | StoreAddress::Postgres(_));
        let admission = Admission::new(config.max_permits_per_address(), metrics.clone());
        let limits = RateLimiter::new(rates, shared.then(|| vault.clone()));
        let caller = if config.upstreams.0.is_empty() { None } else { Some(caller(config.proxy_within)) };
        Ok(Self(Arc::new(Parts {
            org: Client::new(registration, PacedTransport::new(http, flow_pacer.clone())),
            queue,
            flows: FlowQueues::default(),
            flow_pacer,
            vault,
            unnoted: Unnoted::default(),
            leases: Leases::new(random.clone()),
            random,
            renewals: Semaphore::new((config.org_at_once.get() / RENEWALS).max(1)),
            admission,
            limits,
            metrics,
            assets: config.assets.map_or(Assets::Embedded, Assets::Folder),
            origins: Origins::new(public_url, &config.allowed_origins),
            cookies: CookieKind::of(public_url),
            proxies: config.trusted_proxies,
            login_domain: config.login_domain,
            lifetimes: Lifetimes {
                within: SessionLifetime { idle: config.idle, absolute: config.absolute },
                renew_before: config.renew_before,
            },
            upstreams: config.upstreams,
            proxy_within: config.proxy_within,
            caller: caller.transpose().map_err(|_| StartError::NoCaller)?,
            leaving: AtomicBool::new(false),
        })))
    }

    /// The process has been told to end: nobody should be sent here any more.
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether it has.
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    /// Does what is to be done now and then, for as long as the process runs.
    pub async fn sweep_for_ever(self) {
        let mut interval = tokio::time::interval(SWEEP);
        loop {
            interval.tick().await;
            self.sweep(SystemTime::now()).await;
        }
    }

    /// Throws away what nobody needs any more, and has the org take back what it could not when it was asked.
    pub async fn sweep(&self, now: SystemTime) {
        self.limits.sweep(now);
        self.flow_pacer.sweep(tokio::time::Instant::now());
        match self.vault.sweep().await {
            Ok(0) => {}
            Ok(swept) => tracing::debug!(swept, "threw away what has outlived its life"),
            Err(error) => tracing::warn!(%error, "could not sweep the store"),
        }
        if let Err(error) = revocations::revoke_due(self, now).await {
            tracing::warn!(%error, "could not look for tokens that are still to be revoked");
        }
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// A client that goes where it is told, once, and nowhere else.
fn caller(within: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(Duration::from_secs(2))
        .read_timeout(within)
        .build()
}

fn open(address: &StoreAddress) -> Result<Arc<dyn Store>, Unavailable> {
    Ok(match address {
        StoreAddress::Memory => Arc::new(Memory::default()),
        StoreAddress::Sqlite(path) => Arc::new(Sqlite::open(path.as_ref())?),
        StoreAddress::Redis(address) => Arc::new(Redis::new(address.reveal())?),
        StoreAddress::Postgres(address) => Arc::new(Postgres::new(address.reveal())?),
    })
}

/// The keys that are configured; without any, one that ends with the process.
fn ring(config: &Config, random: &RandomSource) -> Result<KeyRing, StartError> {
    let (first, others) = match config.keys.split_first() {
        Some((first, others)) => (first.clone(), others.to_vec()),
        None => (MasterKey::random(random).map_err(|_| StartError::NoRandomness)?, Vec::new()),
    };
    Ok(KeyRing::new(first, others, config.issuer.as_str(), &config.client_id))
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Org(error) => write!(f, "The org's client cannot be made: {error}."),
            Self::Store(reason) => write!(f, "The store cannot be used: {reason}."),
            Self::NoCaller => {
                f.write_str("The client of the upstreams cannot be made: no certificates are found.")
            }
            Self::NoRandomness => f.write_str("The operating system gives no random bytes."),
        }
    }
}

impl std::error::Error for StartError {}
