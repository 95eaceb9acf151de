//! The checks of single values, and of values that must fit together.

use super::setting::Setting;
use super::settings::{
    ALLOWED_ORIGINS, BIND, CAPTCHA_ORIGIN, CLIENT_KEY, CLIENT_KEY_ID, CLIENT_SECRET, IDLE, ISSUER, KEYS,
    PROXY, PUBLIC_URL, STORE,
};
use super::source::ConfigProblem;
use super::values::{Config, StoreAddress};
use crate::upstream::{Upstream, Upstreams};
use http::Method;
use ipnet::IpNet;
use latchkey_idx::{ClientAuthentication, PrivateKey, Secret};
use latchkey_vault::MasterKey;
use std::{net::IpAddr, time::Duration};
use toml::Value;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

const MAX_DURATION: Duration = Duration::from_secs(366 * 24 * 60 * 60);

pub(super) fn http(text: &str) -> Option<Url> {
    let url: Url = text.parse().ok()?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && bare && url.fragment().is_none())
        .then_some(url)
}

pub(super) fn base(text: &str) -> Option<Url> {
    http(text).filter(|url| url.path() == "/")
}

pub(super) fn name(text: &str) -> Option<String> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then(|| text.to_owned())
}

/// The address of a script, which a policy can name.
pub(super) fn script(text: &str) -> Option<Url> {
    http(text).filter(|url| url.scheme() == "https" || is_loopback(url))
}

pub(super) fn domain(text: &str) -> Option<String> {
    name(text).filter(|domain| !domain.contains(['@', '/', ':']))
}

/// An `@` and a domain.
pub(super) fn username_append(text: &str) -> Option<String> {
    let is_appendable = text.strip_prefix('@').and_then(domain).is_some();
    is_appendable.then(|| text.to_owned())
}

/// Origins that are https, or on this machine.
/// Origins over https, and over plain http on this machine.
pub(super) fn origins(text: &str) -> Option<Vec<Url>> {
    let is_safe = |url: &Url| url.scheme() == "https" || is_loopback(url);
    text.split_whitespace().map(|origin| base(origin).filter(is_safe)).collect()
}

pub(super) fn secret(text: &str) -> Option<Secret> {
    (!text.is_empty()).then(|| Secret::from(text))
}

/// How the app proves itself: by a secret, or by a key that the org knows by an id.
pub(super) fn authentication(
    secret: Option<Secret>,
    key: Option<PrivateKey>,
    key_id: Option<&str>,
) -> Result<ClientAuthentication, ConfigProblem> {
    match (secret, key, key_id) {
        (Some(_), Some(_), _) => {
            Err(ConfigProblem::Twice { one: CLIENT_SECRET.variable(), other: CLIENT_KEY.variable() })
        }
        (None, Some(_), None) => Err(ConfigProblem::Missing {
            key: CLIENT_KEY_ID.key,
            must_be: "the id (kid) that the org shows beside the public key",
        }),
        (_, None, Some(_)) => Err(ConfigProblem::Missing {
            key: "client_key_file",
            must_be: "the file of the private key that LATCHKEY_CLIENT_KEY_ID is the id of",
        }),
        (None, Some(key), Some(_)) => Ok(ClientAuthentication::PrivateKey(key)),
        (Some(secret), None, None) => Ok(ClientAuthentication::Secret(secret)),
        (None, None, None) => Ok(ClientAuthentication::None),
    }
}

/// One key or several.
pub(super) fn keys(text: &str) -> Option<Vec<MasterKey>> {
    let keys: Option<Vec<MasterKey>> = text.split_whitespace().map(|key| key.parse().ok()).collect();
    keys.filter(|keys| !keys.is_empty())
}

pub(super) fn scopes(text: &str) -> Option<Vec<String>> {
    let scopes: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
    scopes.iter().any(|scope| scope == "openid").then_some(scopes)
}

