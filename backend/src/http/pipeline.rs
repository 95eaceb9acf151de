//! What every request passes on its way in, and every answer on its way out.

use super::{Peer, access_log::AccessLogEntry, headers, host};
use crate::{app::App, http::json_body, ops::metrics::Metrics, problem::ApiError};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header;
use latchkey_contract::ProblemCode;
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
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("page", MatchedPath::as_str);
    let address =
        request.extensions().get::<Peer>().map(|peer| app.proxies.person(peer.0.ip(), request.headers()));
    let method = request.method().clone();
    // Without a free permit now, reading the body would be work for nothing.
    if let Err(refused) = app.admission.permit(route, address, &app.queue).map(drop) {
        return turned_away(route, refused, &app.metrics);
    }
    // A body that does not arrive occupies its connection and no permit.
    let read = json_body::read_ahead(route, request).await;
    let _permit = match app.admission.permit(route, address, &app.queue) {
        Ok(permit) => permit,
        Err(refused) => return turned_away(route, refused, &app.metrics),
    };
    let entry = AccessLogEntry::open(&method, route.to_owned(), &app.metrics);
    let mut response = match read.map(|request| (host::check(&request, &app.origins), request)) {
        Ok((Ok(()), request)) => surviving(next.run(request)).instrument(entry.span.clone()).await,
        Ok((Err(refused), _)) => refused.into_response(),
        // Where this body ends and the next request begins is not known, or not believed.
        Err(refused) => ([(header::CONNECTION, "close")], refused).into_response(),
    };
    entry.close(&mut response);
    headers::add(response.headers_mut());
    response
}

/// A request that is not served is answered as cheaply as can be, since there may be many: it is counted and not logged.
fn turned_away(route: &str, refused: ApiError, metrics: &Metrics) -> Response {
    let mut response = refused.into_response();
    let problem = response.extensions().get::<ProblemCode>().copied();
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
        polled.unwrap_or_else(|_| Poll::Ready(ApiError::from(ProblemCode::Internal).into_response()))
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
