//! What the server is told: read once, whole, from the environment and `latchkey.toml`.

mod checks;
mod display;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use checks::is_loopback;
pub use source::{ConfigError, Problem};

use crate::abuse::rate_limit::{Rate, Rates};
use crate::http::{Network, TrustedProxies};
use crate::upstream::Upstreams;
use crate::vault::MasterKey;
use latchkey_idx::{ClientAuthentication, PrivateKey, Secret};
use source::Source;
use std::{
    io,
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};
use url::Url;

/// Everything that can be set.
#[derive(Debug)]
pub struct Config {
    /// Where the server listens.
    pub bind: SocketAddr,
    /// Where people find it; without one, it is `http://localhost` and the port.
    pub public_url: Option<Url>,
    /// The authorization server.
    pub issuer: Url,
    /// The application at the org.
    pub client_id: String,
    /// What proves that we are this application.
    pub authentication: ClientAuthentication,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The folder of the built client; without one, it is the client inside the binary.
    pub assets: Option<PathBuf>,
    /// Where sessions are kept.
    pub store: StoreAddress,
    /// The keys that sessions are sealed with, the one in use first; none for keys that end with the process.
    pub keys: Vec<MasterKey>,
    /// A session ends after so much quiet.
    pub idle: Duration,
    /// A session ends after so long, whatever happens.
    pub absolute: Duration,
    /// An access token that ends sooner than this is renewed before it is used.
    pub renew_before: Duration,
    /// The proxies whose word on a person's address is taken.
    pub trusted_proxies: TrustedProxies,
    /// First-party pages on other origins that may call the API.
    pub allowed_origins: Vec<Url>,
    /// What the org adds to a username that is typed without a domain.
    pub login_domain: Option<String>,
    /// Where operators ask how it goes; nowhere, without one.
    pub admin_bind: Option<SocketAddr>,
    /// So many calls to the org are under way at once, at most.
    pub org_at_once: NonZeroUsize,
    /// An answer of an upstream begins within this time.
    pub proxy_within: Duration,
    /// The limits that are set; without a word, they are on before a true org and off before one on this machine.
    pub limits: LimitSettings,
    /// How much is logged, as `tracing` filters it.
    pub log: String,
    /// What an app may call through us with the person's access token; in the file only.
    pub upstreams: Upstreams,
}

/// The limits as they are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    address: LimitSetting<Rate>,
    session: LimitSetting<Rate>,
    identifier: LimitSetting<Rate>,
    flow: LimitSetting<Rate>,
    connections: LimitSetting<NonZeroUsize>,
}

/// One limit as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LimitSetting<T> {
    Default,
    Off,
    At(T),
}

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAddress {
    /// In the process: one instance, and nothing is left when it ends.
    Memory,
    /// In a file on this machine: one instance, and everything is left when it ends.
    Sqlite(String),
    /// In Redis, for many instances.
    Redis(Secret),
    /// In PostgreSQL, for many instances.
    Postgres(Secret),
}

/// The file that is read where no other is named.
pub const FILE: &str = "latchkey.toml";
/// Names another file.
const CONFIG: &str = "LATCHKEY_CONFIG";
/// Upstreams are tables, which an environment has none of.
const PROXY: &str = "proxy";

/// What is set, under the names that both the environment and the file use.
pub const NAMES: [&str; 31] = [
    "bind",
    "public_url",
    "issuer",
    "client_id",
    "client_secret",
    "client_secret_file",
    "client_key",
    "client_key_file",
    "client_key_id",
    "scopes",
    "assets",
    "store",
    "store_file",
    "keys",
    "keys_file",
    "idle",
    "absolute",
    "renew_before",
    "trusted_proxies",
    "allowed_origins",
    "login_domain",
    "admin_bind",
    "limit_address",
    "limit_session",
    "limit_identifier",
    "limit_flow",
    "limit_connections",
    "org_at_once",
    "proxy_within",
    "log",
    PROXY,
];

