//! Health checks and metrics.

use crate::{app::App, http::ApiError, ops::metrics};
use axum::{extract::State, response::IntoResponse};
use http::header;
use latchkey_contract::ProblemCode;

/// `GET /healthz`: the process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the store responds and the server is not stopping. The org may be unreachable: sessions go on.
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, ApiError> {
    if app.is_stopping() {
        return Err(ApiError::Detailed(ProblemCode::Overloaded, "this instance is stopping".to_owned()));
    }
    app.vault.ping().await?;
    Ok("ready\n")
}

/// `GET /metrics`: counters and timings, in the text format of OpenMetrics.
pub(super) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], app.metrics.text())
}
