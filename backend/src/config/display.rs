//! The configuration in effect, with secrets hidden.

use super::values::{Config, SignInPage, SignOut, StoreAddress};
use crate::brand::BrandSettings;
use latchkey_idx::ClientAuthentication;
use std::time::Duration;
use url::Url;

impl Config {
    /// The configuration as a `latchkey.toml` that has the same effect.
    pub fn show(&self) -> String {
        let text = |name: &str, value: &str| format!("{name} = {}\n", toml::Value::from(value));
        let hidden =
            |name: &str, is_set: bool| format!("# {name} is {}\n", if is_set { "set" } else { "not set" });
        let list = |items: Vec<String>| items.join(" ");
        let url = |url: &Url| url.to_string();
        // Port 0 is any free port, which is not known before the server listens.
        let is_known = self.public_url.is_some() || self.bind.port() != 0;
        let public_url = self.public_url(self.bind).ok().filter(|_| is_known);
        let rates = self.rates();
        [
            text("bind", &self.bind.to_string()),
            public_url.as_ref().map_or_else(String::new, |public| text("public_url", public.as_str())),
            text("issuer", self.issuer.as_str()),
            text("client_id", &self.client_id),
            match &self.authentication {
                ClientAuthentication::None => "# client_secret and client_key are not set\n".to_owned(),
                ClientAuthentication::Secret(_) => "# client_secret is set\n".to_owned(),
                ClientAuthentication::PrivateKey(key) => format!("# client_key is set: {}\n", key.id()),
            },
            text("scopes", &self.scopes.join(" ")),
            self.assets.as_ref().map_or_else(String::new, |folder| text("assets", &folder.to_string_lossy())),
            match &self.store {
                StoreAddress::Memory => text("store", "memory"),
                StoreAddress::Sqlite(path) => text("store", &format!("sqlite:{path}")),
                StoreAddress::Redis(_) => "# store is Redis\n".to_owned(),
                StoreAddress::Postgres(_) => "# store is PostgreSQL\n".to_owned(),
            },
            hidden("keys", !self.keys.is_empty()),
            text("idle", &seconds(self.idle)),
            text("absolute", &seconds(self.absolute)),
            text("renew_before", &seconds(self.renew_before)),
            text("trusted_proxies", &list(self.trusted_proxies.0.iter().map(ToString::to_string).collect())),
            text("allowed_origins", &list(self.allowed_origins.iter().map(url).collect())),
            self.show_sign_in(),
            self.login_domain.as_ref().map_or_else(String::new, |domain| text("login_domain", domain)),
            self.captcha_origin
                .as_ref()
                .map_or_else(String::new, |origin| text("captcha_origin", origin.as_str())),
            self.captcha_script
                .as_ref()
                .map_or_else(String::new, |script| text("captcha_script", script.as_str())),
            text("fastpass_ports", &list(self.fastpass_ports.iter().map(u16::to_string).collect())),
            text("duo_origins", &list(self.duo_origins.iter().map(url).collect())),
            self.admin_bind.map_or_else(String::new, |bind| text("admin_bind", &bind.to_string())),
            text("limit_address", &limit(rates.address)),
            text("limit_session", &limit(rates.session)),
            text("limit_identifier", &limit(rates.identifier)),
            text("limit_flow", &limit(rates.flow)),
            text("limit_connections", &limit(self.max_connections_per_address())),
            text("org_at_once", &self.org_at_once.to_string()),
            text("proxy_within", &seconds(self.proxy_within)),
            text("log", &self.log),
            self.upstreams
                .0
                .iter()
                .map(|(name, upstream)| format!("# proxy.{name} calls {}\n", upstream.base))
                .collect(),
        ]
        .concat()
    }

    /// The settings of the sign-in itself.
    fn show_sign_in(&self) -> String {
        let text = |name: &str, value: &str| format!("{name} = {}\n", toml::Value::from(value));
        let origins: Vec<String> = self.return_to.iter().map(ToString::to_string).collect();
        let page = match self.sign_in_page {
            SignInPage::Own => "own",
            SignInPage::OwnThenOrg => "own-then-org",
            SignInPage::Org => "org",
        };
        let ends = match self.sign_out {
            SignOut::Here => "here",
            SignOut::Org => "org",
        };
        let has_brand = self.brand != BrandSettings::default();
        [
            text("sign_in_page", page),
            text("sign_out", ends),
            text("new_password", self.new_password.name()),
            text("return_to", &origins.join(" ")),
            self.username_append.as_ref().map_or_else(String::new, |append| text("username_append", append)),
            if has_brand { "# brand is set\n".to_owned() } else { String::new() },
        ]
        .concat()
    }
}

fn seconds(time: Duration) -> String {
    format!("{}s", time.as_secs())
}

fn limit(limit: Option<impl ToString>) -> String {
    limit.map_or_else(|| "off".to_owned(), |limit| limit.to_string())
}
