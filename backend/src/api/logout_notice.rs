//! Logout notices of the org: sessions that ended there end here.
//!
//! The org calls these, so they need no header of our pages. A notice is authenticated by the org's signature, once; or, in
//! a frame, by the id of the org's own session.

use crate::{
    abuse::rate_limit::RateKey,
    app::App,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::{Answers, MAX_BODY_BYTES, whole},
    session::index::{self, SubjectIdentifier},
};
use axum::{
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    response::IntoResponse,
};
use http::{HeaderMap, StatusCode, header};
use latchkey_contract::{ProblemCode, Value, Values};
use latchkey_idx::{Error, LogoutNotice};
use serde::Deserialize;
use std::time::SystemTime;

/// `POST /logout/back-channel`: OpenID Connect Back-Channel Logout, a form with one token for a person or a session of the org.
pub(super) async fn back_channel(
    State(app): State<App>,
    client: ClientContext,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let now = app.clock.now();
    let ended = async { end_by_token(app.clone(), logout_token(&headers, body).await?, now).await };
    count_if_false(&app, &client, ended.await, now).await
}

/// The one token of the form.
async fn logout_token(headers: &HeaderMap, body: Body) -> Result<String, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(ProblemCode::UnsupportedMediaType.into());
    }
    let body = whole(body, MAX_BODY_BYTES).await?;
    let mut tokens = url::form_urlencoded::parse(&body).filter(|(name, _)| name == "logout_token");
    let (Some((_, token)), None) = (tokens.next(), tokens.next()) else {
        return Err(ApiError::invalid("one logout_token is expected"));
    };
    Ok(token.into_owned())
}

/// Ends the sessions that the token names, if the org has signed it.
async fn end_by_token(app: App, token: String, now: SystemTime) -> Result<StatusCode, ApiError> {
    detached(Box::pin(async move {
        let notice =
            app.org.logout_notice(&token, now).await.map_err(not_believed(ProblemCode::InvalidRequest))?;
        refuse_used(&app, &notice, ProblemCode::InvalidRequest).await?;
        let sid = notice.session.as_deref();
        let subject =
            notice.subject.as_deref().map(SubjectIdentifier::Subject).or(sid.map(SubjectIdentifier::Sid));
        if let Some(subject) = subject {
            index::end_by_notice(&app.sessions, subject, sid, now).await?;
        }
        note_used(&app, &notice).await?;
        app.metrics.happened("ended_by_org");
        Ok(StatusCode::OK)
    }))
    .await
}

/// `POST /logout/universal`: Okta's Universal Logout, which ends all sessions of a person.
pub(super) async fn universal(
    State(app): State<App>,
    client: ClientContext,
    headers: HeaderMap,
    Answers(values): Answers,
) -> Result<StatusCode, ApiError> {
    let now = app.clock.now();
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let ended = match bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(token) => end_everything(app.clone(), token.to_owned(), values, now).await,
        None => Err(ProblemCode::NotSignedIn.into()),
    };
    count_if_false(&app, &client, ended, now).await
}

/// Ends all sessions of the person named beside the token, if the org has signed it.
async fn end_everything(
    app: App,
    token: String,
    values: Values,
    now: SystemTime,
) -> Result<StatusCode, ApiError> {
    detached(Box::pin(async move {
        let address =
            app.org.config().redirect_uri.join("/logout/universal").map_err(|_| ProblemCode::Internal)?;
        let believed = app.org.revocation_notice(&token, address.as_str(), now).await;
        let notice = believed.map_err(not_believed(ProblemCode::NotSignedIn))?;
        let subject = subject(&values, app.org.config().issuer_text())?;
        refuse_used(&app, &notice, ProblemCode::NotSignedIn).await?;
        let is_known = index::end_by_notice(&app.sessions, subject, None, now).await?;
        note_used(&app, &notice).await?;
        if !is_known {
            return Err(ProblemCode::NotFound.into());
        }
        app.metrics.happened("ended_by_org");
        Ok(StatusCode::NO_CONTENT)
    }))
    .await
}

/// The query of the org's frame.
#[derive(Deserialize)]
pub(super) struct FrontChannelQuery {
    iss: String,
    sid: String,
}

