//! Reads the settings once, whole, from the environment and the configuration file.

use super::checks;
use super::setting::UNSET_LIMIT;
use super::settings::*;
use super::source::{ConfigError, Reader, Source};
use super::values::{Config, LimitSetting, LimitSettings, StoreAddress};
use crate::http::TrustedProxies;
use latchkey_idx::{ClientAuthentication, PrivateKey};
use std::{
    io,
    path::{Path, PathBuf},
    str::FromStr,
};
use url::Url;

/// The configuration file that the environment names, if it names one.
pub fn named_file(env: impl Fn(&str) -> Option<String>) -> Option<String> {
    env(CONFIG_VARIABLE).filter(|path| !path.is_empty())
}

/// The variables that begin with `LATCHKEY_` and name no setting. They are no error, because they may belong to another
/// program.
pub fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<String> {
    let known: Vec<String> = variables().collect();
    names.filter(|name| name.starts_with("LATCHKEY_") && !known.contains(name)).collect()
}

/// Reads all settings: each from its variable or else from its key in the text of the file. `open` reads the file of a
/// secret. The error has everything that is wrong.
pub fn read(
    env: impl Fn(&str) -> Option<String>,
    file: Option<&str>,
    open: impl Fn(&Path) -> io::Result<String>,
) -> Result<Config, ConfigError> {
    let name = named_file(&env).unwrap_or_else(|| DEFAULT_FILE.to_owned());
    let error = |problems| ConfigError { file: name, problems };
    let source = match Source::new(&env, &open, file) {
        Ok(source) => source,
        Err(problems) => return Err(error(problems)),
    };
    let mut reader = Reader::new(&source);
    let config = config(&mut reader);
    let mut problems = reader.problems();
    if let Some((config, is_store_set)) = &config {
        checks::together(config, *is_store_set, &mut problems);
    }
    match config {
        Some((config, _)) if problems.is_empty() => Ok(config),
        _ => Err(error(problems)),
    }
}

/// The configuration, and whether the store is set. Every setting is read even if an earlier one is wrong, so that all
/// problems are found at once.
fn config(reader: &mut Reader<'_>) -> Option<(Config, bool)> {
    let (bind, log) = (reader.value(&BIND, parse), reader.value(&LOG, checks::filter));
    let public_url = reader.optional(&PUBLIC_URL, checks::base);
    let issuer = reader.required(&ISSUER, checks::http);
    let (client_id, authentication) = (reader.required(&CLIENT_ID, checks::name), authentication(reader));
    let scopes = reader.value(&SCOPES, checks::scopes);
    let assets = reader.optional(&ASSETS, |text| Some(PathBuf::from(text)));
    let store = reader.secret(&STORE, checks::store);
    let keys = reader.secret(&KEYS, checks::keys);
    let (idle, absolute) = (reader.value(&IDLE, checks::duration), reader.value(&ABSOLUTE, checks::duration));
    let renew_before = reader.value(&RENEW_BEFORE, checks::duration);
    let trusted_proxies = reader.value(&TRUSTED_PROXIES, checks::networks);
    let allowed_origins = reader.value(&ALLOWED_ORIGINS, checks::origins);
    let (sign_in_page, sign_out) = (reader.value(&SIGN_IN_PAGE, parse), reader.value(&SIGN_OUT, parse));
    let new_password = reader.value(&NEW_PASSWORD, parse);
    let return_to = reader.value(&RETURN_TO, checks::origins);
    let username_append = reader.optional(&USERNAME_APPEND, checks::username_append);
    let login_domain = reader.optional(&LOGIN_DOMAIN, checks::domain);
    let (captcha_origin, captcha_script) = captcha(reader);
    let duo_origins = reader.value(&DUO_ORIGINS, checks::origins);
    let fastpass_ports = reader.value(&FASTPASS_PORTS, checks::ports);
    let limits = limits(reader);
    let (admin_bind, org_at_once) = (reader.optional(&ADMIN_BIND, parse), reader.value(&ORG_AT_ONCE, parse));
    let proxy_within = reader.value(&PROXY_WITHIN, checks::duration);
    let brand = reader.table(&BRAND, super::brand::brand);
    let upstreams = reader.table(&PROXY, checks::upstreams);
    let is_store_set = store.as_ref()?.is_some();
    let config = Config {
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
        trusted_proxies: TrustedProxies(trusted_proxies?),
        allowed_origins: allowed_origins?,
        sign_in_page: sign_in_page?,
        sign_out: sign_out?,
        new_password: new_password?,
        return_to: return_to?,
        username_append: username_append?,
        login_domain: login_domain?,
        captcha_origin: captcha_origin?,
        captcha_script: captcha_script?,
        fastpass_ports: fastpass_ports?,
        duo_origins: duo_origins?,
        admin_bind: admin_bind?,
        limits: limits?,
        org_at_once: org_at_once?,
        proxy_within: proxy_within?,
        log: log?,
        brand: brand?,
        upstreams: upstreams?,
    };
    Some((config, is_store_set))
}

/// The origin of the CAPTCHA's frame, and the address of its script.
fn captcha(reader: &mut Reader<'_>) -> (Option<Option<Url>>, Option<Option<Url>>) {
    (reader.optional(&CAPTCHA_ORIGIN, checks::base), reader.optional(&CAPTCHA_SCRIPT, checks::script))
}

/// A secret, or a private key with its id, or neither.
fn authentication(reader: &mut Reader<'_>) -> Option<ClientAuthentication> {
    let secret = reader.secret(&CLIENT_SECRET, checks::secret);
    let key_id = reader.optional(&CLIENT_KEY_ID, checks::name);
    let kid = key_id.clone().flatten();
    let key =
        reader.secret(&CLIENT_KEY, |text| PrivateKey::from_pkcs8(kid.clone().unwrap_or_default(), text).ok());
    let (secret, key, _) = (secret?, key?, key_id?);
    reader.checked(checks::authentication(secret, key, kid.as_deref()))
}

fn limits(reader: &mut Reader<'_>) -> Option<LimitSettings> {
    let address = reader.value(&LIMIT_ADDRESS, limit);
    let session = reader.value(&LIMIT_SESSION, limit);
    let identifier = reader.value(&LIMIT_IDENTIFIER, limit);
    let flow = reader.value(&LIMIT_FLOW, limit);
    let connections = reader.value(&LIMIT_CONNECTIONS, limit);
    Some(LimitSettings {
        address: address?,
        session: session?,
        identifier: identifier?,
        flow: flow?,
        connections: connections?,
    })
}

fn limit<T: FromStr>(text: &str) -> Option<LimitSetting<T>> {
    match text {
        UNSET_LIMIT => Some(LimitSetting::Unset),
        "off" => Some(LimitSetting::Off),
        limit => limit.parse().ok().map(LimitSetting::At),
    }
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
