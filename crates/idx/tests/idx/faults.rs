//! Faults of the org and the network: what is retried, what is never sent twice, and what the flow keeps.

use std::time::{Duration, SystemTime};

use latchkey_idx::{
    Answer, BeginError, BeginOptions, CallContext, Client, Error, Flow, Intent, Response, Status, StepName,
    Transport, json_response, retry_after,
};
use serde_json::json;

use crate::fake_org::{CODE, PASSWORD, complete_answer, flow_secrets, identify, org, with_header};

const DISCOVERY: &str = "/oauth2/default/.well-known/openid-configuration";
const INTERACT: &str = "/oauth2/default/v1/interact";
const INTROSPECT: &str = "/idp/idx/introspect";
const IDENTIFY: &str = "/idp/idx/identify";
const ANSWER: &str = "/idp/idx/challenge/answer";
const TOKEN: &str = "/oauth2/default/v1/token";

async fn begin(client: &Client<impl Transport>, answer: Answer) -> Result<Flow, BeginError> {
    client
        .begin(
            Intent::Authenticate,
            &BeginOptions::default(),
            &answer,
            flow_secrets(),
            &CallContext::default(),
        )
        .await
}

fn password() -> Answer {
    Answer::default().with("username", "mary@example.com").with("password", PASSWORD)
}

