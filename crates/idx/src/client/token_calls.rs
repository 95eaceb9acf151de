//! The OAuth calls: redeem a code, refresh and revoke tokens, userinfo, and the address of the org's logout.

use std::time::SystemTime;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use serde_json::{Map, Value};
use url::Url;

use super::org_client::{Client, Retries, json_get};
use crate::call_context::CallContext;
use crate::error::{Error, TokenError};
use crate::flow::stored_flow::{Flow, InteractionCode};
use crate::oauth::id_token::{self, ExpectedNonce, RequiredClaims};
use crate::oauth::jwt::TokenKind;
use crate::oauth::tokens::{ExchangeError, IdToken, TokenResponse, Tokens};
use crate::protocol::response::{oauth_response, refusal};
use crate::secret::Secret;
use crate::transport::Transport;

/// The expectations of one token request. The client itself adds the issuer, the client id and the access token.
struct Expectations<'e> {
    nonce: ExpectedNonce<'e>,
    subject: Option<&'e str>,
    code: Option<&'e str>,
    acr_values: Option<&'e str>,
    max_age: Option<u64>,
}

impl<T: Transport> Client<T> {
    /// Redeems the interaction code of a flow that has succeeded. The returned id token has passed every check.
    ///
    /// A code can be redeemed once, within a minute. If this fails, begin a new flow.
    pub async fn exchange(
        &self,
        flow: &Flow,
        now: SystemTime,
        context: &CallContext,
    ) -> Result<Tokens, ExchangeError> {
        let code = flow.interaction_code().ok_or(Error::NoCode)?;
        self.exchange_code(flow, &code, now, context).await
    }

    /// Redeems a code that the browser has brought back from an identity provider.
    pub async fn exchange_code(
        &self,
        flow: &Flow,
        code: &InteractionCode,
        now: SystemTime,
        context: &CallContext,
    ) -> Result<Tokens, ExchangeError> {
        let code = code.reveal();
        let grant = [("grant_type", "interaction_code".to_owned()), ("interaction_code", code.to_owned())];
        self.redeem(flow, grant, code, now, context).await
    }

