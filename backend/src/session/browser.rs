//! The browser at the other end: which session it names, and the name it is given next.

use super::cookie::SessionCookie;
use crate::http::ApiError;
use async_trait::async_trait;
use axum::extract::FromRequestParts;
use http::request::Parts;
use latchkey_contract::ProblemCode;
use latchkey_vault::SessionHandle;
use std::{collections::HashMap, sync::atomic::Ordering};
use time::OffsetDateTime;
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store,
};

/// A browser, by its session.
pub struct Browser {
    session: Session,
    carried: SessionCookie,
}

impl Browser {
    /// What it brought.
    pub fn handle(&self) -> Option<&SessionHandle> {
        self.carried.handle.as_ref()
    }

    /// Whether it brought neither of the two cookies that each browser is given with its first flow.
    pub fn has_no_cookie(&self) -> bool {
        self.carried.handle.is_none() && !self.carried.device
    }

    /// A new name for the session. It does not go out before `adopt` says that there is a record under it.
    pub async fn rename(&self) -> Result<SessionHandle, ApiError> {
        let failed = |_| ApiError::from(ProblemCode::Internal);
        self.session.cycle_id().await.map_err(failed)?;
        self.session.save().await.map_err(failed)?;
        let id = self.session.id().ok_or(ProblemCode::Internal)?;
        Ok(SessionHandle::new(id.0.to_le_bytes(), self.carried.next.clone()))
    }

    /// The record stands under the new name: that goes out with the answer, unless the answer is a failure of the server.
    pub fn adopt(&self) {
        self.carried.adopted.store(true, Ordering::Release);
    }

    /// Takes the name away from it.
    pub async fn forget(&self) -> Result<(), ApiError> {
        match self.handle() {
            Some(_) => self.session.flush().await.map_err(|_| ProblemCode::Internal.into()),
            None => Ok(()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let session = parts.extensions.get::<Session>().cloned();
        let carried = parts.extensions.get::<SessionCookie>().cloned();
        match (session, carried) {
            (Some(session), Some(carried)) => Ok(Self { session, carried }),
            _ => Err(ProblemCode::Internal.into()),
        }
    }
}

/// The store of the session layer. A session there is its name and nothing else: what is kept under that name is in the
/// vault, so there is nothing here that two requests could overwrite or a late one bring back.
#[derive(Clone, Copy, Debug)]
pub struct HandleStore;

#[async_trait]
impl SessionStore for HandleStore {
    async fn create(&self, _: &mut Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn save(&self, _: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        Ok(Some(Record { id: *id, data: HashMap::new(), expiry_date: OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, _: &Id) -> session_store::Result<()> {
        Ok(())
    }
}
