//! Which org, which app, and how the app proves itself.

use std::net::IpAddr;

use url::Url;

use crate::client_key::PrivateKey;
use crate::secret::Secret;

/// The app's registration at the org.
#[derive(Debug, Clone)]
pub struct Config {
    /// The authorization server: `https://ORG` or `https://ORG/oauth2/NAME`.
    pub issuer: Url,
    /// The app's id.
    pub client_id: String,
    /// How the app proves that it is the app.
    pub authentication: Authentication,
    /// Where the org sends the browser back to. It must be registered.
    pub redirect_uri: Url,
    /// What the app asks for, such as `openid`, `profile`, `offline_access`.
    pub scopes: Vec<String>,
}

/// How the app proves that it is the app.
#[derive(Debug, Clone)]
pub enum Authentication {
    /// Not at all: a public client, protected by PKCE alone.
    None,
    /// By a secret it shares with the org.
    Secret(Secret),
    /// By a signature of its own.
    PrivateKey(PrivateKey),
}

/// Whom the call is made for. The org decides by this, so it goes with every call.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The person's address, as the server in front of us saw it.
    pub address: Option<IpAddr>,
    /// The person's browser.
    pub user_agent: Option<String>,
    /// The device, by a name of ours. The org heeds it from clients that prove themselves.
    pub device_token: Option<String>,
    /// The languages the person reads.
    pub accept_language: Option<String>,
}

impl Config {
    /// The issuer as the org spells it: without the slash that an address of a bare origin gains when it is parsed.
    #[must_use]
    pub fn issuer_text(&self) -> &str {
        self.issuer.as_str().trim_end_matches('/')
    }

    /// Where the OAuth endpoints are.
    pub(crate) fn oauth_base(&self) -> String {
        let issuer = self.issuer_text();
        if issuer.contains("/oauth2") { issuer.to_owned() } else { format!("{issuer}/oauth2") }
    }

    /// An address of the Identity Engine, which is at the org's root also for custom authorization servers.
    pub(crate) fn engine_address(&self, path: &str) -> String {
        let base = self.oauth_base();
        let root = base.split_once("/oauth2").map_or(base.as_str(), |(root, _)| root);
        format!("{root}/idp/idx/{path}")
    }

    /// Whether an address in an answer is one of the Identity Engine of this org.
    pub(crate) fn owns_engine_address(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| {
            url.origin() == self.issuer.origin()
                && url.username().is_empty()
                && url.password().is_none()
                && url.path().starts_with("/idp/idx/")
        })
    }

    /// Whether an address is of this org at all.
    pub(crate) fn owns(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| {
            url.origin() == self.issuer.origin() && url.username().is_empty() && url.password().is_none()
        })
    }
}

impl Context {
    /// The headers the context becomes. What would break a header is left out.
    pub(crate) fn headers(&self, is_proven: bool) -> Vec<(&'static str, String)> {
        let mut headers = vec![(
            "x-okta-user-agent-extended",
            concat!("latchkey-idx/", env!("CARGO_PKG_VERSION")).to_owned(),
        )];
        if let Some(address) = self.address {
            headers.push(("x-forwarded-for", address.to_string()));
        }
        let mut text = |name, value: &Option<String>, most| {
            let cleaned = value.as_deref().map(|value| visible(value, most));
            headers.extend(cleaned.filter(|value| !value.is_empty()).map(|value| (name, value)));
        };
        text("user-agent", &self.user_agent, 512);
        text("accept-language", &self.accept_language, 256);
        if is_proven {
            text("x-device-token", &self.device_token, 32);
        }
        headers
    }
}

fn visible(text: &str, most: usize) -> String {
    text.chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .take(most)
        .collect::<String>()
        .trim()
        .to_owned()
}
