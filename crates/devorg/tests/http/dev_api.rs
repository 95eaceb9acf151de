//! The `/dev` API: faults, clock, keys, canary mode, logout notices, data file.

use std::net::SocketAddr;
use std::time::Duration;

use super::test_org::{MARY, PASSWORD, TestOrg, claims, is_signed, read};
use latchkey_devorg::{Options, Org, StartError, Timestamp};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

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

#[tokio::test]
async fn in_canary_mode_every_secret_has_the_prefix() {
    let mut test = TestOrg::with(Options { canary: true, ..Options::default() }).await;
    let handle = test.interact(&[]).await;
    let (_, document) = test.step("introspect", json!({})).await;
    let code = test.code().await;
    let tokens = test.tokens().await;
    let secrets = [
        json!(handle),
        document["stateHandle"].clone(),
        json!(code),
        tokens["access_token"].clone(),
        tokens["refresh_token"].clone(),
    ];
    for secret in secrets {
        assert!(secret.as_str().unwrap().starts_with("CNRY"), "{secret}");
    }
}

#[tokio::test]
async fn an_id_token_can_have_any_mistake() {
    let test = TestOrg::new().await;
    let body =
        json!({ "login": MARY, "claims": { "aud": "another", "exp": null }, "header": { "alg": "none" } });
    let (status, minted) = test.dev("id-token", body).await;
    let claims = claims(&minted["id_token"]);
    assert_eq!((status, &claims["aud"], claims.get("exp")), (200, &json!("another"), None));
}

#[tokio::test]
async fn an_id_token_can_have_a_wrong_signature_alone() {
    let test = TestOrg::new().await;
    let keys = read(test.get("/oauth2/default/v1/keys").await).await.1;
    for breaks in [false, true] {
        let (_, minted) = test.dev("id-token", json!({ "login": MARY, "break_signature": breaks })).await;
        assert_eq!(is_signed(minted["id_token"].as_str().unwrap(), &keys), !breaks);
        assert_eq!(claims(&minted["id_token"])["iss"], json!(test.org.issuer()));
    }
}

#[tokio::test]
async fn after_a_rotation_old_keys_stay_listed_unless_forgotten() {
    let test = TestOrg::new().await;
    let listed =
        async || read(test.get("/oauth2/default/v1/keys").await).await.1["keys"].as_array().unwrap().len();
    assert_eq!(listed().await, 1);
    test.org.rotate_keys(false);
    assert_eq!(listed().await, 2);
    test.org.rotate_keys(true);
    assert_eq!(listed().await, 1);
}

#[tokio::test]
async fn the_clock_can_be_set_and_the_org_can_be_reset() {
    let test = TestOrg::new().await;
    let (_, clock) = test.dev("clock", json!({ "set": "2040-01-01T00:00:00Z" })).await;
    assert!(clock["now"].as_str().unwrap().starts_with("2040-01-01T00:00:0"));
    assert_eq!(test.dev("users", json!({ "login": "a@example.com" })).await.0, 201);
    assert_eq!(test.dev("users", json!({ "login": "a@example.com" })).await.0, 400);
    test.dev("reset", json!({})).await;
    assert_eq!(test.get("/dev/users/a@example.com").await.status(), 404);
    let clock = read(test.get("/dev/clock").await).await.1;
    assert!(!clock["now"].as_str().unwrap().starts_with("2040"));
}

#[tokio::test]
async fn changing_an_app_keeps_the_members_left_out() {
    let test = TestOrg::new().await;
    let (status, app) = test
        .dev("apps", json!({ "client_id": "latchkey", "redirect_uris": ["http://localhost:9999/cb"] }))
        .await;
    assert_eq!((status, &app["client_secret"]), (201, &json!("latchkey-dev-secret")));
    let (status, why) =
        test.dev("apps", json!({ "client_id": "b", "sign_on": [{ "authenticate_with": "two" }] })).await;
    assert!(status == 400 && why["error"].as_str().unwrap().contains("any-2-factors"), "{why}");
    let (status, why) =
        test.dev("apps", json!({ "client_id": "latchkey", "identity_providers": ["none"] })).await;
    assert!(
        status == 400 && why["error"].as_str().unwrap().contains("identity provider \"none\" does not exist"),
        "{why}"
    );
}