    /// Redeems a code of the flow, by the parameters of its grant type.
    pub(super) async fn redeem(
        &self,
        flow: &Flow,
        grant: [(&'static str, String); 2],
        code: &str,
        now: SystemTime,
        context: &CallContext,
    ) -> Result<Tokens, ExchangeError> {
        let mut parameters = grant.to_vec();
        parameters.push(("code_verifier", flow.secrets().code_verifier().reveal().to_owned()));
        parameters.push(("redirect_uri", self.config().redirect_uri.to_string()));
        let response = self.request_tokens(parameters, context).await?;
        let expected = Expectations {
            nonce: ExpectedNonce::Required(flow.secrets().nonce().reveal()),
            subject: None,
            code: Some(code),
            acr_values: flow.assurance().acr_values.as_deref(),
            max_age: flow.assurance().max_age,
        };
        match self.verify_id_token(&response, expected, now, context).await {
            Ok(None) if self.config().scopes.iter().any(|scope| scope == "openid") => {
                Err(response.into_error(Error::Token(TokenError::Missing), None))
            }
            Ok(id_token) => Ok(response.into_tokens(id_token, None)),
            Err(error) => Err(response.into_error(error, None)),
        }
    }

    /// New tokens for a refresh token. A new id token must have the same subject.
    pub async fn refresh(
        &self,
        tokens: &Tokens,
        now: SystemTime,
        context: &CallContext,
    ) -> Result<Tokens, ExchangeError> {
        let refresh_token = tokens.refresh_token.as_ref().ok_or(Error::NoCode)?;
        let parameters = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", refresh_token.reveal().to_owned()),
            ("scope", self.config().scopes.join(" ")),
        ];
        let response = self.request_tokens(parameters, context).await?;
        let previous = tokens.id_token.as_ref();
        let expected = Expectations {
            nonce: ExpectedNonce::Optional(previous.and_then(IdToken::nonce)),
            subject: previous.map(IdToken::subject),
            code: None,
            acr_values: None,
            max_age: None,
        };
        match self.verify_id_token(&response, expected, now, context).await {
            Ok(id_token) => {
                Ok(response.into_tokens(id_token.or_else(|| previous.cloned()), Some(refresh_token)))
            }
            Err(error) => Err(response.into_error(error, Some(refresh_token))),
        }
    }

    /// Revokes a token. Revoking a refresh token revokes its access tokens too.
    pub async fn revoke(&self, token: &Secret, context: &CallContext) -> Result<(), Error> {
        let discovery = self.discovery().await?;
        let parameters = vec![("token", token.reveal().to_owned())];
        let request = self.oauth_request(&discovery.revocation, parameters, context)?;
        let response = self.send(Retries::None, request).await?;
        if response.status().is_success() { Ok(()) } else { Err(refusal(&response)) }
    }

    /// The claims that the org has about the person now. Their subject must be the one of the id token.
    pub async fn userinfo(
        &self,
        access_token: &Secret,
        subject: &str,
        context: &CallContext,
    ) -> Result<Map<String, Value>, Error> {
        let discovery = self.discovery().await?;
        let mut headers = context.headers(false);
        let bearer = HeaderValue::from_str(&format!("Bearer {}", access_token.reveal()));
        let mut bearer = bearer.map_err(|_| Error::Token(TokenError::Shape))?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        let response = self.send(Retries::None, json_get(&discovery.userinfo, headers)?).await?;
        let claims = oauth_response(&response, SystemTime::now())?;
        if claims.get("sub").and_then(Value::as_str) == Some(subject) {
            Ok(claims)
        } else {
            Err(Error::Token(TokenError::Subject))
        }
    }

    /// The address to send the browser to, so that the session at the org ends too (RP-initiated logout).
    pub async fn logout_url(
        &self,
        id_token: &IdToken,
        return_to: Option<&Url>,
        state: Option<&str>,
    ) -> Result<Url, Error> {
        let discovery = self.discovery().await?;
        let mut url =
            Url::parse(&discovery.end_session).map_err(|error| Error::Discovery(error.to_string()))?;
        let mut query = url.query_pairs_mut();
        query.append_pair("id_token_hint", id_token.raw.reveal());
        if let Some(return_to) = return_to {
            query.append_pair("post_logout_redirect_uri", return_to.as_str());
        }
        if let Some(state) = state {
            query.append_pair("state", state);
        }
        drop(query);
        Ok(url)
    }

    async fn request_tokens(
        &self,
        parameters: Vec<(&'static str, String)>,
        context: &CallContext,
    ) -> Result<TokenResponse, Error> {
        let discovery = self.discovery().await?;
        let request = self.oauth_request(&discovery.token, parameters, context)?;
        let response = self.send(Retries::None, request).await?;
        TokenResponse::read(&oauth_response(&response, SystemTime::now())?)
    }

    async fn verify_id_token(
        &self,
        response: &TokenResponse,
        expected: Expectations<'_>,
        now: SystemTime,
        context: &CallContext,
    ) -> Result<Option<IdToken>, Error> {
        let Some(id_token) = response.id_token.as_deref() else { return Ok(None) };
        let discovery = self.discovery().await?;
        let keys = self.keys_for(id_token, TokenKind::Id, now, context).await?;
        let expected = RequiredClaims {
            issuer: &discovery.issuer,
            client_id: &self.config().client_id,
            nonce: expected.nonce,
            subject: expected.subject,
            access_token: response.access_token.reveal(),
            code: expected.code,
            acr_values: expected.acr_values,
            max_age: expected.max_age,
        };
        id_token::verify(id_token, &keys, &expected, now).map(Some).map_err(Error::Token)
    }
}
