//! The session store of one request, in the terms of tower-sessions: its medium is the session cookie.

use async_trait::async_trait;
use latchkey_vault::{RandomSource, SessionHandle};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// The store of one request. A session in it is one handle, created once and never changed, since the cookie holds nothing
/// else; what changes is in the vault under that handle.
#[derive(Debug)]
pub(super) struct CookieStore {
    random: RandomSource,
    state: Mutex<CookieState>,
}

#[derive(Debug)]
struct CookieState {
    brought: Option<SessionHandle>,
    created: Option<SessionHandle>,
    /// The lifetime of the new cookie, once the vault has a record under the created handle.
    adopted: Option<CookieLifetime>,
    is_deleted: bool,
}

/// How long the session cookie lasts in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieLifetime {
    /// Until the browser ends.
    Browser,
    /// So long, also when the browser starts again.
    Fixed(Duration),
}

/// What the response does to the session cookie.
pub(super) enum CookieChange {
    Leave,
    Set(SessionHandle, CookieLifetime),
    Remove,
}

impl CookieStore {
    /// A store with the handle that the request brought.
    pub(super) fn new(brought: Option<SessionHandle>, random: RandomSource) -> Self {
        let state = CookieState { brought, created: None, adopted: None, is_deleted: false };
        Self { random, state: Mutex::new(state) }
    }

    /// The handle that was created in this request.
    pub(super) fn created(&self) -> Option<SessionHandle> {
        self.state().created.clone()
    }

    /// Notes that the vault has a record under the created handle.
    pub(super) fn adopt(&self, lifetime: CookieLifetime) {
        self.state().adopted = Some(lifetime);
    }

    /// What the response does. A created handle without a record is not sent, and the browser keeps the handle that it has.
    pub(super) fn change(&self) -> CookieChange {
        let state = self.state();
        match (&state.created, state.adopted) {
            (Some(handle), Some(lifetime)) => CookieChange::Set(handle.clone(), lifetime),
            (None, _) if state.is_deleted => CookieChange::Remove,
            (Some(_), None) | (None, _) => CookieChange::Leave,
        }
    }

    fn state(&self) -> MutexGuard<'_, CookieState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CookieState {
    fn has(&self, wanted: Id) -> bool {
        [&self.brought, &self.created].into_iter().flatten().any(|handle| id(handle) == wanted)
    }
}

/// The id of a handle, in the type of tower-sessions.
pub(super) fn id(handle: &SessionHandle) -> Id {
    Id(i128::from_le_bytes(handle.id()))
}

#[async_trait]
impl SessionStore for CookieStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let handle =
            SessionHandle::random(&self.random).map_err(|error| Error::Backend(error.to_string()))?;
        record.id = id(&handle);
        self.state().created = Some(handle);
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        if self.state().has(record.id) && record.data.is_empty() {
            return Ok(());
        }
        Err(Error::Backend("a session cookie holds one handle and no data".to_owned()))
    }

    async fn load(&self, wanted: &Id) -> Result<Option<Record>> {
        let has = self.state().has(*wanted);
        // The vault alone knows whether the session still lives, and for how long.
        Ok(has.then(|| Record { id: *wanted, data: HashMap::new(), expiry_date: OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, wanted: &Id) -> Result<()> {
        let mut state = self.state();
        state.is_deleted |= state.brought.as_ref().is_some_and(|handle| id(handle) == *wanted);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{CookieChange, CookieLifetime, CookieStore, id};
    use latchkey_vault::{RandomSource, SessionHandle};
    use std::sync::Arc;
    use tower_sessions::Session;

    fn request() -> (SessionHandle, Arc<CookieStore>, Session) {
        let handle = SessionHandle::random(&RandomSource::system()).unwrap();
        let store = Arc::new(CookieStore::new(Some(handle.clone()), RandomSource::system()));
        let session = Session::new(Some(id(&handle)), store.clone(), None);
        (handle, store, session)
    }

    #[tokio::test]
    async fn a_request_that_changes_nothing_leaves_the_cookie_alone() {
        let (handle, store, session) = request();
        session.load().await.unwrap();
        assert_eq!(session.id(), Some(id(&handle)));
        assert!(matches!(store.change(), CookieChange::Leave));
    }

    #[tokio::test]
    async fn sec_15_a_new_handle_is_sent_only_once_its_record_is_stored() {
        let (brought, store, session) = request();
        session.cycle_id().await.unwrap();
        session.save().await.unwrap();
        let created = store.created().unwrap();
        assert!(session.id() == Some(id(&created)) && created.write() != brought.write());
        assert!(matches!(store.change(), CookieChange::Leave));
        store.adopt(CookieLifetime::Browser);
        let CookieChange::Set(sent, CookieLifetime::Browser) = store.change() else {
            panic!("it is not sent")
        };
        assert_eq!(sent.write(), created.write());
    }

    #[tokio::test]
    async fn a_session_that_is_flushed_loses_its_cookie() {
        let (_, store, session) = request();
        session.flush().await.unwrap();
        assert!(matches!(store.change(), CookieChange::Remove));
    }

    #[tokio::test]
    async fn a_session_takes_no_data() {
        let (_, _, session) = request();
        session.insert("name", "Mary").await.unwrap();
        assert!(session.save().await.is_err());
    }
}