fn garbage() -> Vec<(&'static str, Response)> {
    let json = |status, body: &str| json_response(status, body.to_owned());
    let raw = |status, body: &'static [u8]| json_response(status, body);
    vec![
        ("empty", json(200, "")),
        ("a web page", json(200, "<html><body>Hello</body></html>")),
        ("half a document", json(200, r#"{"version":"1.0.0","remediation":{"type":"array","va"#)),
        ("a list", json(200, "[]")),
        ("null", json(200, "null")),
        ("an object of nothing", json(200, "{}")),
        ("bytes", raw(200, &[0xff, 0xfe, 0x00])),
        ("a compressed body", raw(200, &[0x1f, 0x8b, 0x08, 0x00])),
        ("too deeply nested", json(200, &"[".repeat(100_000))),
        ("another version", json(200, r#"{"version":"2.0.0","remediation":{"type":"array","value":[]}}"#)),
        (
            "a reference to nothing",
            json(200, r#"{"version":"1.0.0","remediation":{"value":[{"name":"a","relatesTo":"$.b"}]}}"#),
        ),
        ("a redirect", with_header(json(302, ""), "location", "https://evil.example/")),
        ("a broken server", json(500, r#"{"errorCode":"E0000009","errorSummary":"Internal Server Error"}"#)),
        ("the page of a gateway", json(502, "<html>Bad gateway</html>")),
        (
            "a terminal 500",
            json(500, r#"{"version":"1.0.0","messages":{"type":"array","value":[{"message":"Sorry"}]}}"#),
        ),
    ]
}

#[tokio::test]
async fn garbage_is_an_error_at_every_endpoint_and_the_flow_continues() {
    for (what, garbage) in garbage() {
        for endpoint in [INTERACT, INTROSPECT] {
            let (org, client) = org();
            org.respond_with(endpoint, Ok(garbage.clone()));
            let failed = begin(&client, password()).await.expect_err(what);
            assert!(failed.flow.is_none(), "{what} at {endpoint}");
        }
        let (org, client) = org();
        let mut flow = begin(&client, Answer::default()).await.expect("the flow begins");
        let before = flow.transaction();
        org.respond_with(IDENTIFY, Ok(garbage.clone()));
        let outcome = client.proceed(&mut flow, &password(), &CallContext::default()).await;
        assert!(outcome.is_err(), "{what}");
        assert_eq!(flow.transaction(), before, "{what}");
        org.replacements.lock().expect("replacements").clear();
        client.proceed(&mut flow, &password(), &CallContext::default()).await.expect("the flow continues");
        assert_eq!(
            flow.transaction().next_step.expect("a step").name,
            StepName::SelectAuthenticatorAuthenticate
        );

        let (org, client) = crate::fake_org::org();
        let flow = begin(&client, complete_answer()).await.expect("the flow begins");
        org.respond_with(TOKEN, Ok(garbage));
        assert!(
            client.exchange(&flow, crate::fake_org::now(), &CallContext::default()).await.is_err(),
            "{what}"
        );
        assert_eq!(org.count(TOKEN), 1, "{what}");
    }
}

#[tokio::test]
async fn only_requests_that_change_nothing_are_retried() {
    for fault in [Error::Timeout, Error::Broken("reset".into()), Error::Unreachable("refused".into())] {
        for (endpoint, calls) in [(DISCOVERY, 3), (INTERACT, 1), (INTROSPECT, 2), (IDENTIFY, 1), (TOKEN, 1)] {
            let (org, client) = org();
            org.respond_with(endpoint, Err(fault.clone()));
            let error = match begin(&client, complete_answer()).await {
                Ok(flow) => client
                    .exchange(&flow, crate::fake_org::now(), &CallContext::default())
                    .await
                    .err()
                    .map(Error::from),
                Err(failed) => Some(failed.error),
            };
            assert_eq!(error, Some(fault.clone()), "{endpoint}");
            let calls = if fault == Error::Timeout { 1 } else { calls };
            assert_eq!(org.count(endpoint), calls, "{fault:?} at {endpoint}");
        }
    }
}

#[tokio::test]
async fn after_a_lost_response_the_flow_is_introspected_once() {
    for fault in [Error::Timeout, Error::Broken("reset".into()), Error::NotIon("half".into())] {
        let (org, client) = org();
        let mut flow = begin(&client, Answer::default()).await.expect("the flow begins");
        // The org has accepted the password; only its response is lost.
        let next_document = org.response_to_identify();
        org.respond_with(IDENTIFY, Err(fault.clone()));
        org.respond_with(INTROSPECT, Ok(next_document));
        client.proceed(&mut flow, &password(), &CallContext::default()).await.expect("the flow has moved on");
        assert_eq!(
            flow.transaction().next_step.expect("a step").name,
            StepName::SelectAuthenticatorAuthenticate
        );
        assert_eq!(org.count(IDENTIFY), 1);
        assert_eq!(org.count(INTROSPECT), 2);
    }
}

#[tokio::test]
async fn an_answer_that_never_arrived_is_an_error_and_can_be_repeated() {
    let (org, client) = org();
    let mut flow = begin(&client, Answer::default()).await.expect("the flow begins");
    org.respond_with(IDENTIFY, Err(Error::Timeout));
    let error = client.proceed(&mut flow, &password(), &CallContext::default()).await.err();
    assert_eq!(error, Some(Error::Timeout));
    assert_eq!(flow.transaction().next_step.expect("a step").name, StepName::Identify);
    assert_eq!((org.count(IDENTIFY), org.count(INTROSPECT)), (1, 2));
}

/// The time by the org's clock.
const ORG_TIME: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn a_rate_limit_has_the_time_to_wait() {
    let reset = |seconds: u64| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
        (now + seconds).to_string()
    };
    for (headers, min, max) in [
        (vec![("retry-after", "7".to_owned())], 7, 7),
        (vec![("retry-after", "0".to_owned())], 1, 1),
        (vec![("retry-after", "86400".to_owned())], 60, 60),
        (vec![("retry-after", "soon".to_owned()), ("x-rate-limit-reset", reset(20))], 18, 20),
        (vec![("x-rate-limit-reset", reset(20))], 18, 20),
        (vec![("x-rate-limit-reset", reset(4000))], 60, 60),
        (vec![("x-rate-limit-reset", "5".to_owned())], 1, 1),
        (vec![("x-rate-limit-reset", "-3".to_owned())], 1, 1),
        (vec![("x-rate-limit-reset", "784111797".to_owned()), ("date", ORG_TIME.to_owned())], 20, 20),
        (vec![("x-rate-limit-limit", "0".to_owned()), ("x-rate-limit-remaining", "0".to_owned())], 1, 2),
        (vec![], 1, 1),
    ] {
        let (org, client) = org();
        let mut flow = begin(&client, Answer::default()).await.expect("the flow begins");
        let refusal = r#"{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit"}"#;
        let limited = headers
            .iter()
            .fold(json_response(429, refusal), |response, (name, value)| with_header(response, name, value));
        org.respond_with(IDENTIFY, Ok(limited));
        match client.proceed(&mut flow, &password(), &CallContext::default()).await {
            Err(Error::RateLimited { retry_after }) => {
                assert!((min..=max).contains(&retry_after.as_secs()), "{headers:?}: {retry_after:?}");
            }
            other => panic!("{headers:?}: {other:?}"),
        }
        assert_eq!(flow.transaction().next_step.expect("a step").name, StepName::Identify);
        assert_eq!(org.count(IDENTIFY), 1);
    }
}

#[test]
fn a_concurrency_limit_of_the_org_has_a_short_wait_with_jitter() {
    let refusal = with_header(json_response(429, "{}"), "x-rate-limit-limit", "0");
    let refusal = with_header(refusal, "x-rate-limit-remaining", "0");
    let refusal = with_header(refusal, "x-rate-limit-reset", "9e9");
    for (millis, waits) in [(0, 1_000), (500, 2_000), (999, 2_998)] {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_000 + millis);
        assert_eq!(retry_after(&refusal, now), Some(Duration::from_millis(waits)));
    }
    let unavailable = with_header(json_response(503, "{}"), "retry-after", "9");
    assert_eq!(retry_after(&unavailable, SystemTime::now()), None);
}

#[tokio::test]
async fn a_429_with_forms_is_a_step_with_a_message() {
    let (org, client) = org();
    let mut flow = begin(&client, Answer::default()).await.expect("the flow begins");
    let mut page = identify();
    page["messages"] = crate::fake_org::messages("tooManyRequests", "Too many requests");
    org.respond_with(IDENTIFY, Ok(json_response(429, page.to_string())));
    client.proceed(&mut flow, &password(), &CallContext::default()).await.expect("a step");
    assert_eq!(flow.transaction().messages[0].key.as_deref(), Some("tooManyRequests"));
}

#[tokio::test]
async fn an_expired_flow_is_an_error_of_its_own() {
    let (org, client) = org();
    let mut flow = begin(&client, password()).await.expect("the flow begins");
    let page = json!({"version": "1.0.0", "messages": crate::fake_org::messages("idx.session.expired", "The session has expired.")});
    org.respond_with("/idp/idx/challenge", Ok(json_response(401, page.to_string())));
    let error = client
        .proceed(&mut flow, &Answer::default().with("authenticator", "okta_email"), &CallContext::default())
        .await
        .err();
    assert_eq!(error, Some(Error::FlowExpired));
    assert_eq!(flow.transaction().status, Status::Terminal);
}

#[tokio::test]
async fn a_foreign_address_is_never_called() {
    for address in [
        "https://evil.example/idp/idx/identify",
        "http://org.example/idp/idx/identify",
        "https://org.example:8443/idp/idx/identify",
        "https://mary:secret@org.example/idp/idx/identify",
        "https://org.example@evil.example/idp/idx/identify",
        "https://org.example/api/v1/users",
        "https://org.example/idp/idx/../../api/v1/users",
        "//evil.example/idp/idx/identify",
        "/idp/idx/identify",
        "",
    ] {
        let (org, client) = org();
        let mut page = identify();
        page["remediation"]["value"][0]["href"] = json!(address);
        org.respond_with(INTROSPECT, Ok(json_response(200, page.to_string())));
        let failed = begin(&client, password()).await.expect_err(address);
        assert_eq!(failed.error, Error::ForeignAddress(address.to_owned()));
        assert_eq!(org.paths(), [DISCOVERY, INTERACT, INTROSPECT], "{address}");
    }
}

#[tokio::test]
async fn a_discovery_document_of_another_org_is_refused() {
    let correct = json!({"issuer": crate::fake_org::ISSUER, "code_challenge_methods_supported": ["S256"]});
    for (name, value) in [
        ("issuer", json!("https://org.example/oauth2/default/")),
        ("issuer", json!("https://evil.example/oauth2/default")),
        ("issuer", json!(null)),
        ("token_endpoint", json!("https://evil.example/token")),
        ("token_endpoint", json!("http://org.example/oauth2/default/v1/token")),
        ("jwks_uri", json!("https://evil.example/keys")),
        ("userinfo_endpoint", json!("https://org.example.evil.example/userinfo")),
        ("code_challenge_methods_supported", json!(["plain"])),
        ("code_challenge_methods_supported", json!(null)),
    ] {
        let (org, client) = org();
        let mut document = correct.clone();
        document[name] = value.clone();
        org.respond_with(DISCOVERY, Ok(json_response(200, document.to_string())));
        assert!(matches!(client.discover().await, Err(Error::Discovery(_))), "{name} {value}");
        org.respond_with(DISCOVERY, Ok(json_response(200, correct.to_string())));
        client.discover().await.expect("a correct discovery document");
        client.discover().await.expect("the cached document");
        assert_eq!(org.count(DISCOVERY), 2);
    }
}

#[tokio::test]
async fn an_endless_sequence_of_forms_is_stopped() {
    let (org, client) = org();
    let page =
        crate::fake_org::page(json!([crate::fake_org::form("select-enroll-profile", "enroll", json!([]))]));
    org.respond_with(INTROSPECT, Ok(json_response(200, page.to_string())));
    org.respond_with("/idp/idx/enroll", Ok(json_response(200, page.to_string())));
    let begun = client
        .begin(
            Intent::Register,
            &BeginOptions::default(),
            &Answer::default(),
            flow_secrets(),
            &CallContext::default(),
        )
        .await;
    assert_eq!(begun.expect_err("the flow is stopped").error, Error::Endless);
}

#[tokio::test]
async fn an_oauth_refusal_keeps_its_code_and_description() {
    let (org, client) = org();
    let refusal = json!({"error": "invalid_request", "error_description": "The recovery token is invalid"});
    org.respond_with(INTERACT, Ok(json_response(400, refusal.to_string())));
    let failed = begin(&client, Answer::default()).await.expect_err("a refusal");
    let expected =
        Error::OAuth { error: "invalid_request".into(), description: "The recovery token is invalid".into() };
    assert_eq!(failed.error, expected);
}

#[tokio::test]
async fn simultaneous_callers_share_one_discovery_request() {
    let (org, client) = org();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.discover().await })
        })
        .collect();
    for call in calls {
        call.await.expect("the task").expect("an org");
    }
    assert_eq!(org.count(DISCOVERY), 1);
}

#[tokio::test]
async fn a_wrong_code_costs_one_attempt() {
    let (org, client) = org();
    let mut flow =
        begin(&client, password().with("authenticator", "okta_email")).await.expect("the flow begins");
    let wrong = Answer::default().with("verificationCode", "000000");
    client.proceed(&mut flow, &wrong, &CallContext::default()).await.expect("a step");
    assert_eq!(org.count(ANSWER), 1);
    let right = Answer::default().with("verificationCode", CODE);
    client.proceed(&mut flow, &right, &CallContext::default()).await.expect("a step");
    assert_eq!(flow.transaction().status, Status::Success);
}
