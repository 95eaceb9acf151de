//! The tokens that the org issues for an interaction code or a refresh token.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::secret::Secret;

/// The tokens of a person who has signed in.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// For calls to the org and to APIs.
    pub access_token: Secret,
    /// For new tokens, if `offline_access` was granted.
    pub refresh_token: Option<Secret>,
    /// Identifies the person, if `openid` was granted. It has passed every check.
    pub id_token: Option<IdToken>,
    /// Lifetime of the access token.
    pub expires_in: Option<Duration>,
    /// The granted scopes.
    pub scope: Option<String>,
}

/// A checked id token.
#[derive(Clone)]
pub struct IdToken {
    /// The token itself. The org's end-session endpoint needs it.
    pub raw: Secret,
    /// Its claims.
    pub claims: Map<String, Value>,
}

/// Why a code or a refresh token could not be exchanged for usable tokens.
#[derive(Debug)]
pub struct ExchangeError {
    /// The cause.
    pub error: Error,
    /// Tokens that the org has issued although the id token fails its check. They are valid until you revoke them.
    pub to_revoke: Option<Box<Tokens>>,
}

/// A token response whose id token is not checked yet.
pub(crate) struct TokenResponse {
    pub(crate) access_token: Secret,
    refresh_token: Option<Secret>,
    pub(crate) id_token: Option<String>,
    expires_in: Option<Duration>,
    scope: Option<String>,
}

impl IdToken {
    /// The subject: the person's id, which never changes.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.claims.get("sub").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn nonce(&self) -> Option<&str> {
        self.claims.get("nonce").and_then(Value::as_str)
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(…)")
    }
}

impl TokenResponse {
    pub(crate) fn read(body: &Map<String, Value>) -> Result<Self, Error> {
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let is_bearer = text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        let access_token = text("access_token").filter(|_| is_bearer);
        Ok(Self {
            access_token: access_token.ok_or_else(|| Error::NotIon("it has no bearer token".into()))?.into(),
            refresh_token: text("refresh_token").map(Secret::from),
            id_token: text("id_token").map(str::to_owned),
            expires_in: body.get("expires_in").and_then(Value::as_u64).map(Duration::from_secs),
            scope: text("scope").map(str::to_owned),
        })
    }

    /// The tokens, once the id token is checked.
    pub(crate) fn into_tokens(
        self,
        id_token: Option<IdToken>,
        previous_refresh_token: Option<&Secret>,
    ) -> Tokens {
        Tokens {
            access_token: self.access_token,
            // An org that does not rotate refresh tokens does not repeat them in the response.
            refresh_token: self.refresh_token.or_else(|| previous_refresh_token.cloned()),
            id_token,
            expires_in: self.expires_in,
            scope: self.scope,
        }
    }
    /// The error of a failed check, with the issued tokens. The previous refresh token is not among them, because it belongs
    /// to the caller.
    pub(crate) fn into_error(
        mut self,
        error: Error,
        previous_refresh_token: Option<&Secret>,
    ) -> ExchangeError {
        let previous = previous_refresh_token.map(Secret::reveal);
        self.refresh_token.take_if(|token| Some(token.reveal()) == previous);
        ExchangeError { error, to_revoke: Some(Box::new(self.into_tokens(None, None))) }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for ExchangeError {}

impl From<Error> for ExchangeError {
    fn from(error: Error) -> Self {
        Self { error, to_revoke: None }
    }
}

impl From<ExchangeError> for Error {
    fn from(failed: ExchangeError) -> Self {
        failed.error
    }
}