#[tokio::test]
async fn a_rule_that_names_something_unknown_is_refused_with_the_reason() {
    let test = TestOrg::new().await;
    let rule = |rule: Value| json!({ "client_id": "b", "sign_on": [rule], "enrollment": { "okta_password": "REQUIRED" } });
    for (app, why) in [
        (rule(json!({ "groups": ["Pilots"] })), "app b: group \"Pilots\" does not exist"),
        (rule(json!({ "name": "Mail", "factors": ["okta_email"] })), "rule \"Mail\" takes okta_email"),
        (rule(json!({ "factors": ["carrier_pigeon"] })), "carrier_pigeon"),
        (json!({ "client_id": "b", "groups": ["Pilots"] }), "group \"Pilots\" does not exist"),
    ] {
        let (status, refused) = test.dev("apps", app).await;
        assert_eq!(status, 400, "{refused}");
        assert!(refused["error"].as_str().unwrap().contains(why), "{refused}");
    }
    test.org.add_user(&json!({ "login": "pilot@example.com", "groups": ["Pilots"] })).unwrap();
    assert_eq!(test.dev("apps", rule(json!({ "groups": ["Pilots"] }))).await.0, 201);
}

#[tokio::test]
async fn the_journal_lists_calls_without_bodies() {
    let mut test = TestOrg::new().await;
    test.code().await;
    let journal = serde_json::to_string(&test.org.journal()).unwrap();
    assert!(journal.contains("/idp/idx/challenge/answer"));
    assert!(!journal.contains(PASSWORD) && !journal.contains("latchkey-dev-secret"));
}

/// A user who has verified the password and must now enrol or verify this authenticator.
async fn user_at_step(key: &str, what: &str) -> TestOrg {
    let mut test = TestOrg::new().await;
    test.org
        .add_app(&json!({
            "client_id": "latchkey",
            "sign_on": [{ "authenticate_with": "password-and-another", "factors": [key] }],
            "enrollment": { "okta_password": "REQUIRED", key: "OPTIONAL" },
        }))
        .unwrap();
    let user = json!({ "login": "pat@example.com", "password": PASSWORD, what: [key] });
    test.org.add_user(&user).unwrap();
    test.interact(&[]).await;
    let signing_in = json!({ "identifier": "pat@example.com", "credentials": { "passcode": PASSWORD } });
    let (_, chosen) = test.step("identify", signing_in).await;
    let id = "/remediation/value/0/value/0/options/0/value/form/value/0/value";
    if let Some(id) = chosen.pointer(id) {
        test.step("credential/enroll", json!({ "authenticator": { "id": id } })).await;
    }
    test
}

#[tokio::test]
async fn a_phone_is_paired_and_answers_over_the_dev_api() {
    let mut test = user_at_step("okta_verify", "enroll").await;
    let waiting = read(test.get("/dev/devices?login=pat@example.com").await).await.1;
    assert_eq!((&waiting[0]["asks"], &waiting[0]["channel"]), (&json!("pairing"), &json!("qrcode")));
    assert_eq!(test.dev("okta-verify", json!({ "login": MARY })).await.0, 404);
    assert_eq!(test.dev("okta-verify", json!({ "login": "pat@example.com" })).await.0, 200);
    assert!(test.step("challenge/poll", json!({})).await.1.get("successWithInteractionCode").is_some());
}

#[tokio::test]
async fn a_push_answered_with_another_number_is_rejected() {
    let mut test = user_at_step("okta_verify", "factors").await;
    let id = "/remediation/value/0/value/0/form/value/0/value";
    let id = test.step("introspect", json!({})).await.1.pointer(id).unwrap().clone();
    test.step("challenge", json!({ "authenticator": { "id": id, "methodType": "push" } })).await;
    let waiting = read(test.get("/dev/devices").await).await.1;
    let numbers = waiting[0]["numbers"].as_array().unwrap();
    let other = numbers.iter().find(|n| **n != waiting[0]["number"]).unwrap();
    let answer = json!({ "login": "pat@example.com", "approve": true, "number": other });
    assert_eq!(test.dev("push", answer).await.0, 200);
    let (_, document) = test.step("authenticators/poll", json!({})).await;
    let pointer = "/messages/value/0/i18n/key";
    assert_eq!(document.pointer(pointer), Some(&json!("api.authn.poll.error.push_rejected")));
}

#[tokio::test]
async fn a_hardware_token_being_enrolled_shows_its_code() {
    let mut test = user_at_step("yubikey_token", "enroll").await;
    let waiting = read(test.get("/dev/devices?login=pat@example.com").await).await.1;
    let answer = json!({ "credentials": { "passcode": waiting[0]["code"] } });
    assert!(test.step("challenge/answer", answer).await.1.get("successWithInteractionCode").is_some());
}