/// `GET /logout/front-channel`: OpenID Connect Front-Channel Logout, a frame that the org opens in the person's browser. It
/// has no cookie: the id of the org's session, which only the org and we know, ends the session here.
pub(super) async fn front_channel(
    State(app): State<App>,
    client: ClientContext,
    framed: Result<Query<FrontChannelQuery>, QueryRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let now = app.clock.now();
    if let Some(address) = client.address {
        app.limits.take(RateKey::FrontChannel(address), now).await?;
    }
    let Query(FrontChannelQuery { iss, sid }) =
        framed.map_err(|_| ApiError::invalid("iss and sid are expected"))?;
    let org = app.org.config();
    if iss != org.issuer_text() {
        return Err(ApiError::invalid("iss is another issuer"));
    }
    let frame = format!("default-src 'none'; frame-ancestors {}", org.issuer.origin().ascii_serialization());
    detached(Box::pin(async move {
        if index::end_by_notice(&app.sessions, SubjectIdentifier::Sid(&sid), Some(&sid), now).await? {
            app.metrics.happened("ended_by_org");
        }
        Ok([(header::CONTENT_SECURITY_POLICY, frame)])
    }))
    .await
}

/// The person that `sub_id` names.
fn subject<'a>(values: &'a Values, issuer: &str) -> Result<SubjectIdentifier<'a>, ApiError> {
    let Some(Value::Object(id)) = values.get("sub_id") else {
        return Err(ApiError::invalid("`sub_id` is not an object"));
    };
    let text = |name: &str| id.get(name).and_then(Value::text);
    match (text("format"), text("email"), text("iss"), text("sub")) {
        (Some("email"), Some(email), ..) => Ok(SubjectIdentifier::Email(email)),
        (Some("iss_sub"), _, Some(iss), Some(sub)) if iss == issuer => Ok(SubjectIdentifier::Subject(sub)),
        (Some("iss_sub"), _, Some(_), Some(_)) => Err(ProblemCode::NotFound.into()),
        _ => Err(ApiError::invalid("`sub_id` is neither an email nor an iss_sub")),
    }
}

/// An invalid token is refused; unreachable keys of the org are another error.
fn not_believed(code: ProblemCode) -> impl Fn(Error) -> ApiError {
    move |error| match error {
        Error::Token(flaw) => ApiError::Detailed(code, format!("the token is not believed: {flaw}")),
        other => other.into(),
    }
}

/// Refuses a notice that was used before, on any instance.
async fn refuse_used(app: &App, notice: &LogoutNotice, or_else: ProblemCode) -> Result<(), ApiError> {
    let used: Vec<()> = app.vault.load_each(&used(notice)).await?;
    if used.is_empty() {
        return Ok(());
    }
    Err(ApiError::Detailed(or_else, "the token has been used already".to_owned()))
}

/// Stores that a notice was used, after all its sessions have ended: until then the org can send it again. Two at the same
/// time do the same.
async fn note_used(app: &App, notice: &LogoutNotice) -> Result<(), ApiError> {
    app.vault.create(&app.vault.location_of(&used(notice))?, &(), notice.replay_window).await?;
    Ok(())
}

fn used(notice: &LogoutNotice) -> String {
    format!("notice {}", notice.id)
}

/// Limits forged notices by address. Valid ones are never limited, since the org signs out many people at once. A forged notice
/// costs little: a body of at most 16 KiB, and one signature check if it names a key of the org. The keys are fetched at most
/// once a minute.
async fn count_if_false(
    app: &App,
    client: &ClientContext,
    ended: Result<StatusCode, ApiError>,
    now: SystemTime,
) -> Result<StatusCode, ApiError> {
    let is_false = matches!(
        &ended,
        Err(ApiError::Plain(ProblemCode::NotSignedIn | ProblemCode::UnsupportedMediaType)
            | ApiError::Detailed(ProblemCode::NotSignedIn | ProblemCode::InvalidRequest, _))
    );
    if let (true, Some(address)) = (is_false, client.address) {
        app.limits.take(RateKey::FalseNotices(address), now).await?;
    }
    ended
}
