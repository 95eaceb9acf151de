//! What every request passes on its way in, and every answer on its way out.

use super::{door, headers, host, journal::Entry};
use crate::{app::App, metrics::Metrics, problem::ApiError};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use latchkey_contract::Code;
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    time::Duration,
};
use tracing::Instrument;

/// One layer does it all: for each, everything below it is copied and put into a box anew with every request.
pub async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    let (_under_way, at_once) = app.metrics.come();
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str);
    if let Err(refused) = door::admit(route, at_once, &app.queue) {
        return turned_away(route, refused, &app.metrics);
    }
    let entry = Entry::open(&request, route.to_owned(), &app.metrics);
    let mut response = match host::check(&request, &app.origins) {
        Ok(()) => surviving(next.run(request)).instrument(entry.span.clone()).await,
        Err(refused) => refused.into_response(),
    };
    entry.close(&mut response);
    headers::add(response.headers_mut());
    response
}

/// The same for whoever is not let in, as cheap as can be: they are many. They are counted and have no line in the log.
fn turned_away(route: &str, refused: ApiError, metrics: &Metrics) -> Response {
    let mut response = refused.into_response();
    let problem = response.extensions().get::<Code>().copied();
    metrics.answered(route, response.status().as_u16(), problem, Duration::ZERO);
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
