//! Tokens: for a code, for a refresh token, and what can be done with them.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};
use url::Url;

use crate::client::{Call, Client, get};
use crate::config::Context;
use crate::error::{Error, ExchangeError};
use crate::flow::{Flow, InteractionCode};
use crate::keys::{KeyRing, Keys};
use crate::reply;
use crate::secret::Secret;
use crate::token::{self, Expected, Flaw, IdToken, Nonce, TokenKind, Tokens};
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// Redeems the code of a flow that has succeeded. The id token has passed every check when this returns.
    ///
    /// A code is good once and for a minute: if this fails, the flow has to begin anew.
    pub async fn exchange(
        &self,
        flow: &Flow,
        now: SystemTime,
        context: &Context,
    ) -> Result<Tokens, ExchangeError> {
        let code = flow.interaction_code().ok_or(Error::NoCode)?;
        self.exchange_code(flow, &code, now, context).await
    }

    /// Redeems a code that came with the browser, back from an identity provider.
    pub async fn exchange_code(
        &self,
        flow: &Flow,
        code: &InteractionCode,
        now: SystemTime,
        context: &Context,
    ) -> Result<Tokens, ExchangeError> {
        let attempt = flow.attempt();
        let pairs = vec![
            ("grant_type", "interaction_code".to_owned()),
            ("interaction_code", code.reveal().to_owned()),
            ("code_verifier", attempt.verifier().reveal().to_owned()),
            ("redirect_uri", self.config().redirect_uri.to_string()),
        ];
        let given = self.ask_for_tokens(pairs, context).await?;
        let expected = Wanted {
            nonce: Nonce::Must(attempt.nonce().reveal()),
            subject: None,
            code: Some(code.reveal()),
            acr: flow.asked().acr_values.as_deref(),
            max_age: flow.asked().max_age,
        };
        match self.check(given.id_token.as_deref(), &given.access_token, expected, now, context).await {
            Ok(None) if self.config().scopes.iter().any(|scope| scope == "openid") => {
                Err(given.not_believed(Error::Token(Flaw::Missing), None))
            }
            Ok(id_token) => Ok(given.with(id_token, None)),
            Err(error) => Err(given.not_believed(error, None)),
        }
    }

    /// New tokens for a refresh token. If a new id token comes with them it must be about the same person.
    pub async fn refresh(
        &self,
        tokens: &Tokens,
        now: SystemTime,
        context: &Context,
    ) -> Result<Tokens, ExchangeError> {
        let refresh = tokens.refresh_token.as_ref().ok_or(Error::NoCode)?;
        let pairs = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", refresh.reveal().to_owned()),
            ("scope", self.config().scopes.join(" ")),
        ];
        let given = self.ask_for_tokens(pairs, context).await?;
        let before = tokens.id_token.as_ref();
        let expected = Wanted {
            nonce: Nonce::May(before.and_then(IdToken::nonce)),
            subject: before.map(IdToken::subject),
            code: None,
            acr: None,
            max_age: None,
        };
        match self.check(given.id_token.as_deref(), &given.access_token, expected, now, context).await {
            Ok(id_token) => Ok(given.with(id_token.or_else(|| before.cloned()), Some(refresh))),
            Err(error) => Err(given.not_believed(error, Some(refresh))),
        }
    }

    /// Makes a token worthless. Revoking the refresh token takes the access tokens with it.
    pub async fn revoke(&self, token: &Secret, context: &Context) -> Result<(), Error> {
        let discovery = self.discovery().await?;
        let request = self.proven_form(
            discovery.revocation.clone(),
            vec![("token", token.reveal().to_owned())],
            context,
        )?;
        let response = self.send(Call::Once, request).await?;
        if response.is_success() { Ok(()) } else { Err(reply::refusal(&response)) }
    }

    /// What the org knows of the person. It must be the person of the id token.
    pub async fn userinfo(
        &self,
        access_token: &Secret,
        subject: &str,
        context: &Context,
    ) -> Result<Map<String, Value>, Error> {
        let discovery = self.discovery().await?;
        let mut request = get(discovery.userinfo.clone(), context);
        request.headers.push(("authorization", format!("Bearer {}", access_token.reveal())));
        let response = self.send(Call::Once, request).await?;
        let claims = reply::oauth(&response, SystemTime::now())?;
        if claims.get("sub").and_then(Value::as_str) == Some(subject) {
            Ok(claims)
        } else {
            Err(Error::Token(Flaw::Subject))
        }
    }

    /// Where to send the browser to end the session at the org as well.
    pub async fn logout_url(
        &self,
        id_token: &IdToken,
        back_to: Option<&Url>,
        state: Option<&str>,
    ) -> Result<Url, Error> {
        let discovery = self.discovery().await?;
        let mut url =
            Url::parse(&discovery.end_session).map_err(|error| Error::Discovery(error.to_string()))?;
        let mut query = url.query_pairs_mut();
        query.append_pair("id_token_hint", id_token.raw.reveal());
        if let Some(back_to) = back_to {
            query.append_pair("post_logout_redirect_uri", back_to.as_str());
        }
        if let Some(state) = state {
            query.append_pair("state", state);
        }
        drop(query);
        Ok(url)
    }

    async fn ask_for_tokens(
        &self,
        pairs: Vec<(&'static str, String)>,
        context: &Context,
    ) -> Result<Given, Error> {
        let discovery = self.discovery().await?;
        let request = self.proven_form(discovery.token.clone(), pairs, context)?;
        let response = self.send(Call::Once, request).await?;
        Given::read(&reply::oauth(&response, SystemTime::now())?)
    }

    async fn check(
        &self,
        id_token: Option<&str>,
        access_token: &Secret,
        wanted: Wanted<'_>,
        now: SystemTime,
        context: &Context,
    ) -> Result<Option<IdToken>, Error> {
        let Some(id_token) = id_token else { return Ok(None) };
        let discovery = self.discovery().await?;
        let keys = self.keys_for(id_token, TokenKind::Id, now, context).await?;
        let expected = Expected {
            issuer: &discovery.issuer,
            client_id: &self.config().client_id,
            nonce: wanted.nonce,
            subject: wanted.subject,
            access_token: access_token.reveal(),
            code: wanted.code,
            acr: wanted.acr,
            max_age: wanted.max_age,
        };
        token::verify(id_token, &keys, &expected, now).map(Some).map_err(Error::Token)
    }

    /// The org's keys, the one that has signed this token among them if it is the org's.
    pub(crate) async fn keys_for(
        &self,
        token: &str,
        kind: TokenKind,
        now: SystemTime,
        context: &Context,
    ) -> Result<Keys, Error> {
        let discovery = self.discovery().await?;
        let kid = token::key_id(token, kind).map_err(Error::Token)?;
        Ok(self.keys_with(&kid, &discovery.keys, now, context).await)
    }

    /// The org's keys, asked for again if this one is not among them; but at most once a minute, whoever asks.
    async fn keys_with(&self, id: &str, address: &str, now: SystemTime, context: &Context) -> Keys {
        // Held while asking, so that many callers ask once.
        let mut ring = self.shared.keys.lock().await;
        if ring.should_ask(id, now) {
            self.renew(&mut ring, address, now, context).await;
        }
        ring.believed(now)
    }

    /// When the org cannot give its keys now, the last good ones stay.
    async fn renew(&self, ring: &mut KeyRing, address: &str, now: SystemTime, context: &Context) {
        let Ok(response) = self.send(Call::Keys, get(address.to_owned(), context)).await else { return };
        if response.is_success()
            && let Ok(keys) = response.text().and_then(Keys::read)
        {
            ring.take(keys, now);
        }
    }
}

