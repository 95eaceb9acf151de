//! The person who is signed in with the session that calls.

use super::{Browser, Grant, Kept};
use crate::{app::App, problem::ApiError};
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use latchkey_contract::Code;
use std::{
    ops::Deref,
    time::{Duration, SystemTime},
};

/// A life is made longer only when this part of it is gone, so that not every call writes.
const WORTH_WRITING: u32 = 20;

/// Somebody who is signed in.
pub struct SignedIn {
    grant: Grant,
}

impl SignedIn {
    /// The person behind this browser, if somebody is signed in. It counts as a sign of life.
    pub async fn find(app: &App, browser: &Browser, now: SystemTime) -> Result<Option<Self>, ApiError> {
        let Some(ticket) = browser.ticket() else { return Ok(None) };
        let Some(mut kept) = Kept::find(&app.vault, ticket).await? else { return Ok(None) };
        let Some(grant) = kept.record().grant().cloned() else { return Ok(None) };
        let life = grant.life(now);
        if life == Duration::ZERO {
            return Ok(None);
        }
        if life.saturating_sub(kept.remaining()) > grant.within.idle / WORTH_WRITING {
            kept.touch(now).await?;
        }
        Ok(Some(Self { grant }))
    }
}

impl Deref for SignedIn {
    type Target = Grant;

    fn deref(&self) -> &Grant {
        &self.grant
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let browser = Browser::from_request_parts(parts, state).await?;
        let found = Self::find(&App::from_ref(state), &browser, SystemTime::now()).await?;
        found.ok_or_else(|| Code::NotSignedIn.into())
    }
}
