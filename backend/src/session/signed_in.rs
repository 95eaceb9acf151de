//! The person who is signed in with the session that calls.

use super::{Browser, Grant, Sessions, StoredRecord, index};
use crate::http::ApiError;
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use latchkey_contract::ProblemCode;
use latchkey_vault::Commit;
use std::{
    ops::Deref,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// A life is extended only when this part of the idle time has passed, so that not every call writes.
const TOUCH_PART_OF_IDLE: u32 = 20;

/// A person who is signed in.
pub struct SignedIn {
    pub(super) stored: StoredRecord,
    grant: Grant,
}

impl SignedIn {
    /// The person with this browser's session, if one is signed in. The session's idle time starts again.
    pub async fn find(
        sessions: &Sessions,
        browser: &Browser,
        now: SystemTime,
    ) -> Result<Option<Self>, ApiError> {
        let found = Self::find_unattended(sessions, browser, now).await?;
        let Some(mut signed_in) = found else { return Ok(None) };
        if !signed_in.grant.is_indexed {
            signed_in.enter(sessions, now).await?;
        }
        let idle = signed_in.grant.life(now).saturating_sub(signed_in.stored.remaining());
        if idle > signed_in.grant.lifetime.idle / TOUCH_PART_OF_IDLE {
            signed_in.stored.touch(now).await?;
        }
        Ok(Some(signed_in))
    }

    /// The same for a page that polls: the idle time goes on.
    pub async fn find_unattended(
        sessions: &Sessions,
        browser: &Browser,
        now: SystemTime,
    ) -> Result<Option<Self>, ApiError> {
        let Some(handle) = browser.handle() else { return Ok(None) };
        let found = StoredRecord::find_unless_ended(&sessions.vault, handle).await?;
        let Some(stored) = found else { return Ok(None) };
        let grant = stored.record().grant().filter(|grant| grant.life(now) > Duration::ZERO).cloned();
        Ok(grant.map(|grant| Self { stored, grant }))
    }

    /// Enters the session in the person's index, which lacks it or its tokens. While the store cannot take that, the next
    /// use tries again.
    async fn enter(&mut self, sessions: &Sessions, now: SystemTime) -> Result<(), ApiError> {
        if index::renew(sessions, self.stored.key(), &self.grant, now).await.is_err() {
            return Ok(());
        }
        let grant = &self.grant;
        let noted = self.stored.change(now, |record| {
            Ok(if record.set_indexed(grant) { Commit::Write(()) } else { Commit::Skip(()) })
        });
        noted.await
    }

    /// How long the session lives from now if nothing happens.
    pub fn remaining(&self) -> Duration {
        self.stored.remaining()
    }

    /// Its record.
    pub fn stored(&self) -> &StoredRecord {
        &self.stored
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
    Arc<Sessions>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let browser = Browser::from_request_parts(parts, state).await?;
        let sessions = Arc::<Sessions>::from_ref(state);
        let found = Self::find(&sessions, &browser, sessions.clock.now()).await?;
        found.ok_or_else(|| ProblemCode::NotSignedIn.into())
    }
}
