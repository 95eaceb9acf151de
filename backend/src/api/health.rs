//! Whether the process runs, and whether it can be of use.

use crate::{app::App, problem::ApiError};
use axum::extract::State;
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

/// `GET /metrics`: what has happened so far, in numbers.
pub(super) async fn metrics(State(app): State<App>) -> String {
    app.metrics.text()
}
