//! Forwards calls to an app's own API with the person's access token, which stays on the server.

use crate::{
    app::App,
    detached::detached,
    http::ApiError,
    http::ClientContext,
    http::json_body::whole,
    session::SignedIn,
    upstream::{request_headers, response_headers},
};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http_body_util::Limited;
use latchkey_contract::ProblemCode;

/// The largest request body, and the largest response body.
const MAX_REQUEST_BYTES: usize = 1024 * 1024;
const MAX_RESPONSE_BYTES: usize = 64 * 1024 * 1024;

/// Any method of `/api/proxy/{name}/{path}`: forwards to that upstream, if its allow list has the method and path.
pub(super) async fn forward(
    State(app): State<App>,
    signed_in: SignedIn,
    client: ClientContext,
    request: Request,
) -> Result<Response, ApiError> {
    // The undecoded path: a path that is decoded twice may mean something else.
    let (name, path) = request
        .uri()
        .path()
        .strip_prefix("/api/proxy/")
        .and_then(|rest| rest.split_once('/'))
        .ok_or(ProblemCode::NotFound)?;
    let (upstream, http_client) =
        app.upstreams.0.get(name).zip(app.upstream_client.as_ref()).ok_or(ProblemCode::NotFound)?;
    let target =
        upstream.target(request.method(), path, request.uri().query()).ok_or(ProblemCode::NotFound)?;
    let token = {
        let app = app.clone();
        detached(Box::pin(async move { signed_in.access_token(&app.sessions, &client.into()).await })).await?
    };
    let (parts, body) = request.into_parts();
    let call = http_client
        .request(parts.method, target.url)
        .headers(request_headers(&parts.headers, token.reveal()).ok_or(ProblemCode::Internal)?)
        .body(whole(body, MAX_REQUEST_BYTES).await?);
    let answer = match tokio::time::timeout(app.upstream_timeout, call.send()).await {
        Ok(Ok(answer)) => http::Response::from(answer),
        Ok(Err(error)) if error.is_timeout() => return Err(ProblemCode::UpstreamTimeout.into()),
        Ok(Err(_)) => return Err(ProblemCode::UpstreamUnreachable.into()),
        Err(_) => return Err(ProblemCode::UpstreamTimeout.into()),
    };
    // 101 and other informational statuses would switch the protocol, which no request asked for.
    if answer.status().is_informational() {
        return Err(ProblemCode::UpstreamUnreachable.into());
    }
    let (parts, body) = answer.into_parts();
    let mut response = Body::new(Limited::new(body, MAX_RESPONSE_BYTES)).into_response();
    *response.status_mut() = parts.status;
    *response.headers_mut() = response_headers(&parts.headers, target.caching);
    Ok(response)
}
