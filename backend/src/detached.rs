//! Work that goes on when the browser hangs up.

use crate::problem::ApiError;
use latchkey_contract::Code;
use std::pin::Pin;

/// Runs the work to its end, whether or not somebody still waits for it: axum drops a handler when its connection
/// closes, and an answer that the org has taken must also be kept. It comes in a box, because it is large and goes through
/// several hands.
pub async fn detached<T, F>(work: Pin<Box<F>>) -> Result<T, ApiError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(_) => Err(Code::Internal.into()),
    }
}
