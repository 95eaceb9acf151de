//! What every request passes on its way in, and every answer on its way out.

use super::{headers, host, journal::Entry};
use crate::{app::App, problem::ApiError};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use latchkey_contract::Code;
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};
use tracing::Instrument;

/// One layer does it all: for each, everything below it is copied and put into a box anew with every request.
pub async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    let entry = Entry::open(&request, &app.metrics);
    let admitted = entry.has_place().and_then(|()| host::check(&request, &app.origins));
    let mut response = match admitted {
        Ok(()) => surviving(next.run(request)).instrument(entry.span.clone()).await,
        Err(refused) => refused.into_response(),
    };
    entry.close(&mut response);
    headers::add(response.headers_mut());
    response
}

/// The answer; where there is a panic instead, a problem. The message of a panic may quote anything, so it goes
/// nowhere; where it was is in the log.
async fn surviving(answer: impl Future<Output = Response>) -> Response {
    let mut answer = pin!(answer);
    poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx)));
        polled.unwrap_or_else(|_| Poll::Ready(ApiError::from(Code::Internal).into_response()))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::surviving;
    use axum::response::{IntoResponse, Response};
    use http::StatusCode;
    use http_body_util::BodyExt;

    async fn shown(answer: impl Future<Output = Response>) -> (StatusCode, String) {
        let (head, body) = surviving(answer).await.into_parts();
        (head.status, String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap())
    }

    async fn fails(waits: bool) -> Response {
        if waits {
            tokio::task::yield_now().await;
        }
        panic!("hunter2")
    }

    #[tokio::test]
    async fn sec_95_a_panic_is_a_problem_that_quotes_nothing_and_the_next_call_is_answered() {
        for waits in [false, true] {
            let (status, body) = shown(fails(waits)).await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(body.contains("\"code\":\"internal\"") && !body.contains("hunter2"), "{body}");
        }
        assert_eq!(shown(async { "here".into_response() }).await, (StatusCode::OK, "here".to_owned()));
    }
}
