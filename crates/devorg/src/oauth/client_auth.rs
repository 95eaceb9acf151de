//! Client authentication.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::error::OAuthError;
use super::jwt::{claims, is_signed};
use crate::clock::Timestamp;
use crate::credentials::constant_time;
use crate::org::settings::app::OrgApp;
use crate::org::used_assertions::UsedAssertions;

/// The fields of a form or query.
pub(crate) type Fields = BTreeMap<String, String>;

/// The authentication data of a request: the `Authorization` header and the form.
pub(crate) struct ClientRequest<'a> {
    pub(crate) authorization: Option<&'a str>,
    pub(crate) fields: &'a Fields,
    /// The accepted audiences of a client assertion.
    pub(crate) audiences: &'a [String],
    pub(crate) now: Timestamp,
}

impl ClientRequest<'_> {
    /// Authenticates the client by the method its app requires.
    pub(crate) fn authenticate<'a>(
        &self,
        apps: &'a BTreeMap<String, OrgApp>,
        used: &mut UsedAssertions,
    ) -> Result<&'a OrgApp, OAuthError> {
        let (id, secret) = self.credentials();
        let app = id.as_deref().and_then(|id| apps.get(id)).ok_or(OAuthError::UnknownClient)?;
        let refuse = || {
            OAuthError::new(
                "invalid_client",
                "The client secret supplied for a confidential client is invalid.",
            )
        };
        if let Some(assertion) = self.fields.get("client_assertion") {
            return self.is_valid_assertion(app, assertion, used).then_some(app).ok_or_else(refuse);
        }
        match (&app.client_secret, secret) {
            (Some(kept), Some(given)) if constant_time::equal(kept, &given) => Ok(app),
            (None, _) if app.jwks.is_none() => Ok(app),
            _ => Err(refuse()),
        }
    }

    /// The client id and secret in the request.
    pub(crate) fn credentials(&self) -> (Option<String>, Option<String>) {
        let basic = self.authorization.and_then(|header| header.strip_prefix("Basic "));
        let basic = basic
            .and_then(|text| STANDARD.decode(text.trim()).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let field = |name: &str| self.fields.get(name).filter(|value| !value.is_empty()).cloned();
        match basic {
            // A public client sends its id without a colon.
            Some(pair) => {
                let (id, secret) = pair.split_once(':').unwrap_or((&pair, ""));
                (Some(plain(id)), Some(plain(secret)).filter(|s| !s.is_empty()))
            }
            None => {
                let asserted = || {
                    self.fields
                        .get("client_assertion")
                        .and_then(|a| claims(a)?.get("sub")?.as_str().map(str::to_owned))
                };
                (field("client_id").or_else(asserted), field("client_secret"))
            }
        }
    }

    /// Verifies `private_key_jwt` (RFC 7523). As at Okta, an assertion needs an id, and works once.
    fn is_valid_assertion(&self, app: &OrgApp, assertion: &str, used: &mut UsedAssertions) -> bool {
        let Some(claims) = claims(assertion) else { return false };
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let audience = match claims.get("aud") {
            Some(Value::String(one)) => self.audiences.contains(one),
            Some(Value::Array(many)) => {
                many.iter().filter_map(Value::as_str).any(|a| self.audiences.iter().any(|b| a == b))
            }
            _ => false,
        };
        let expires_at =
            claims.get("exp").and_then(Value::as_u64).filter(|expires_at| *expires_at > self.now.seconds());
        let (Some(expires_at), Some(id)) = (expires_at, text("jti")) else { return false };
        let is_own = text("iss") == Some(&app.client_id) && text("sub") == Some(&app.client_id);
        audience
            && is_own
            && app.jwks.as_ref().is_some_and(|keys| is_signed(assertion, keys))
            && used.is_first_use(&app.client_id, id, expires_at, self.now)
    }
}

fn plain(text: &str) -> String {
    url::form_urlencoded::parse(format!("v={}", text.replace('+', "%2B")).as_bytes())
        .next()
        .map_or_else(|| text.to_owned(), |(_, value)| value.into_owned())
}