/// The file that the environment names, if it names one.
pub fn named_file(env: impl Fn(&str) -> Option<String>) -> Option<String> {
    env(CONFIG).filter(|path| !path.is_empty())
}

/// Those of these variables that look like ours and set nothing. They may be somebody else's, so nothing is refused.
pub fn strangers(variables: impl Iterator<Item = String>) -> Vec<String> {
    let is_ours =
        |name: &str| name == CONFIG || NAMES.iter().any(|key| *key != PROXY && source::variable(key) == name);
    variables.filter(|name| name.starts_with("LATCHKEY_") && !is_ours(name)).collect()
}

/// Reads `LATCHKEY_BIND` and its like from the environment, and `bind` and its like from the text of the file, where
/// the environment has nothing. `open` reads a file that holds a secret. Everything that is wrong is said at once.
#[expect(clippy::too_many_lines, reason = "one entry for each setting")]
pub fn read(
    env: impl Fn(&str) -> Option<String>,
    file: Option<&str>,
    open: impl Fn(&Path) -> io::Result<String>,
) -> Result<Config, ConfigError> {
    let name = named_file(&env).unwrap_or_else(|| FILE.to_owned());
    let error = |problems| ConfigError { file: name, problems };
    let source = match Source::new(&env, &open, file, &NAMES) {
        Ok(source) => source,
        Err(problems) => return Err(error(problems)),
    };
    let mut problems = Vec::new();
    let mut is_store_chosen = false;
    let config = source.collect(&mut problems, |take| {
        // Each is taken before any is missed, so that all that is wrong is found.
        let bind = take.or("bind", "127.0.0.1:8080", "an address and a port, such as 127.0.0.1:8080", parse);
        let public_url = take.optional("public_url", "an http or https address without a path", checks::base);
        let issuer =
            take.required("issuer", "the issuer, such as https://ORG.okta.com/oauth2/default", checks::http);
        let client_id =
            take.required("client_id", "the client id of the application at the org", checks::name);
        let client_secret = take.secret("client_secret", "the application's secret", checks::secret);
        let key_id = take.optional("client_key_id", "the id (kid) of the key at the org", checks::name);
        let kid = key_id.clone().flatten();
        let client_key = take.secret("client_key", "a private key in PKCS#8, as PEM: RSA or P-256", |text| {
            PrivateKey::from_pkcs8(kid.clone().unwrap_or_default(), text).ok()
        });
        let authentication = match (client_secret, client_key, key_id) {
            (Some(secret), Some(key), Some(_)) => checks::authentication(secret, key, kid.as_deref())
                .map_or_else(|problem| take.note(problem), Some),
            _ => None,
        };
        let scopes = take.or(
            "scopes",
            "openid profile email offline_access",
            "scopes with blanks between them, openid among them",
            checks::scopes,
        );
        let assets =
            take.optional("assets", "the folder of the built client", |text| Some(PathBuf::from(text)));
        let store = take.secret(
            "store",
            "memory, sqlite:PATH, redis://HOST or postgres://USER@HOST/NAME",
            checks::store,
        );
        is_store_chosen = store.as_ref().is_none_or(Option::is_some);
        let keys =
            take.secret("keys", "keys of 32 random bytes in base64url, a blank between them", checks::keys);
        let idle = take.or("idle", "30m", "a time such as 30m, of a year at most", checks::duration);
        let absolute = take.or("absolute", "12h", "a time such as 12h, of a year at most", checks::duration);
        let renew_before =
            take.or("renew_before", "30s", "a time such as 30s, of a year at most", checks::duration);
        let proxies = take.or(
            "trusted_proxies",
            "",
            "networks such as 10.0.0.0/8, a blank between them",
            checks::list::<Network>,
        );
        let allowed_origins = take.or(
            "allowed_origins",
            "",
            "https origins such as https://app.example.com, a blank between them",
            checks::origins,
        );
        let login_domain = take.optional("login_domain", "a domain such as example.com", checks::domain);
        let admin_bind = take.optional("admin_bind", "an address and a port, such as 127.0.0.1:9090", parse);
        let pace = "off, or calls and seconds, such as 20/60";
        let limits = [
            take.or("limit_address", "usual", pace, checks::wanted),
            take.or("limit_session", "usual", pace, checks::wanted),
            take.or("limit_identifier", "usual", pace, checks::wanted),
            take.or("limit_flow", "usual", pace, checks::wanted),
        ];
        let connections =
            take.or("limit_connections", "usual", "off, or a number such as 512", checks::wanted);
        let org_at_once = take.or("org_at_once", "30", "a number such as 30", parse);
        let proxy_within =
            take.or("proxy_within", "30s", "a time such as 30s, of a year at most", checks::duration);
        let log = take.or("log", "info", "how much is logged, such as info or debug", checks::filter);
        let upstreams = take.table(PROXY, checks::upstreams);
        Some(Config {
            bind: bind?,
            public_url: public_url?,
            issuer: issuer?,
            client_id: client_id?,
            authentication: authentication?,
            scopes: scopes?,
            assets: assets?,
            store: store?.unwrap_or(StoreAddress::Memory),
            keys: keys?.unwrap_or_default(),
            idle: idle?,
            absolute: absolute?,
            renew_before: renew_before?,
            trusted_proxies: TrustedProxies(proxies?),
            allowed_origins: allowed_origins?,
            login_domain: login_domain?,
            admin_bind: admin_bind?,
            limits: match limits {
                [Some(address), Some(session), Some(identifier), Some(flow)] => {
                    LimitSettings { address, session, identifier, flow, connections: connections? }
                }
                _ => return None,
            },
            org_at_once: org_at_once?,
            proxy_within: proxy_within?,
            log: log?,
            upstreams: upstreams?,
        })
    });
    if let Some(config) = &config {
        checks::together(config, is_store_chosen, &mut problems);
    }
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(error(problems)),
    }
}

