//! The authorization code flow with PKCE (RFC 6749, RFC 7636): the org shows the sign-in on its own page.

use std::time::SystemTime;

use serde_json::json;
use url::Url;

use super::org_client::Client;
use crate::call_context::CallContext;
use crate::error::{Error, TokenError};
use crate::flow::flow_secrets::FlowSecrets;
use crate::flow::position::Position;
use crate::flow::stored_flow::{Flow, RequestedAssurance};
use crate::intent::Intent;
use crate::oauth::tokens::{ExchangeError, Tokens};
use crate::protocol::document::Document;
use crate::protocol::names::Severity;
use crate::secret::Secret;
use crate::transport::Transport;

/// What the org's own page is asked for.
#[derive(Debug, Clone, Default)]
pub struct AuthorizeOptions {
    /// The username that the person probably uses.
    pub login_hint: Option<String>,
    /// The assurance to request. The id token is checked against it.
    pub acr_values: Option<String>,
    /// The maximum age of the sign-in, in seconds. The id token is checked against it.
    pub max_age: Option<u64>,
    /// The id of the identity provider to sign in with.
    pub idp: Option<String>,
    /// Whether the org shows its page, such as `login` or `none`.
    pub prompt: Option<String>,
    /// A message for the person, beside the step that leads to the page.
    pub notice: Option<Notice>,
}

/// A message of the app, about what the org's page has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its severity.
    pub severity: Severity,
    /// Its text.
    pub text: &'static str,
}

/// What the browser has brought back from the org's own page.
#[derive(Debug, Clone)]
pub struct AuthorizationResponse {
    /// The authorization code.
    pub code: Secret,
    /// The `iss` of the response (RFC 9207).
    pub issuer: Option<String>,
}

impl AuthorizeOptions {
    /// The request of a flow at the org's page, read from the address that it leads to. None for any other flow.
    #[must_use]
    pub fn of(flow: &Flow) -> Option<Self> {
        let step = flow.transaction().next_step.filter(|_| flow.is_at_org())?;
        let address = Url::parse(step.href.as_deref()?).ok()?;
        let value = |name: &str| {
            address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        Some(Self {
            login_hint: value("login_hint"),
            acr_values: flow.acr_values().map(str::to_owned),
            max_age: flow.max_age(),
            idp: value("idp"),
            prompt: value("prompt"),
            notice: None,
        })
    }
}

impl<T: Transport> Client<T> {
    /// A flow with one step: a redirect to the org's own page. Only the discovery document is fetched.
    pub async fn authorize(&self, options: &AuthorizeOptions, secrets: FlowSecrets) -> Result<Flow, Error> {
        let discovery = self.discovery().await?;
        let config = self.config();
        let mut address =
            Url::parse(&discovery.authorization).map_err(|error| Error::Discovery(error.to_string()))?;
        let optional = [
            ("login_hint", options.login_hint.clone()),
            ("acr_values", options.acr_values.clone()),
            ("max_age", options.max_age.map(|seconds| seconds.to_string())),
            ("idp", options.idp.clone()),
            ("prompt", options.prompt.clone()),
        ];
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &config.client_id)
            .append_pair("scope", &config.scopes.join(" "))
            .append_pair("redirect_uri", config.redirect_uri.as_str())
            .append_pair("state", secrets.state().reveal())
            .append_pair("nonce", secrets.nonce().reveal())
            .append_pair("code_challenge", &secrets.code_challenge())
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(optional.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
        let host = config.issuer.host_str().unwrap_or_default();
        let messages = options
            .notice
            .iter()
            .map(|notice| json!({ "message": notice.text, "class": notice.severity.as_str() }));
        let document = json!({
            "version": "1.0.0",
            "messages": { "type": "array", "value": messages.collect::<Vec<_>>() },
            "remediation": { "type": "array", "value": [{
                "name": "redirect-idp",
                "type": "OIDC",
                "idp": { "id": ORG, "name": host },
                "href": address.as_str(),
                "method": "GET",
            }] },
        });
        let document = Document::read(document.to_string())?;
        let assurance =
            RequestedAssurance { acr_values: options.acr_values.clone(), max_age: options.max_age };
        let mut flow =
            Flow::new(Intent::Authenticate, secrets, Secret::from(""), assurance, Vec::new(), document);
        flow.set_position(Position::AtForm(0));
        Ok(flow)
    }

    /// Redeems the code that the browser has brought back. The returned id token has passed every check.
    pub async fn exchange_authorization_code(
        &self,
        flow: &Flow,
        response: &AuthorizationResponse,
        now: SystemTime,
        context: &CallContext,
    ) -> Result<Tokens, ExchangeError> {
        let discovery = self.discovery().await?;
        let is_own_issuer = match &response.issuer {
            Some(issuer) => *issuer == discovery.issuer,
            None => !discovery.has_issuer_in_response,
        };
        if !is_own_issuer {
            return Err(Error::Token(TokenError::Issuer).into());
        }
        let code = response.code.reveal();
        let grant = [("grant_type", "authorization_code".to_owned()), ("code", code.to_owned())];
        self.redeem(flow, grant, code, now, context).await
    }
}

/// The id of the org among identity providers.
const ORG: &str = "org";
