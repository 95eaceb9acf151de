//! OpenID Connect discovery: the org's endpoints, checked against the configuration.

use serde_json::{Map, Value};

use crate::config::Config;
use crate::error::Error;

/// The endpoints of an authorization server.
#[derive(Debug, Clone)]
pub(crate) struct Discovery {
    pub(crate) issuer: String,
    pub(crate) authorization: String,
    pub(crate) token: String,
    pub(crate) keys: String,
    pub(crate) userinfo: String,
    pub(crate) revocation: String,
    pub(crate) end_session: String,
    /// Whether authorization responses have an `iss` (RFC 9207).
    pub(crate) has_issuer_in_response: bool,
}

impl Discovery {
    /// The address of the discovery document.
    pub(crate) fn address(config: &Config) -> String {
        format!("{}/.well-known/openid-configuration", config.issuer_text())
    }

    /// Reads a discovery document. It must be the configured issuer's, and its endpoints must belong to the org.
    pub(crate) fn read(config: &Config, body: &Map<String, Value>) -> Result<Self, Error> {
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let issuer = text("issuer").unwrap_or_default();
        if issuer != config.issuer_text() {
            return Err(Error::Discovery(format!(
                "its issuer is {issuer:?}, not {:?}",
                config.issuer_text()
            )));
        }
        let methods = body.get("code_challenge_methods_supported").and_then(Value::as_array);
        if !methods.is_some_and(|methods| methods.iter().any(|method| method == "S256")) {
            return Err(Error::Discovery("it does not support PKCE with S256".into()));
        }
        let base = config.oauth_base();
        let address = |name: &str, path: &str| {
            let address = text(name).map_or_else(|| format!("{base}/v1/{path}"), str::to_owned);
            match config.own_address(&address) {
                Some(_) => Ok(address),
                None => Err(Error::Discovery(format!("its {name} does not belong to the org"))),
            }
        };
        Ok(Self {
            issuer: issuer.to_owned(),
            authorization: address("authorization_endpoint", "authorize")?,
            token: address("token_endpoint", "token")?,
            keys: address("jwks_uri", "keys")?,
            userinfo: address("userinfo_endpoint", "userinfo")?,
            revocation: address("revocation_endpoint", "revoke")?,
            end_session: address("end_session_endpoint", "logout")?,
            has_issuer_in_response: body
                .get("authorization_response_iss_parameter_supported")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
        })
    }
}