#[tokio::test]
async fn clients_are_notified_when_all_sessions_of_a_user_end() {
    let mut test = TestOrg::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = |path: &str| format!("http://127.0.0.1:{}/{path}", listener.local_addr().unwrap().port());
    let (backchannel, universal) = (at("bcl"), at("gtr"));
    let app = json!({ "client_id": "latchkey", "backchannel_logout_uri": backchannel, "universal_logout_uri": universal });
    test.org.add_app(&app).unwrap();
    let tokens = test.tokens().await;
    test.dev(&format!("users/{MARY}/end-sessions"), json!({})).await;
    let mut heard = Vec::new();
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        let mut part = [0; 4096];
        while !String::from_utf8_lossy(&request).contains("logout_token=")
            && !String::from_utf8_lossy(&request).contains("sub_id")
        {
            let n = stream.read(&mut part).await.unwrap();
            request.extend(&part[..n]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.unwrap();
        heard.push(String::from_utf8(request).unwrap());
    }
    let logout = heard[0].split("logout_token=").nth(1).unwrap();
    let notice = claims(&json!(logout));
    assert_eq!((&notice["aud"], &notice["sub"]), (&json!("latchkey"), &claims(&tokens["id_token"])["sub"]));
    assert!(
        notice.get("nonce").is_none()
            && notice["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object()
    );
    assert!(heard[1].contains("authorization: Bearer ") && heard[1].contains(MARY));
    assert_eq!(test.userinfo(&tokens["access_token"]).await.0, 401);
}

#[tokio::test]
async fn the_data_file_restores_state_and_keys() {
    let path = std::env::temp_dir().join(format!("devorg-{}.json", std::process::id()));
    let options = Options { data: Some(path.clone()), ..Options::default() };
    let mut test = TestOrg::with(options.clone()).await;
    test.org.add_user(&json!({ "login": "kept@example.com" })).unwrap();
    let refresh_token = test.tokens().await["refresh_token"].clone();
    let keys = read(test.get("/oauth2/default/v1/keys").await).await.1;
    test.org.stop().unwrap();
    let test = TestOrg::with(options).await;
    assert_eq!(test.get("/dev/users/kept@example.com").await.status(), 200);
    assert_eq!(read(test.get("/oauth2/default/v1/keys").await).await.1, keys);
    assert_eq!(test.refresh(&refresh_token).await.0, 200);
    test.org.stop().unwrap();
    std::fs::write(&path, r#"{ "version": 1 }"#).unwrap();
    let refused = Org::start(Options { data: Some(path.clone()), ..Options::default() }).await;
    assert!(
        refused.unwrap_err().to_string().contains("the file has version 1 and this program reads version 3")
    );
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn the_console_sees_the_first_change() {
    let test = TestOrg::new().await;
    let seen = read(test.get("/dev/state").await).await.1["seen"].clone();
    test.org.add_user(&json!({ "login": "new@example.com" })).unwrap();
    let path = format!("/dev/state?since={seen}");
    let news = tokio::time::timeout(Duration::from_secs(10), test.get(&path));
    let (_, state) = read(news.await.unwrap()).await;
    assert_eq!(state["userCount"], json!(2));
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let bind: SocketAddr = address.parse().unwrap();
        let refused = Org::start(Options { bind: Some(bind), ..Options::default() }).await;
        assert!(matches!(refused, Err(StartError::NotLoopback(_))), "{address}");
    }
}

#[tokio::test]
async fn several_orgs_run_side_by_side() {
    let (one, other) = (TestOrg::new().await, TestOrg::new().await);
    one.org.add_user(&json!({ "login": "only@example.com" })).unwrap();
    assert_ne!(one.org.port(), other.org.port());
    assert_eq!(other.get("/dev/users/only@example.com").await.status(), 404);
}

#[tokio::test]
async fn it_answers_to_localhost_names_only() {
    let test = TestOrg::new().await;
    let port = test.org.port();
    for (name, status) in [("localhost", 200), ("127.0.0.1", 200), ("[::1]", 200), ("evil.example", 421)] {
        let request = test
            .http
            .get(format!("http://127.0.0.1:{port}/dev/users"))
            .header("host", format!("{name}:{port}"));
        assert_eq!(request.send().await.unwrap().status().as_u16(), status, "{name}");
    }
}

#[tokio::test]
async fn sec_221_a_foreign_page_cannot_change_the_org() {
    let test = TestOrg::new().await;
    let own = test.org.origin().to_owned();
    let by_address = format!("http://127.0.0.1:{}", test.org.port());
    for (headers, status) in [
        (&[("sec-fetch-site", "cross-site")][..], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "http://localhost:1")], 403),
        (&[("origin", "null")], 403),
        (&[("origin", by_address.as_str())], 403),
        (&[("origin", by_address.as_str()), ("sec-fetch-site", "same-origin")], 403),
        (&[("origin", own.as_str())], 200),
        (&[("origin", own.as_str()), ("sec-fetch-site", "same-origin")], 200),
        (&[], 200),
    ] {
        let mut request = test.http.post(format!("{own}/dev/reset"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(request.send().await.unwrap().status().as_u16(), status, "{headers:?}");
    }
}
