//! What the server is told: read once, whole, from the environment and `latchkey.toml`.

mod check;
mod show;
mod source;

pub use source::{ConfigError, Problem};

use crate::guard::{Network, TrustedProxies};
use crate::limits::{Pace, Paces};
use crate::proxy::Upstreams;
use crate::vault::MasterKey;
use latchkey_idx::Secret;
use source::Source;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
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
    /// What proves that we are this application; without it, it is a public one.
    pub client_secret: Option<Secret>,
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
    /// Where operators ask how it goes; nowhere, without one.
    pub admin_bind: Option<SocketAddr>,
    /// The limits that are set; without a word, they are on before a true org and off before one on this machine.
    pub limits: Limited,
    /// What an app may call through us with the person's access token; in the file only.
    pub upstreams: Upstreams,
}

/// The limits as they are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    address: Wanted,
    session: Wanted,
    identifier: Wanted,
}

/// One limit as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Usual,
    Off,
    At(Pace),
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

/// What is set, under the names that both the environment and the file use.
pub const NAMES: [&str; 19] = [
    "bind",
    "public_url",
    "issuer",
    "client_id",
    "client_secret",
    "scopes",
    "assets",
    "store",
    "keys",
    "idle",
    "absolute",
    "renew_before",
    "trusted_proxies",
    "allowed_origins",
    "admin_bind",
    "limit_address",
    "limit_session",
    "limit_identifier",
    "proxy",
];

/// Reads `LATCHKEY_BIND` and its like from the environment, and `bind` and its like from the text of the file, where
/// the environment has nothing. Everything that is wrong is said at once.
pub fn read(env: impl Fn(&str) -> Option<String>, file: Option<&str>) -> Result<Config, ConfigError> {
    let source = Source::new(&env, file, &NAMES)?;
    let mut problems = Vec::new();
    let mut is_store_chosen = false;
    let config = source.collect(&mut problems, |take| {
        // Each is taken before any is missed, so that all that is wrong is found.
        let bind = take.or("bind", "127.0.0.1:8080", "an address and a port, such as 127.0.0.1:8080", parse);
        let public_url = take.optional("public_url", "an http or https address without a path", check::base);
        let issuer =
            take.required("issuer", "the issuer, such as https://ORG.okta.com/oauth2/default", check::http);
        let client_id =
            take.required("client_id", "the client id of the application at the org", check::name);
        let client_secret = take.optional("client_secret", "the application's secret", check::secret);
        let scopes = take.or(
            "scopes",
            "openid profile email offline_access",
            "scopes with blanks between them, openid among them",
            check::scopes,
        );
        let assets =
            take.optional("assets", "the folder of the built client", |text| Some(PathBuf::from(text)));
        let store = take.optional(
            "store",
            "memory, sqlite:PATH, redis://HOST or postgres://USER@HOST/NAME",
            check::store,
        );
        is_store_chosen = store.as_ref().is_none_or(Option::is_some);
        let keys =
            take.or("keys", "", "keys of 32 random bytes in base64url, a blank between them", check::list);
        let idle = take.or("idle", "30m", "a time such as 30m", check::duration);
        let absolute = take.or("absolute", "12h", "a time such as 12h", check::duration);
        let renew_before = take.or("renew_before", "30s", "a time such as 30s", check::duration);
        let proxies = take.or(
            "trusted_proxies",
            "",
            "networks such as 10.0.0.0/8, a blank between them",
            check::list::<Network>,
        );
        let allowed_origins = take.or(
            "allowed_origins",
            "",
            "https origins such as https://app.example.com, a blank between them",
            check::origins,
        );
        let admin_bind = take.optional("admin_bind", "an address and a port, such as 127.0.0.1:9090", parse);
        let pace = "off, or calls and seconds, such as 20/60";
        let limits = [
            take.or("limit_address", "usual", pace, check::pace),
            take.or("limit_session", "usual", pace, check::pace),
            take.or("limit_identifier", "usual", pace, check::pace),
        ];
        let upstreams = take.table(
            "proxy",
            "tables such as [proxy.orders] with base = \"https://api.example.com/\", methods = [\"GET\"] and \
             paths = [\"orders/*\"]",
            check::upstreams,
        );
        Some(Config {
            bind: bind?,
            public_url: public_url?,
            issuer: issuer?,
            client_id: client_id?,
            client_secret: client_secret?,
            scopes: scopes?,
            assets: assets?,
            store: store?.unwrap_or(StoreAddress::Memory),
            keys: keys?,
            idle: idle?,
            absolute: absolute?,
            renew_before: renew_before?,
            trusted_proxies: TrustedProxies(proxies?),
            allowed_origins: allowed_origins?,
            admin_bind: admin_bind?,
            limits: match limits {
                [Some(address), Some(session), Some(identifier)] => Limited { address, session, identifier },
                _ => return None,
            },
            upstreams: upstreams?,
        })
    });
    if let Some(config) = &config {
        check::together(config, is_store_chosen, &mut problems);
    }
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(ConfigError(problems)),
    }
}

