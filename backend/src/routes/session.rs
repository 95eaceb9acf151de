//! Who is signed in, and signing out.

use crate::{
    app::App,
    body::Answers,
    detached::detached,
    guard::Person,
    problem::ApiError,
    session::{Browser, Kept, SignedIn},
    translate,
};
use axum::{Json, extract::State};
use latchkey_contract::{Code, Session, User};
use std::time::{SystemTime, UNIX_EPOCH};

/// `GET /api/session`: whether somebody is signed in, and who.
pub(super) async fn current(State(app): State<App>, browser: Browser) -> Result<Json<Session>, ApiError> {
    let signed_in = SignedIn::find(&app, &browser, SystemTime::now()).await?;
    Ok(Json(match signed_in {
        Some(person) => Session {
            authenticated: true,
            user: Some(translate::user(&person.claims)),
            expires_at: Some(seconds(person.ends())),
        },
        None => Session { authenticated: false, user: None, expires_at: None },
    }))
}

/// `GET /api/userinfo`: what the org says of the person now.
pub(super) async fn userinfo(
    State(app): State<App>,
    signed_in: SignedIn,
    person: Person,
) -> Result<Json<User>, ApiError> {
    let subject = signed_in.subject().unwrap_or_default();
    let claims = app.org.userinfo(&signed_in.access_token, subject, &person.into()).await?;
    Ok(Json(translate::user(&claims)))
}

/// `POST /api/logout`: the session ends here, at once, and then its tokens at the org.
pub(super) async fn logout(
    State(app): State<App>,
    browser: Browser,
    person: Person,
    Answers(_): Answers,
) -> Result<Json<Session>, ApiError> {
    let kept = match browser.ticket() {
        Some(ticket) => Kept::find(&app.vault, ticket).await.or_else(already_gone)?,
        None => None,
    };
    browser.forget().await?;
    let work = async move {
        if let Some(kept) = kept
            && let Some(grant) = kept.end().await?.into_grant()
        {
            app.revoke_later(grant, person.into());
        }
        Ok(())
    };
    detached(work).await?;
    Ok(Json(Session { authenticated: false, user: None, expires_at: None }))
}

/// Signing out twice is signing out.
fn already_gone(error: ApiError) -> Result<Option<Kept>, ApiError> {
    match error {
        ApiError::Plain(Code::NotSignedIn) => Ok(None),
        other => Err(other),
    }
}

fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
