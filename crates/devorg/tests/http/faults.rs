//! Scripted faults and rate limits.

use std::time::Duration;

use super::test_org::{TestOrg, read};
use latchkey_devorg::{Options, Timestamp};
use serde_json::{Value, json};

const DISCOVERY: &str = "/oauth2/default/.well-known/openid-configuration";

async fn fault(what: Value) -> TestOrg {
    let test = TestOrg::new().await;
    let mut fault = json!({ "path": DISCOVERY, "times": 1 });
    fault.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    test.org.faults(&fault).unwrap();
    test
}

#[tokio::test]
async fn a_fault_applies_as_often_as_scripted_and_to_its_path_only() {
    let test = fault(json!({ "kind": "status", "status": 503, "body": { "errorCode": "E0000010" } })).await;
    assert_eq!(test.get("/oauth2/default/v1/keys").await.status(), 200);
    let (status, body) = read(test.get(DISCOVERY).await).await;
    assert_eq!((status, body), (503, json!({ "errorCode": "E0000010" })));
    assert_eq!(test.get(DISCOVERY).await.status(), 200);
}

/// The whole body of a 429.
fn over_the_limit() -> Value {
    json!({
        "errorCode": "E0000047",
        "errorSummary": "API call exceeded rate limit due to too many requests.",
        "errorLink": "E0000047",
        "errorId": "oaedevorg00000000000",
        "errorCauses": [],
    })
}

/// The rate limit headers and the content type of a response.
fn limits(response: &reqwest::Response) -> [Option<String>; 5] {
    ["content-type", "retry-after", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"]
        .map(|name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()))
}

#[tokio::test]
async fn a_rate_limit_fault_uses_the_header_that_is_asked_for() {
    let json_kind = || Some("application/json".to_owned());
    let test = fault(json!({ "kind": "rate_limit", "style": "retry-after", "seconds": 7 })).await;
    let limited = test.get(DISCOVERY).await;
    assert_eq!(limits(&limited), [json_kind(), Some("7".to_owned()), None, None, None]);
    assert_eq!(read(limited).await, (429, over_the_limit()));

    let test = fault(json!({ "kind": "rate_limit", "seconds": 7 })).await;
    let earliest = now(&test).await.after(Duration::from_secs(7));
    let limited = test.get(DISCOVERY).await;
    let latest = now(&test).await.after(Duration::from_secs(7));
    let [kind, after, limit, remaining, reset] = limits(&limited);
    assert_eq!((kind, after), (json_kind(), None));
    assert_eq!((limit.as_deref(), remaining.as_deref()), (Some("60"), Some("0")));
    let reset: u64 = reset.unwrap().parse().unwrap();
    assert!((earliest.seconds()..=latest.seconds()).contains(&reset), "{reset}");
    assert_eq!(read(limited).await, (429, over_the_limit()));
}

/// The time on the org's clock.
async fn now(test: &TestOrg) -> Timestamp {
    Timestamp::read(read(test.get("/dev/clock").await).await.1["now"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn responses_can_be_truncated_garbled_dropped_or_reset() {
    let test = fault(json!({ "kind": "truncate", "bytes": 20 })).await;
    assert_eq!(test.get(DISCOVERY).await.text().await.unwrap().len(), 20);
    let test = fault(json!({ "kind": "drop", "bytes": 20 })).await;
    assert!(test.get(DISCOVERY).await.text().await.is_err());
    let test = fault(json!({ "kind": "reset" })).await;
    assert!(test.http.get(format!("{}{DISCOVERY}", test.org.origin())).send().await.is_err());
    let test = fault(json!({ "kind": "garbage" })).await;
    assert!(serde_json::from_str::<Value>(&test.get(DISCOVERY).await.text().await.unwrap()).is_err());
    let test = fault(json!({ "kind": "html" })).await;
    assert_eq!(test.get(DISCOVERY).await.headers()["content-type"], "text/html; charset=utf-8");
}

#[tokio::test]
async fn a_response_can_be_delayed() {
    let test = fault(json!({ "kind": "delay", "ms": 300 })).await;
    let asked = std::time::Instant::now();
    assert_eq!(test.get(DISCOVERY).await.status(), 200);
    assert!(asked.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn an_address_over_the_limit_is_refused_until_the_minute_ends() {
    let org = "[org]\nrequests_per_minute = 3\n".to_owned();
    let test = TestOrg::with(Options { org: Some(org), ..Options::default() }).await;
    let statuses = async || {
        let mut all = Vec::new();
        for _ in 0..4 {
            all.push(test.get("/oauth2/default/v1/keys").await.status().as_u16());
        }
        all
    };
    // Starts at the beginning of a minute, so that the test ends within it.
    test.dev("clock", json!({ "set": "2040-01-01T00:00:00Z" })).await;
    assert_eq!(statuses().await, [200, 200, 200, 429]);
    let refused = test.get("/oauth2/default/v1/keys").await;
    let end = Timestamp::read("2040-01-01T00:01:00Z").unwrap().seconds().to_string();
    let expected = ["application/json", "", "3", "0", &end].map(|text| Some(text.to_owned()));
    assert_eq!(limits(&refused).map(|value| value.or(Some(String::new()))), expected);
    assert_eq!(read(refused).await, (429, over_the_limit()));

    test.org.advance(Duration::from_secs(60));
    let first = limits(&test.get("/oauth2/default/v1/keys").await);
    assert_eq!((first[2].as_deref(), first[3].as_deref()), (Some("3"), Some("2")));
    assert_eq!(statuses().await, [200, 200, 429, 429]);
}
