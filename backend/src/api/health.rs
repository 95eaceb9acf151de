//! Whether the process runs, and whether it can be of use.

use crate::{app::App, ops::metrics, problem::ApiError};
use axum::{extract::State, response::IntoResponse};
use http::header;
use latchkey_contract::ProblemCode;

/// `GET /healthz`: the process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the store answers, and will. The org may be away; whoever is signed in stays so.
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, ApiError> {
    if app.is_leaving() {
        return Err(ApiError::Detailed(
            ProblemCode::Overloaded,
            "this instance has been told to end".to_owned(),
        ));
    }
    app.vault.ping().await?;
    Ok("ready\n")
}

/// `GET /metrics`: counters and timings, in the text format of OpenMetrics.
pub(super) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], app.metrics.text())
}
