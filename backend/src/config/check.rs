//! What a value may be, alone and together with the others.

use super::{Config, Problem, StoreAddress, Wanted};
use crate::proxy::{Upstream, Upstreams};
use http::Method;
use latchkey_idx::Secret;
use std::{str::FromStr, time::Duration};
use toml::{Table, Value};
use url::{Host, Url};

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

pub(super) fn secret(text: &str) -> Option<Secret> {
    (!text.is_empty()).then(|| Secret::from(text))
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

pub(super) fn pace(text: &str) -> Option<Wanted> {
    match text {
        "usual" => Some(Wanted::Usual),
        "off" => Some(Wanted::Off),
        pace => pace.parse().ok().map(Wanted::At),
    }
}

pub(super) fn list<T: FromStr>(text: &str) -> Option<Vec<T>> {
    text.split_whitespace().map(|part| part.parse().ok()).collect()
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
    Some(Duration::from_secs(seconds))
}

pub(super) fn origins(text: &str) -> Option<Vec<Url>> {
    text.split_whitespace().map(|origin| base(origin).filter(|url| url.scheme() == "https")).collect()
}

pub(super) fn upstreams(table: &Table) -> Option<Upstreams> {
    let upstream = |(name, value): (&String, &Value)| {
        let texts = |key: &str| -> Option<Vec<&str>> {
            value.get(key)?.as_array()?.iter().map(Value::as_str).collect()
        };
        let mut base =
            http(value.get("base")?.as_str()?).filter(|url| url.scheme() == "https" || is_local(url))?;
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let methods = texts("methods")?.into_iter().map(method).collect::<Option<Vec<_>>>()?;
        let paths: Vec<_> = texts("paths")?.into_iter().map(str::to_owned).collect();
        let some = !methods.is_empty() && !paths.is_empty();
        some.then(|| (name.clone(), Upstream { base, methods, paths }))
    };
    table.iter().map(upstream).collect::<Option<_>>().map(Upstreams)
}

fn method(text: &str) -> Option<Method> {
    let usual = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    usual.into_iter().find(|method| method.as_str() == text)
}

/// What is right by itself may still be wrong together.
pub(super) fn together(config: &Config, is_store_chosen: bool, problems: &mut Vec<Problem>) {
    let mut wrong = |name, wanted| problems.push(Problem::Wrong { name, wanted });
    if config.issuer.scheme() == "http" {
        if !is_local(&config.issuer) {
            wrong("issuer", "an https address; plain http is taken on this machine only");
        } else if !config.bind.ip().is_loopback() {
            wrong("bind", "a loopback address such as 127.0.0.1:8080 while the issuer is plain http");
        }
    }
    if let Some(public) = &config.public_url
        && public.scheme() == "http"
        && !is_local(public)
    {
        wrong("public_url", "an https address; browsers keep our cookie on plain http on localhost only");
    }
    if config.store != StoreAddress::Memory && config.keys.is_empty() {
        wrong(
            "keys",
            "32 random bytes in base64url: a store that outlives the process needs keys that do so too",
        );
    }
    let is_public = config.issuer.scheme() == "https"
        && config.public_url.as_ref().is_some_and(|public| public.scheme() == "https" && !is_local(public));
    if is_public && !is_store_chosen {
        wrong(
            "store",
            "set: sqlite:PATH, redis://HOST or postgres://USER@HOST/NAME; or memory, where a restart may sign \
             everybody out",
        );
    }
    if config.idle > config.absolute {
        wrong("idle", "no longer than LATCHKEY_ABSOLUTE");
    }
    let site = config.public_url.as_ref().and_then(site);
    if config.allowed_origins.iter().any(|origin| site.is_none() || self::site(origin) != site) {
        wrong("allowed_origins", "on the same registrable domain as LATCHKEY_PUBLIC_URL");
    }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The registrable domain, by the public list of suffixes under which strangers are neighbours.
fn site(url: &Url) -> Option<String> {
    let Some(Host::Domain(name)) = url.host() else { return None };
    let domain = psl::domain(name.as_bytes())?;
    str::from_utf8(domain.as_bytes()).ok().map(str::to_owned)
}
