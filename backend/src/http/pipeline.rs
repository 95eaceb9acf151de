//! What every request passes on its way in, and every response on its way out.

use super::{ApiError, Edge, Peer, RequestPurpose, access_log::AccessLogEntry, headers, host, json_body};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::header;
use latchkey_contract::ProblemCode;
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};
use tracing::Instrument;

/// Routes whose requests pass the edge, with the purpose for which they are admitted. One layer does it all: every layer
/// copies and boxes what is below it with each request.
pub fn with_pipeline<S>(routes: Router<S>, purpose: RequestPurpose, edge: &Arc<Edge>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    routes.layer(middleware::from_fn_with_state((purpose, edge.clone()), serve_request))
}

async fn serve_request(
    State((purpose, edge)): State<(RequestPurpose, Arc<Edge>)>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("page", MatchedPath::as_str);
    let peer = request.extensions().get::<Peer>();
    let address = peer.map(|peer| edge.proxies.client_address(peer.0.ip(), request.headers()));
    let method = request.method().clone();
    // Refused before the body is read, if there is no permit now.
    if let Err(refused) = edge.admission.permit(purpose, address).map(drop) {
        return refusal(route, refused, &edge);
    }
    // A body that does not arrive occupies its connection and no permit.
    let read = json_body::read_ahead(purpose, request).await;
    let _permit = match edge.admission.permit(purpose, address) {
        Ok(permit) => permit,
        Err(refused) => return refusal(route, refused, &edge),
    };
    let entry = AccessLogEntry::open(&method, route.to_owned(), &edge);
    let mut response = match read
        .map(|request| (host::check(purpose, &request, &edge.origins, edge.captcha_frame.as_ref()), request))
    {
        Ok((Ok(()), request)) => catching_panics(next.run(request)).instrument(entry.span.clone()).await,
        Ok((Err(refused), _)) => refused.into_response(),
        // The end of this body is not known for certain, so no other request can follow on the connection.
        Err(refused) => ([(header::CONNECTION, "close")], refused).into_response(),
    };
    entry.close(&mut response);
    headers::add(response.headers_mut());
    response
}

/// The response to a request that is not admitted. There may be many of them, so each is counted and not logged.
fn refusal(route: &str, refused: ApiError, edge: &Edge) -> Response {
    let mut response = refused.into_response();
    let problem = response.extensions().get::<ProblemCode>().copied();
    edge.metrics.answered(route, response.status().as_u16(), problem, Duration::ZERO);
    headers::add(response.headers_mut());
    response
}

/// The response, or a problem if the handler panics. The message of a panic may quote anything and is dropped; the place
/// of the panic is in the log.
async fn catching_panics(response: impl Future<Output = Response>) -> Response {
    let mut response = pin!(response);
    poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| response.as_mut().poll(cx)));
        polled.unwrap_or_else(|_| Poll::Ready(ApiError::from(ProblemCode::Internal).into_response()))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::catching_panics;
    use axum::response::{IntoResponse, Response};
    use http::StatusCode;
    use http_body_util::BodyExt;

    async fn shown(answer: impl Future<Output = Response>) -> (StatusCode, String) {
        let (head, body) = catching_panics(answer).await.into_parts();
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