impl Config {
    /// How often somebody may call.
    pub fn paces(&self) -> Rates {
        let [address, session, identifier, flow] = DEFAULT_RATES;
        let LimitSettings {
            address: of_address,
            session: of_session,
            identifier: of_name,
            flow: of_flow,
            ..
        } = self.limits;
        Rates {
            address: self.limit(of_address, address),
            session: self.limit(of_session, session),
            identifier: self.limit(of_name, identifier),
            flow: self.limit(of_flow, flow),
        }
    }

    /// How many connections one address may have.
    pub fn connections(&self) -> Option<NonZeroUsize> {
        self.limit(self.limits.connections, DEFAULT_CONNECTIONS)
    }

    /// How many requests of one address are served at once: one for a few of its connections.
    pub fn permits_of_address(&self) -> Option<NonZeroUsize> {
        self.connections()
            .map(|each| NonZeroUsize::MIN.saturating_add((each.get() - 1) / CONNECTIONS_PER_PERMIT))
    }

    /// A limit that is not set is the usual one before a true org, and none before one on this machine.
    fn limit<T: FromStr>(&self, wanted: LimitSetting<T>, usual: &str) -> Option<T> {
        match wanted {
            LimitSetting::Default if self.issuer.scheme() == "https" => usual.parse().ok(),
            LimitSetting::Default | LimitSetting::Off => None,
            LimitSetting::At(limit) => Some(limit),
        }
    }

    /// Where people find the server, once it is known which port it has.
    pub fn public_url(&self, bound: SocketAddr) -> Result<Url, url::ParseError> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => Url::parse(&format!("http://localhost:{}/", bound.port())),
        }
    }
}

/// The usual paces: far above what people do, far below what a guesser needs. The last is below what the org allows.
const DEFAULT_RATES: [&str; 4] = ["600/60", "240/60", "30/60", "8/5"];
/// As many as a whole floor of people behind one address need.
const DEFAULT_CONNECTIONS: &str = "512";
/// Few connections of an address ask for something at the same moment.
const CONNECTIONS_PER_PERMIT: usize = 4;

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
