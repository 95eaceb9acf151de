//! The signed-in person, their sessions, and signing out.

use super::answer_check;
use crate::{
    app::App,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::Answers,
    session::index,
    session::moved_sessions,
    session::revocations,
    session::{Browser, SessionToEnd, SignedIn, StoredRecord, seconds},
    translate,
};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use http::StatusCode;
use latchkey_contract::{OwnSessions, ProblemCode, Session, User};
use latchkey_idx::CallContext;
use latchkey_vault::RecordKey;
use serde::Deserialize;
use std::time::SystemTime;

/// The query of `GET /api/session`.
#[derive(Default, Deserialize)]
pub(super) struct TouchQuery {
    /// `0`: a page that polls, which does not extend the session. `1`: the default.
    touch: Option<String>,
}

/// `GET /api/session`: the signed-in person, if any.
pub(super) async fn current(
    State(app): State<App>,
    browser: Browser,
    manner: Result<Query<TouchQuery>, QueryRejection>,
) -> Result<Json<Session>, ApiError> {
    let Query(manner) = manner.map_err(|_| ApiError::invalid("`touch` is 0 or 1"))?;
    let now = app.clock.now();
    let signed_in = match manner.touch.as_deref() {
        Some("0") => SignedIn::find_unattended(&app.sessions, &browser, now).await?,
        Some("1") | None => SignedIn::find(&app.sessions, &browser, now).await?,
        Some(_) => return Err(ApiError::invalid("`touch` is 0 or 1")),
    };
    Ok(Json(match signed_in {
        Some(person) => Session {
            authenticated: true,
            user: Some(translate::user(&person.claims)),
            expires_at: Some(seconds(person.ends())),
            sign_out_href: None,
        },
        None => signed_out(None),
    }))
}

/// `GET /api/userinfo`: the org's current claims about the person.
pub(super) async fn userinfo(
    State(app): State<App>,
    signed_in: SignedIn,
    client: ClientContext,
) -> Result<Json<User>, ApiError> {
    detached(Box::pin(async move {
        let context = client.into();
        let subject = signed_in.subject().unwrap_or_default().to_owned();
        let access_token = signed_in.access_token(&app.sessions, &context).await?;
        let claims = app.org.userinfo(&access_token, &subject, &context).await?;
        Ok(Json(translate::user(&claims)))
    }))
    .await
}

/// `GET /api/sessions`: the sessions of this person.
pub(super) async fn own(State(app): State<App>, signed_in: SignedIn) -> Result<Json<OwnSessions>, ApiError> {
    let sessions = index::list(&app.sessions, signed_in.stored(), &signed_in, app.clock.now()).await?;
    Ok(Json(OwnSessions { sessions }))
}

/// `DELETE /api/sessions/{id}`: ends one of them.
pub(super) async fn end(
    State(app): State<App>,
    signed_in: SignedIn,
    client: ClientContext,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let Path(id) = id.map_err(|_| ProblemCode::NotFound)?;
    detached(Box::pin(async move {
        index::end(&app.sessions, &signed_in, &id, &client.into(), app.clock.now()).await?;
        Ok(StatusCode::NO_CONTENT)
    }))
    .await
}

/// `DELETE /api/sessions`: ends all but this one.
pub(super) async fn end_others(
    State(app): State<App>,
    signed_in: SignedIn,
    client: ClientContext,
) -> Result<StatusCode, ApiError> {
    detached(Box::pin(async move {
        let now = app.clock.now();
        index::end_others(&app.sessions, signed_in.stored(), &signed_in, &client.into(), now).await?;
        Ok(StatusCode::NO_CONTENT)
    }))
    .await
}

/// `POST /api/logout`: ends the session here at once, and then revokes its tokens at the org.
pub(super) async fn logout(
    State(app): State<App>,
    browser: Browser,
    client: ClientContext,
    Answers(values): Answers,
) -> Result<Json<Session>, ApiError> {
    answer_check::check_empty(&values)?;
    let to_end = match browser.handle() {
        Some(handle) => Some(StoredRecord::find_to_end(&app.vault, handle).await?),
        None => None,
    };
    // The address has no token: the org knows its own session by its cookie.
    let org_page = app.org_sign_out.as_ref().map(ToString::to_string);
    detached(Box::pin(async move {
        let (now, context) = (app.clock.now(), client.into());
        match to_end {
            Some(SessionToEnd::Here(stored)) => end_here(&app, *stored, context, now).await,
            Some(SessionToEnd::Elsewhere(key)) => end_elsewhere(&app, key, &context, now).await,
            None => Ok(()),
        }
    }))
    .await?;
    browser.remove_cookie().await?;
    Ok(Json(signed_out(org_page)))
}

fn signed_out(sign_out_href: Option<String>) -> Session {
    Session { authenticated: false, user: None, expires_at: None, sign_out_href }
}

async fn end_here(
    app: &App,
    stored: StoredRecord,
    context: CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let (key, grant) = (stored.key(), stored.record().grant().cloned());
    let pending = match grant {
        Some(grant) => {
            index::forget(&app.sessions, key, &grant, now).await;
            Some(revocations::enqueue(&app.sessions, grant, now).await?)
        }
        None => None,
    };
    stored.end().await?;
    if let Some(pending) = pending {
        app.metrics.happened("signed_out");
        pending.revoke_in_background(&app.sessions, context.clone());
    }
    // It may have moved since it was read.
    end_elsewhere(app, key, &context, now).await
}

/// Signing out under a name from before a rotation ends the session under its new name. Signing out twice is signing out.
async fn end_elsewhere(
    app: &App,
    key: RecordKey,
    context: &CallContext,
    now: SystemTime,
) -> Result<(), ApiError> {
    let Some(found) = moved_sessions::follow(&app.sessions, key).await? else { return Ok(()) };
    if app.vault.is_live(found.key).await? {
        index::end_moved(&app.sessions, &found, context, now).await?;
        app.metrics.happened("signed_out");
    }
    Ok(())
}