pub(super) fn store(text: &str) -> Option<StoreAddress> {
    if text == "memory" {
        return Some(StoreAddress::Memory);
    }
    match text.split_once(':')? {
        ("sqlite", path) if !path.is_empty() => Some(StoreAddress::Sqlite(path.to_owned())),
        ("redis" | "rediss", _) => Some(StoreAddress::Redis(Secret::from(text))),
        ("postgres" | "postgresql", _) => Some(StoreAddress::Postgres(Secret::from(text))),
        _ => None,
    }
}

/// Ports, none of them 0.
pub(super) fn ports(text: &str) -> Option<Vec<u16>> {
    text.split_whitespace().map(|port| port.parse().ok().filter(|port| *port != 0)).collect()
}

/// Networks, or single addresses.
pub(super) fn networks(text: &str) -> Option<Vec<IpNet>> {
    let network = |text: &str| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
    text.split_whitespace().map(network).collect()
}

pub(super) fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let count: u64 = digits.parse().ok().filter(|count| *count > 0)?;
    let seconds = match text.get(digits.len()..)? {
        "s" => count,
        "m" => count.checked_mul(60)?,
        "h" => count.checked_mul(3600)?,
        "d" => count.checked_mul(86_400)?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds)).filter(|time| *time <= MAX_DURATION)
}

pub(super) fn filter(text: &str) -> Option<String> {
    EnvFilter::try_new(text).is_ok().then(|| text.to_owned())
}

pub(super) fn upstreams(value: &Value) -> Result<Upstreams, ConfigProblem> {
    let problem = || ConfigProblem::InTable { what: format!("`{}`", PROXY.key), must_be: PROXY.must_be };
    let table = value.as_table().ok_or_else(problem)?;
    let named = |(name, value): (&String, &Value)| Ok((name.clone(), upstream(name, value)?));
    table.iter().map(named).collect::<Result<_, _>>().map(Upstreams)
}

fn upstream(name: &str, value: &Value) -> Result<Upstream, ConfigProblem> {
    let part =
        |key: &str, must_be| ConfigProblem::InTable { what: format!("`{key}` of [proxy.{name}]"), must_be };
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        let must_be = "letters, digits, hyphens and underscores, since it becomes part of an address";
        return Err(ConfigProblem::InTable { what: format!("The name of [proxy.{name}]"), must_be });
    }
    let known = |key: &&String| matches!(key.as_str(), "base" | "methods" | "paths" | "cacheable");
    if let Some(stray) = value.as_table().and_then(|table| table.keys().find(|key| !known(key))) {
        return Err(ConfigProblem::UnknownKey(format!("proxy.{name}.{stray}")));
    }
    let base = value.get("base").and_then(Value::as_str).and_then(http);
    let mut base = base
        .filter(|url| url.scheme() == "https" || is_loopback(url))
        .ok_or_else(|| part("base", "an https address; plain http is taken on this machine only"))?;
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    let methods = texts(value, "methods").and_then(|texts| texts.into_iter().map(method).collect());
    let methods = methods.ok_or_else(|| part("methods", "a list such as [\"GET\", \"POST\"]"))?;
    let paths = texts(value, "paths").filter(|paths| paths.iter().all(|path| is_pattern(path)));
    let paths = paths.ok_or_else(|| {
        part("paths", "a list such as [\"orders\", \"orders/*\"]: below `base`, and a * at the end only")
    })?;
    let cacheable = match value.get("cacheable") {
        Some(_) => texts(value, "cacheable").filter(|paths| paths.iter().all(|path| is_pattern(path))),
        None => Some(Vec::new()),
    };
    let cacheable = cacheable.ok_or_else(|| {
        part("cacheable", "a list such as [\"catalog/*\"], of paths whose answers a browser may cache")
    })?;
    let owned = |paths: Vec<&str>| paths.into_iter().map(str::to_owned).collect();
    Ok(Upstream { base, methods, paths: owned(paths), cacheable: owned(cacheable) })
}

/// A list that is not empty.
fn texts<'a>(table: &'a Value, key: &str) -> Option<Vec<&'a str>> {
    let list = table.get(key)?.as_array().filter(|list| !list.is_empty())?;
    list.iter().map(Value::as_str).collect()
}