impl Config {
    /// How often somebody may call.
    pub fn paces(&self) -> Paces {
        let usual = |text: &str| (self.issuer.scheme() == "https").then(|| text.parse().ok()).flatten();
        let [address, session, identifier] = USUAL;
        let pace = |wanted, text| match wanted {
            Wanted::Usual => usual(text),
            Wanted::Off => None,
            Wanted::At(pace) => Some(pace),
        };
        Paces {
            address: pace(self.limits.address, address),
            session: pace(self.limits.session, session),
            identifier: pace(self.limits.identifier, identifier),
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

/// The usual paces: far above what people do, far below what a guesser needs.
const USUAL: [&str; 3] = ["600/60", "240/60", "30/60"];

fn parse<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigError, read};
    use std::time::Duration;

    const ENOUGH: [(&str, &str); 2] =
        [("LATCHKEY_ISSUER", "https://org.example/oauth2/default"), ("LATCHKEY_CLIENT_ID", "app")];

    fn with(more: &[(&str, &str)], file: Option<&str>) -> Result<Config, ConfigError> {
        let all: Vec<_> = more.iter().chain(&ENOUGH).copied().collect();
        read(|name| all.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), file)
    }

    fn complaint(more: &[(&str, &str)], file: Option<&str>) -> String {
        with(more, file).unwrap_err().to_string()
    }

    #[test]
    fn issuer_and_client_are_enough() {
        let config = with(&[], None).unwrap();
        assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
        assert_eq!(config.scopes, ["openid", "profile", "email", "offline_access"]);
        assert_eq!(config.idle, Duration::from_secs(1800));
        assert_eq!(config.public_url(config.bind).unwrap().as_str(), "http://localhost:8080/");
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let file = "bind = \"127.0.0.1:1\"\nidle = \"5m\"\nscopes = [\"openid\", \"groups\"]";
        let config = with(&[("LATCHKEY_BIND", "127.0.0.1:2")], Some(file)).unwrap();
        assert_eq!(config.bind.port(), 2);
        assert_eq!(config.idle, Duration::from_secs(300));
        assert_eq!(config.scopes, ["openid", "groups"]);
    }

    #[test]
    fn every_fault_names_its_key_and_the_way_out() {
        let all = complaint(&[("LATCHKEY_BIND", "8080"), ("LATCHKEY_IDLE", "soon")], None);
        assert!(all.contains("LATCHKEY_BIND") && all.contains("127.0.0.1:8080"), "{all}");
        assert!(all.contains("LATCHKEY_IDLE") && all.contains("30m"), "{all}");
        let missing = read(|_| None, None).unwrap_err().to_string();
        assert!(missing.contains("LATCHKEY_ISSUER") && missing.contains("LATCHKEY_CLIENT_ID"), "{missing}");
        assert!(complaint(&[], Some("bindd = \"x\"")).contains("bindd"));
        assert!(complaint(&[], Some("= 1")).contains("latchkey.toml"));
    }

    #[test]
    fn what_is_in_effect_can_be_read_back_and_hides_its_secrets() {
        let secrets = [("LATCHKEY_CLIENT_SECRET", "hunter2"), ("LATCHKEY_LIMIT_SESSION", "7/60")];
        let shown = with(&secrets, Some("idle = \"5m\"\ntrusted_proxies = [\"10.0.0.0/8\"]")).unwrap().show();
        assert!(!shown.contains("hunter2") && shown.contains("# client_secret is set"), "{shown}");
        assert!(shown.contains("limit_session = \"7/60\"") && shown.contains("idle = \"300s\""), "{shown}");
        assert_eq!(
            read(|_| None, Some(&shown)).unwrap().show(),
            shown.replace("client_secret is set", "client_secret is not set")
        );
    }

