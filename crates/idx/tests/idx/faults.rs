//! An org that is slow, broken, busy or confused: what we ask again, what we never do twice, what is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use latchkey_idx::{
    Answer, Client, Context, Error, Failed, Flow, Http, Intent, Limits, Name, Opening, Request, Response,
    Status, Transport, Verb,
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::org::{CODE, PASSWORD, attempt, config, everything, identify, org};

const DISCOVERY: &str = "/oauth2/default/.well-known/openid-configuration";
const INTERACT: &str = "/oauth2/default/v1/interact";
const INTROSPECT: &str = "/idp/idx/introspect";
const IDENTIFY: &str = "/idp/idx/identify";
const ANSWER: &str = "/idp/idx/challenge/answer";
const TOKEN: &str = "/oauth2/default/v1/token";

async fn begin(client: &Client<impl Transport>, answer: Answer) -> Result<Flow, Failed> {
    client.begin(Intent::Authenticate, &Opening::default(), &answer, attempt(), &Context::default()).await
}

fn password() -> Answer {
    Answer::default().with("username", "mary@example.com").with("password", PASSWORD)
}

fn garbage() -> Vec<(&'static str, Response)> {
    let json = |status, body: &str| Response::json(status, body);
    let raw = |status, body: &[u8]| Response { status, headers: Vec::new(), body: body.to_vec() };
    vec![
        ("empty", json(200, "")),
        ("a web page", json(200, "<html><body>Hello</body></html>")),
        ("half a document", json(200, r#"{"version":"1.0.0","remediation":{"type":"array","va"#)),
        ("a list", json(200, "[]")),
        ("null", json(200, "null")),
        ("an object of nothing", json(200, "{}")),
        ("bytes", raw(200, &[0xff, 0xfe, 0x00])),
        ("something packed", raw(200, &[0x1f, 0x8b, 0x08, 0x00])),
        ("too deep", json(200, &"[".repeat(100_000))),
        ("another version", json(200, r#"{"version":"2.0.0","remediation":{"type":"array","value":[]}}"#)),
        (
            "a reference to nothing",
            json(200, r#"{"version":"1.0.0","remediation":{"value":[{"name":"a","relatesTo":"$.b"}]}}"#),
        ),
        ("a redirect", json(302, "").with_header("location", "https://evil.example/")),
        ("a broken server", json(500, r#"{"errorCode":"E0000009","errorSummary":"Internal Server Error"}"#)),
        ("a gateway's page", json(502, "<html>Bad gateway</html>")),
        (
            "a terminal 500",
            json(500, r#"{"version":"1.0.0","messages":{"type":"array","value":[{"message":"Sorry"}]}}"#),
        ),
    ]
}

#[tokio::test]
async fn garbage_is_an_error_at_every_door_and_the_flow_is_kept() {
    for (what, garbage) in garbage() {
        for door in [INTERACT, INTROSPECT] {
            let (org, client) = org();
            org.answers(door, Ok(garbage.clone()));
            let failed = begin(&client, password()).await.expect_err(what);
            assert!(failed.flow.is_none(), "{what} at {door}");
        }
        let (org, client) = org();
        let mut flow = begin(&client, Answer::default()).await.expect("it begins");
        let before = flow.transaction();
        org.answers(IDENTIFY, Ok(garbage.clone()));
        let outcome = client.proceed(&mut flow, &password(), &Context::default()).await;
        assert!(outcome.is_err(), "{what}");
        assert_eq!(flow.transaction(), before, "{what}");
        org.instead.lock().expect("answers").clear();
        client.proceed(&mut flow, &password(), &Context::default()).await.expect("the person goes on");
        assert_eq!(flow.transaction().next_step.expect("a step").name, Name::SelectAuthenticatorAuthenticate);

        let (org, client) = crate::org::org();
        let flow = begin(&client, everything()).await.expect("it begins");
        org.answers(TOKEN, Ok(garbage));
        assert!(client.exchange(&flow, crate::org::now(), &Context::default()).await.is_err(), "{what}");
        assert_eq!(org.count(TOKEN), 1, "{what}");
    }
}

#[tokio::test]
async fn what_changes_something_is_never_sent_twice() {
    for fault in [Error::Timeout, Error::Broken("reset".into()), Error::Unreachable("refused".into())] {
        for (door, calls) in [(DISCOVERY, 3), (INTERACT, 1), (INTROSPECT, 2), (IDENTIFY, 1), (TOKEN, 1)] {
            let (org, client) = org();
            org.answers(door, Err(fault.clone()));
            let error = match begin(&client, everything()).await {
                Ok(flow) => client
                    .exchange(&flow, crate::org::now(), &Context::default())
                    .await
                    .err()
                    .map(Error::from),
                Err(failed) => Some(failed.error),
            };
            assert_eq!(error, Some(fault.clone()), "{door}");
            let calls = if fault == Error::Timeout { 1 } else { calls };
            assert_eq!(org.count(door), calls, "{fault:?} at {door}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_got_lost_is_looked_after_once() {
    for fault in [Error::Timeout, Error::Broken("reset".into()), Error::NotIon("half".into())] {
        let (org, client) = org();
        let mut flow = begin(&client, Answer::default()).await.expect("it begins");
        // The org took the password; only its answer was lost.
        let moved_on = org.answer_of_identify();
        org.answers(IDENTIFY, Err(fault.clone()));
        org.answers(INTROSPECT, Ok(moved_on));
        client.proceed(&mut flow, &password(), &Context::default()).await.expect("it moved on");
        assert_eq!(flow.transaction().next_step.expect("a step").name, Name::SelectAuthenticatorAuthenticate);
        assert_eq!(org.count(IDENTIFY), 1);
        assert_eq!(org.count(INTROSPECT), 2);
    }
}

#[tokio::test]
async fn an_answer_that_never_arrived_is_an_error_and_can_be_given_again() {
    let (org, client) = org();
    let mut flow = begin(&client, Answer::default()).await.expect("it begins");
    org.answers(IDENTIFY, Err(Error::Timeout));
    let error = client.proceed(&mut flow, &password(), &Context::default()).await.err();
    assert_eq!(error, Some(Error::Timeout));
    assert_eq!(flow.transaction().next_step.expect("a step").name, Name::Identify);
    assert_eq!((org.count(IDENTIFY), org.count(INTROSPECT)), (1, 2));
}

/// A clock that is not ours.
const THEIR_TIME: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn too_many_requests_say_how_long_to_wait() {
    let reset = |seconds: u64| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
        (now + seconds).to_string()
    };
    for (headers, least, most) in [
        (vec![("retry-after", "7".to_owned())], 7, 7),
        (vec![("retry-after", "0".to_owned())], 1, 1),
        (vec![("retry-after", "86400".to_owned())], 60, 60),
        (vec![("retry-after", "soon".to_owned()), ("x-rate-limit-reset", reset(20))], 18, 20),
        (vec![("x-rate-limit-reset", reset(20))], 18, 20),
        (vec![("x-rate-limit-reset", reset(4000))], 60, 60),
        (vec![("x-rate-limit-reset", "5".to_owned())], 1, 1),
        (vec![("x-rate-limit-reset", "-3".to_owned())], 1, 1),
        (vec![("x-rate-limit-reset", "784111797".to_owned()), ("date", THEIR_TIME.to_owned())], 20, 20),
        (vec![("x-rate-limit-limit", "0".to_owned()), ("x-rate-limit-remaining", "0".to_owned())], 1, 2),
        (vec![], 1, 1),
    ] {
        let (org, client) = org();
        let mut flow = begin(&client, Answer::default()).await.expect("it begins");
        let refusal = r#"{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit"}"#;
        let busy = headers.iter().fold(Response::json(429, refusal), |answer, (name, value)| {
            answer.with_header(name, value.clone())
        });
        org.answers(IDENTIFY, Ok(busy));
        match client.proceed(&mut flow, &password(), &Context::default()).await {
            Err(Error::RateLimited { retry_after }) => {
                assert!((least..=most).contains(&retry_after.as_secs()), "{headers:?}: {retry_after:?}");
            }
            other => panic!("{headers:?}: {other:?}"),
        }
        assert_eq!(flow.transaction().next_step.expect("a step").name, Name::Identify);
        assert_eq!(org.count(IDENTIFY), 1);
    }
}

#[test]
fn too_many_calls_at_once_are_a_little_while_and_not_the_same_for_all() {
    let refusal = Response::json(429, "{}").with_header("x-rate-limit-limit", "0");
    let refusal = refusal.with_header("x-rate-limit-remaining", "0").with_header("x-rate-limit-reset", "9e9");
    for (millis, waits) in [(0, 1_000), (500, 2_000), (999, 2_998)] {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_000 + millis);
        assert_eq!(refusal.asks_to_wait(now), Some(Duration::from_millis(waits)));
    }
    assert_eq!(
        Response::json(503, "{}").with_header("retry-after", "9").asks_to_wait(SystemTime::now()),
        None
    );
}

#[tokio::test]
async fn too_many_tries_at_one_step_are_a_step_with_a_message() {
    let (org, client) = org();
    let mut flow = begin(&client, Answer::default()).await.expect("it begins");
    let mut page = identify();
    page["messages"] = crate::org::messages("tooManyRequests", "Too many requests");
    org.answers(IDENTIFY, Ok(Response::json(429, page.to_string())));
    client.proceed(&mut flow, &password(), &Context::default()).await.expect("a step");
    assert_eq!(flow.transaction().messages[0].key.as_deref(), Some("tooManyRequests"));
}

#[tokio::test]
async fn a_flow_that_stood_too_long_is_told_apart() {
    let (org, client) = org();
    let mut flow = begin(&client, password()).await.expect("it begins");
    let page = json!({"version": "1.0.0", "messages": crate::org::messages("idx.session.expired", "The session has expired.")});
    org.answers("/idp/idx/challenge", Ok(Response::json(401, page.to_string())));
    let error = client
        .proceed(&mut flow, &Answer::default().with("authenticator", "okta_email"), &Context::default())
        .await
        .err();
    assert_eq!(error, Some(Error::FlowExpired));
    assert_eq!(flow.transaction().status, Status::Terminal);
}

#[tokio::test]
async fn an_address_elsewhere_is_never_asked() {
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
        org.answers(INTROSPECT, Ok(Response::json(200, page.to_string())));
        let failed = begin(&client, password()).await.expect_err(address);
        assert_eq!(failed.error, Error::ForeignAddress(address.to_owned()));
        assert_eq!(org.paths(), [DISCOVERY, INTERACT, INTROSPECT], "{address}");
    }
}

#[tokio::test]
async fn an_org_that_describes_another_is_refused() {
    let honest = json!({"issuer": crate::org::ISSUER, "code_challenge_methods_supported": ["S256"]});
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
        let mut described = honest.clone();
        described[name] = value.clone();
        org.answers(DISCOVERY, Ok(Response::json(200, described.to_string())));
        assert!(matches!(client.discover().await, Err(Error::Discovery(_))), "{name} {value}");
        org.answers(DISCOVERY, Ok(Response::json(200, honest.to_string())));
        client.discover().await.expect("an honest org");
        client.discover().await.expect("what is known is not asked again");
        assert_eq!(org.count(DISCOVERY), 2);
    }
}

#[tokio::test]
async fn an_org_that_asks_for_the_same_for_ever_is_stopped() {
    let (org, client) = org();
    let page = crate::org::page(json!([crate::org::form("select-enroll-profile", "enroll", json!([]))]));
    org.answers(INTROSPECT, Ok(Response::json(200, page.to_string())));
    org.answers("/idp/idx/enroll", Ok(Response::json(200, page.to_string())));
    let begun = client
        .begin(Intent::Register, &Opening::default(), &Answer::default(), attempt(), &Context::default())
        .await;
    assert_eq!(begun.expect_err("it is stopped").error, Error::Endless);
}

#[tokio::test]
async fn a_refusal_by_oauth_keeps_its_words() {
    let (org, client) = org();
    let refusal = json!({"error": "invalid_request", "error_description": "The recovery token is invalid"});
    org.answers(INTERACT, Ok(Response::json(400, refusal.to_string())));
    let failed = begin(&client, Answer::default()).await.expect_err("it is refused");
    let expected =
        Error::OAuth { error: "invalid_request".into(), description: "The recovery token is invalid".into() };
    assert_eq!(failed.error, expected);
}

/// A server that answers every connection with these bytes, and then closes it or holds it open.
async fn server(answer: impl Into<Vec<u8>>, holds: bool) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let calls = Arc::new(AtomicUsize::new(0));
    let (counted, answer) = (Arc::clone(&calls), answer.into());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut connection, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut asked = [0; 4096];
            let _ = connection.read(&mut asked).await;
            let _ = connection.write_all(&answer).await;
            if holds {
                held.push(connection);
            }
        }
    });
    (address, calls)
}

async fn fetch(answer: impl Into<Vec<u8>>, holds: bool) -> Result<Response, Error> {
    let moment = Duration::from_millis(200);
    let limits = Limits { connect: moment, first_byte: moment, total: moment * 2, largest: 1000 };
    let http = Http::with_limits(limits).expect("a transport");
    let (url, calls) = server(answer, holds).await;
    let request =
        Request { verb: Verb::Post, url, headers: Vec::new(), body: latchkey_idx::Body::Empty, flow: None };
    let outcome = http.send(request).await;
    assert_eq!(calls.load(Ordering::SeqCst), 1, "nothing is sent twice");
    outcome
}

#[tokio::test]
async fn a_server_that_says_nothing_or_too_little_is_not_waited_for() {
    assert_eq!(fetch("", true).await.err(), Some(Error::Timeout));
    assert_eq!(fetch("HTTP/1.1 200 OK\r\ncontent-le", true).await.err(), Some(Error::Timeout));
    assert_eq!(
        fetch("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", true).await.err(),
        Some(Error::Timeout)
    );
}

#[tokio::test]
async fn an_answer_cut_anywhere_is_broken() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789";
    for cut in [0, 1, 10, 36, 40, whole.len() - 1] {
        let outcome = fetch(whole.as_bytes()[..cut].to_vec(), false).await;
        assert!(matches!(outcome, Err(Error::Broken(_))), "cut at {cut}: {outcome:?}");
    }
    assert_eq!(fetch(whole, false).await.expect("it is whole").body, b"0123456789");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_the_end() {
    let huge = format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{}", "x".repeat(2000));
    assert!(matches!(fetch(huge, false).await, Err(Error::NotIon(_))));
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let (elsewhere, calls) = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false).await;
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n");
    let response = fetch(redirect, false).await.expect("an answer");
    assert_eq!(response.status, 302);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_door_that_is_shut_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let request =
        Request { verb: Verb::Get, url, headers: Vec::new(), body: latchkey_idx::Body::Empty, flow: None };
    let outcome = Http::new().expect("a transport").send(request).await;
    assert!(matches!(outcome, Err(Error::Unreachable(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_whole_client_works_over_a_real_socket() {
    let (address, calls) = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", false).await;
    let config = latchkey_idx::Config { issuer: address.parse().expect("an address"), ..config() };
    let client = Client::new(config, Http::new().expect("a transport"));
    assert!(matches!(client.discover().await, Err(Error::Discovery(_))));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn many_who_ask_at_once_ask_once() {
    let (org, client) = org();
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.discover().await })
        })
        .collect();
    for asked in asking {
        asked.await.expect("it ran").expect("an org");
    }
    assert_eq!(org.count(DISCOVERY), 1);
}

#[tokio::test]
async fn a_wrong_code_costs_one_try() {
    let (org, client) = org();
    let mut flow = begin(&client, password().with("authenticator", "okta_email")).await.expect("it begins");
    let wrong = Answer::default().with("verificationCode", "000000");
    client.proceed(&mut flow, &wrong, &Context::default()).await.expect("a step");
    assert_eq!(org.count(ANSWER), 1);
    let right = Answer::default().with("verificationCode", CODE);
    client.proceed(&mut flow, &right, &Context::default()).await.expect("a step");
    assert_eq!(flow.transaction().status, Status::Success);
}
