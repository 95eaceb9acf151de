//! Access to the account of the person who calls: a call that was counted, with a valid access token.

use crate::{
    abuse::rate_limit::RateKey, app::App, detached::detached, http::ApiError, http::ClientContext,
    org::OrgTransport, session::SignedIn,
};
use axum::extract::FromRequestParts;
use http::request::Parts;
use latchkey_idx::{CallContext, OwnAccount, Secret};

/// Access to the account of the person who calls.
pub(crate) struct AccountAccess {
    app: App,
    token: Secret,
    context: CallContext,
}

impl AccountAccess {
    /// The account at the org.
    pub(super) fn account(&self) -> OwnAccount<'_, OrgTransport> {
        self.app.org.account(&self.token, &self.context)
    }

    /// The scopes that this server requests.
    pub(super) fn scopes(&self) -> &[String] {
        &self.app.org.config().scopes
    }
}

impl FromRequestParts<App> for AccountAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        let Ok(person) = ClientContext::from_request_parts(parts, app).await;
        let now = app.clock.now();
        if let Some(address) = person.address {
            app.limits.take(RateKey::AnswersOfAddress(address), now).await?;
        }
        app.limits.take(RateKey::Session(&signed_in.stored().key().0), now).await?;
        let context = CallContext::from(person);
        let (here, caller) = (app.clone(), context.clone());
        let token =
            detached(Box::pin(async move { signed_in.access_token(&here.sessions, &caller).await })).await?;
        Ok(Self { app: app.clone(), token, context })
    }
}
