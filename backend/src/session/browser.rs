//! The browser that calls: the session handle that it brought, and the one that the response gives it.

use super::cookie::CookieKind;
use super::cookie_store::{CookieChange, CookieLifetime, CookieStore, id};
use crate::http::{ApiError, Device};
use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::Response,
};
use http::{header, request::Parts};
use latchkey_contract::ProblemCode;
use latchkey_vault::{NoRandomness, RandomSource, SessionHandle};
use std::sync::Arc;
use tower_sessions::Session;

/// How cookies are named, and where new handles come from.
#[derive(Clone)]
pub struct SessionCookies {
    /// The names and attributes.
    pub kind: CookieKind,
    /// Random bytes for handles and device names.
    pub random: RandomSource,
}

/// The browser that calls, by its session cookie.
#[derive(Clone)]
pub struct Browser {
    session: Session,
    store: Arc<CookieStore>,
    handle: Option<SessionHandle>,
    has_device: bool,
}

/// Reads the cookies of a request, and sets those of its response.
pub async fn with_session(
    State(SessionCookies { kind, random }): State<SessionCookies>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let handle = kind.read_session(request.headers())?;
    let brought_device = kind.read_device(request.headers());
    let has_device = brought_device.is_some();
    let device = brought_device.map_or_else(|| random.hex::<16>(), Ok)?;
    // No handler needs the cookies themselves, and no upstream gets them.
    request.headers_mut().remove(header::COOKIE);
    let store = Arc::new(CookieStore::new(handle.clone(), random));
    let session = Session::new(handle.as_ref().map(id), store.clone(), None);
    request.extensions_mut().insert(Browser { session, store: store.clone(), handle, has_device });
    request.extensions_mut().insert(Device(device.clone()));
    let mut response = next.run(request).await;
    let session_line = match store.change() {
        CookieChange::Set(handle, lifetime) if !response.status().is_server_error() => {
            kind.set_session(&handle, lifetime)
        }
        CookieChange::Remove => kind.remove_session(),
        CookieChange::Set(..) | CookieChange::Leave => None,
    };
    if let Some(line) = session_line {
        response.headers_mut().append(header::SET_COOKIE, line);
        // A device gets its name with its first session.
        let device_line = if has_device { None } else { kind.set_device(&device) };
        response.headers_mut().extend(device_line.map(|line| (header::SET_COOKIE, line)));
    }
    Ok(response)
}

impl Browser {
    /// The handle that it brought.
    pub fn handle(&self) -> Option<&SessionHandle> {
        self.handle.as_ref()
    }

    /// Whether it brought neither of the two cookies that each browser gets with its first flow.
    pub fn has_no_cookie(&self) -> bool {
        self.handle.is_none() && !self.has_device
    }

    /// A new handle for its session. It is not sent before `adopt`.
    pub async fn new_handle(&self) -> Result<SessionHandle, ApiError> {
        let failed = |_| ApiError::from(ProblemCode::Internal);
        self.session.cycle_id().await.map_err(failed)?;
        self.session.save().await.map_err(failed)?;
        self.store.created().ok_or_else(|| ProblemCode::Internal.into())
    }

    /// The vault has a record under the new handle: the response sends it, unless it is a server error.
    pub fn adopt(&self, lifetime: CookieLifetime) {
        self.store.adopt(lifetime);
    }

    /// Removes its session cookie.
    pub async fn remove_cookie(&self) -> Result<(), ApiError> {
        match self.handle() {
            Some(_) => self.session.flush().await.map_err(|_| ProblemCode::Internal.into()),
            None => Ok(()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ProblemCode::Internal.into())
    }
}

impl From<NoRandomness> for ApiError {
    fn from(_: NoRandomness) -> Self {
        ProblemCode::Internal.into()
    }
}
