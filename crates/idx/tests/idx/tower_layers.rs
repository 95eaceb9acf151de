//! Tower layers around a transport.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use latchkey_idx::{Client, Error, FlowId, Request, TowerTransport, json_response};
use tower::{ServiceBuilder, service_fn};

use crate::fake_org::{FakeOrg, complete_answer, config, flow_secrets, now};

#[tokio::test]
async fn a_client_signs_in_through_tower_layers() {
    let org = Arc::new(FakeOrg::default());
    let (served, requests_of_flow) = (Arc::clone(&org), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&requests_of_flow);
    let service = ServiceBuilder::new()
        .timeout(Duration::from_secs(60))
        .concurrency_limit(1)
        .map_request(move |mut request: Request| {
            counter.fetch_add(usize::from(FlowId::of_request(&request).is_some()), Ordering::Relaxed);
            request.headers_mut().insert("x-layer", "1".parse().expect("a header value"));
            request
        })
        .service(service_fn(move |request: Request| {
            let response = served.respond(&request);
            async move { response }
        }));
    let client = Client::new(config(), TowerTransport::new(service));
    let (options, context) = Default::default();
    let begun = client
        .begin(latchkey_idx::Intent::Authenticate, &options, &complete_answer(), flow_secrets(), &context)
        .await;
    client.exchange(&begun.expect("a flow"), now(), &context).await.expect("tokens");
    assert!(org.requests.lock().expect("requests").iter().all(|request| request.headers["x-layer"] == "1"));
    assert_eq!(requests_of_flow.load(Ordering::Relaxed), 4, "introspect and three forms");
}

#[tokio::test]
async fn errors_of_the_transport_pass_through_layers_and_other_errors_leave_the_outcome_unknown() {
    async fn error_of<S>(service: S) -> Option<Error>
    where
        TowerTransport<S>: latchkey_idx::Transport,
    {
        Client::new(config(), TowerTransport::new(service)).discover().await.err()
    }
    let busy = service_fn(|_: Request| async { Err::<latchkey_idx::Response, _>(Error::Busy) });
    let layered = ServiceBuilder::new().timeout(Duration::from_secs(60)).service(busy);
    assert_eq!(error_of(layered).await, Some(Error::Busy));
    let failing = service_fn(|_: Request| async { Err::<latchkey_idx::Response, _>("a layer failed") });
    assert_eq!(error_of(failing).await, Some(Error::Broken("a layer failed".to_owned())));
    let answering = service_fn(|_: Request| async { Ok::<_, Error>(json_response(200, "[]")) });
    assert!(matches!(error_of(answering).await, Some(Error::NotIon(_))));
}