/// Whether a path can match it: no path begins with a slash, and a star stands at the end only.
fn is_pattern(path: &str) -> bool {
    let plain = path.strip_suffix('*').unwrap_or(path);
    !path.is_empty() && !plain.starts_with('/') && !plain.contains('*')
}

fn method(text: &str) -> Option<Method> {
    let usual = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    usual.into_iter().find(|method| method.as_str() == text)
}

/// Values that are right by themselves may not fit together.
pub(super) fn together(config: &Config, is_store_set: bool, problems: &mut Vec<ConfigProblem>) {
    let mut wrong =
        |setting: &Setting, must_be| problems.push(ConfigProblem::Wrong { key: setting.key, must_be });
    if config.issuer.scheme() == "http" {
        if !is_loopback(&config.issuer) {
            wrong(&ISSUER, "an https address; plain http is taken on this machine only");
        } else if !config.bind.ip().is_loopback() {
            wrong(&BIND, "a loopback address such as 127.0.0.1:8080 while the issuer is plain http");
        }
    }
    if let Some(public) = &config.public_url
        && public.scheme() == "http"
        && !is_loopback(public)
    {
        wrong(&PUBLIC_URL, "an https address; plain http is taken on this machine only");
    }
    if let Some(origin) = &config.captcha_origin {
        if origin.scheme() == "http" && !is_loopback(origin) {
            wrong(&CAPTCHA_ORIGIN, "an https origin; plain http is taken on this machine only");
        }
        if config.public_url.as_ref().is_none_or(|public| public.origin() == origin.origin()) {
            wrong(&CAPTCHA_ORIGIN, "another origin than LATCHKEY_PUBLIC_URL, which has to be set, too");
        }
    }
    if config.store != StoreAddress::Memory && config.keys.is_empty() {
        wrong(
            &KEYS,
            "what `head -c 32 /dev/urandom | basenc --base64url` prints: sessions that outlive the process need \
             keys that do so too",
        );
    }
    let is_public = config.issuer.scheme() == "https"
        && config
            .public_url
            .as_ref()
            .is_some_and(|public| public.scheme() == "https" && !is_loopback(public));
    if is_public && !is_store_set {
        wrong(
            &STORE,
            "set: sqlite:PATH, redis://HOST or postgres://USER@HOST/NAME; or memory, if a restart may sign \
             everyone out",
        );
    }
    if config.idle > config.absolute {
        wrong(&IDLE, "no longer than LATCHKEY_ABSOLUTE");
    }
    let public = config.public_url(config.bind).ok();
    if config
        .allowed_origins
        .iter()
        .any(|origin| !public.as_ref().is_some_and(|own| is_same_site(own, origin)))
    {
        wrong(&ALLOWED_ORIGINS, "on the same registrable domain as LATCHKEY_PUBLIC_URL");
    }
}

/// Whether this address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a browser sends the session cookie along when a page of this origin calls us. On this machine all ports of one host
/// are one site.
fn is_same_site(own: &Url, origin: &Url) -> bool {
    if own.scheme() != origin.scheme() {
        return false;
    }
    if origin.scheme() == "http" {
        return own.host() == origin.host();
    }
    site(own).is_some_and(|own| site(origin) == Some(own))
}

/// The registrable domain, by the public suffix list.
fn site(url: &Url) -> Option<String> {
    let Some(Host::Domain(name)) = url.host() else { return None };
    let domain = psl::domain(name.as_bytes())?;
    str::from_utf8(domain.as_bytes()).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::ports;

    #[test]
    fn the_ports_of_fastpass_are_numbers_with_blanks_between_them() {
        assert_eq!(ports(""), Some(vec![]));
        assert_eq!(ports("2000 6511"), Some(vec![2000, 6511]));
        for wrong in ["0", "65536", "2000,6511", "http://localhost:2000", "*"] {
            assert_eq!(ports(wrong), None, "{wrong}");
        }
    }
}