    #[test]
    fn a_fault_does_not_quote_a_secret() {
        assert!(!complaint(&[("LATCHKEY_KEYS", "hunter2")], None).contains("hunter2"));
        let config = with(&[("LATCHKEY_CLIENT_SECRET", "hunter2")], None).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_store_that_outlives_the_process_needs_keys_that_do_so_too() {
        let key = ("LATCHKEY_KEYS", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        for store in ["sqlite:sessions.db", "redis://localhost", "rediss://u:p@h:1/2", "postgres://u:p@h/db"]
        {
            let store = ("LATCHKEY_STORE", store);
            assert!(complaint(&[store], None).contains("LATCHKEY_KEYS"));
            assert!(with(&[store, key], None).is_ok());
        }
        assert!(complaint(&[("LATCHKEY_STORE", "mysql://h/db")], None).contains("LATCHKEY_STORE"));
        assert!(
            !format!("{:?}", with(&[("LATCHKEY_STORE", "redis://u:hunter2@h"), key], None))
                .contains("hunter2")
        );
    }

    #[test]
    fn rel_06_people_are_signed_out_by_a_restart_only_where_somebody_has_said_so() {
        let public = ("LATCHKEY_PUBLIC_URL", "https://login.example.com");
        let refused = complaint(&[public], None);
        assert!(refused.contains("LATCHKEY_STORE") && refused.contains("sqlite:PATH"), "{refused}");
        assert!(with(&[public, ("LATCHKEY_STORE", "memory")], None).is_ok());
        assert!(with(&[public], Some("store = \"memory\"")).is_ok());
        let dev = ("LATCHKEY_ISSUER", "http://localhost:8081/oauth2/default");
        assert!(with(&[public, dev], None).is_ok() && with(&[], None).is_ok(), "to try it");
    }

    #[test]
    fn sec_54_an_upstream_says_what_may_be_called() {
        let file = |base: &str, methods: &str| {
            format!("[proxy.orders]\nbase = \"{base}\"\nmethods = {methods}\npaths = [\"orders/*\"]")
        };
        let good = with(&[], Some(&file("https://api.example.com/v1", "[\"GET\"]"))).unwrap();
        assert_eq!(good.upstreams.0["orders"].base.as_str(), "https://api.example.com/v1/");
        assert!(with(&[], Some(&file("http://localhost:9/", "[\"GET\"]"))).is_ok());
        for (base, methods) in [
            ("http://api.example.com/", "[\"GET\"]"),
            ("ftp://api.example.com/", "[\"GET\"]"),
            ("https://api.example.com/", "[]"),
            ("https://api.example.com/", "[\"CONNECT\"]"),
            ("https://api.example.com/", "\"GET\""),
        ] {
            assert!(complaint(&[], Some(&file(base, methods))).contains("`proxy`"), "{base} {methods}");
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let dev = ("LATCHKEY_ISSUER", "http://localhost:8081/oauth2/default");
        assert!(with(&[dev], None).is_ok());
        assert!(complaint(&[dev, ("LATCHKEY_BIND", "0.0.0.0:8080")], None).contains("LATCHKEY_BIND"));
        let plain = ("LATCHKEY_ISSUER", "http://org.example/oauth2/default");
        assert!(complaint(&[plain], None).contains("LATCHKEY_ISSUER"));
        assert!(
            complaint(&[("LATCHKEY_PUBLIC_URL", "http://app.example")], None).contains("LATCHKEY_PUBLIC_URL")
        );
        let store = ("LATCHKEY_STORE", "memory");
        assert!(with(&[("LATCHKEY_PUBLIC_URL", "https://app.example"), store], None).is_ok());
    }

    #[test]
    fn sec_03_only_first_party_https_origins_are_let_in() {
        let ours = ("LATCHKEY_PUBLIC_URL", "https://login.example.com");
        let store = ("LATCHKEY_STORE", "memory");
        let listed =
            |origins: &'static str| with(&[ours, store, ("LATCHKEY_ALLOWED_ORIGINS", origins)], None);
        assert_eq!(listed("https://app.example.com https://example.com").unwrap().allowed_origins.len(), 2);
        for origin in [
            "*",
            "null",
            "http://app.example.com",
            "https://other.com",
            "https://com",
            "https://example.com.evil.com",
            "https://evilexample.com",
            "https://192.0.2.1",
            "https://app.example.com/path",
            "https://user@app.example.com",
        ] {
            assert!(listed(origin).is_err(), "{origin}");
        }
        let shared = ("LATCHKEY_PUBLIC_URL", "https://a.github.io");
        assert!(with(&[shared, ("LATCHKEY_ALLOWED_ORIGINS", "https://b.github.io")], None).is_err());
    }
}
