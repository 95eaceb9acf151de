//! The configuration of a client: its org, its registration there, and how it authenticates.

use url::Url;

use crate::private_key::PrivateKey;
use crate::secret::Secret;

/// The app's registration at the org.
#[derive(Debug, Clone)]
pub struct Config {
    /// The authorization server: `https://ORG` or `https://ORG/oauth2/NAME`.
    pub issuer: Url,
    /// The app's client id.
    pub client_id: String,
    /// How the app authenticates itself.
    pub authentication: ClientAuthentication,
    /// Where the org sends the browser back to. It must be registered at the org.
    pub redirect_uri: Url,
    /// The scopes to request, such as `openid`, `profile`, `offline_access`.
    pub scopes: Vec<String>,
    /// The ports at which a page may reach Okta Verify on the person's own device (FastPass). Without any, a flow leaves every device
    /// challenge by its cancel form.
    pub device_ports: Vec<u16>,
}

/// Client authentication (RFC 6749, section 2.3): how the app proves to the org that it is the app.
#[derive(Debug, Clone)]
pub enum ClientAuthentication {
    /// None: a public client, protected by PKCE alone.
    None,
    /// A client secret.
    Secret(Secret),
    /// A signed assertion (`private_key_jwt`).
    PrivateKey(PrivateKey),
}

impl Config {
    /// The issuer as the org writes it: without the slash that parsing adds to an address without a path.
    #[must_use]
    pub fn issuer_text(&self) -> &str {
        self.issuer.as_str().trim_end_matches('/')
    }

    /// The address below which the OAuth endpoints are.
    pub(crate) fn oauth_base(&self) -> String {
        let issuer = self.issuer_text();
        if issuer.contains("/oauth2") { issuer.to_owned() } else { format!("{issuer}/oauth2") }
    }

    /// An address of the Identity Engine.
    pub(crate) fn engine_address(&self, path: &str) -> String {
        self.org_address(&format!("/idp/idx/{path}"))
    }

    /// An address at the org's root, also with a custom authorization server.
    pub(crate) fn org_address(&self, path: &str) -> String {
        let base = self.oauth_base();
        let root = base.split_once("/oauth2").map_or(base.as_str(), |(root, _)| root);
        format!("{root}{path}")
    }

    /// The address of a form, if it belongs to the Identity Engine of this org.
    pub(crate) fn own_engine_address(&self, address: &str) -> Option<Url> {
        self.own_address(address).filter(|url| url.path().starts_with("/idp/idx/"))
    }

    /// The address, parsed, if it belongs to this org.
    pub(crate) fn own_address(&self, address: &str) -> Option<Url> {
        let url = Url::parse(address).ok()?;
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        (url.origin() == self.issuer.origin() && !has_credentials).then_some(url)
    }

    /// Whether the client authenticates itself.
    pub(crate) fn is_confidential(&self) -> bool {
        !matches!(self.authentication, ClientAuthentication::None)
    }
}