/// What the id token must be held to, beyond what the client knows itself.
struct Wanted<'w> {
    nonce: Nonce<'w>,
    subject: Option<&'w str>,
    code: Option<&'w str>,
    acr: Option<&'w str>,
    max_age: Option<u64>,
}

/// A token response before its id token has been checked.
struct Given {
    access_token: Secret,
    refresh_token: Option<Secret>,
    id_token: Option<String>,
    expires_in: Option<Duration>,
    scope: Option<String>,
}

impl Given {
    fn read(body: &Map<String, Value>) -> Result<Self, Error> {
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

    fn with(self, id_token: Option<IdToken>, former_refresh_token: Option<&Secret>) -> Tokens {
        Tokens {
            access_token: self.access_token,
            // An org that does not rotate refresh tokens does not repeat them either.
            refresh_token: self.refresh_token.or_else(|| former_refresh_token.cloned()),
            id_token,
            expires_in: self.expires_in,
            scope: self.scope,
        }
    }

    /// The error, with the tokens that the org has given all the same. The former refresh token is not one of them: it
    /// belongs to the caller.
    fn not_believed(mut self, error: Error, former_refresh_token: Option<&Secret>) -> ExchangeError {
        let former = former_refresh_token.map(Secret::reveal);
        self.refresh_token.take_if(|token| Some(token.reveal()) == former);
        ExchangeError { error, to_revoke: Some(Box::new(self.with(None, None))) }
    }
}
