//! What a test can do to an org: faults, time, keys, canaries, notices, and what is kept.

use std::net::SocketAddr;
use std::time::Duration;

use super::world::{MARY, PASSWORD, World, claims, is_signed, read};
use latchkey_devorg::{Moment, Options, Org, StartError};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const DISCOVERY: &str = "/oauth2/default/.well-known/openid-configuration";

async fn fault(what: Value) -> World {
    let world = World::new().await;
    let mut fault = json!({ "path": DISCOVERY, "times": 1 });
    fault.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    world.org.faults(&fault).unwrap();
    world
}

#[tokio::test]
async fn a_fault_hits_as_often_as_it_is_told_and_no_other_path() {
    let world = fault(json!({ "kind": "status", "status": 503, "body": { "errorCode": "E0000010" } })).await;
    assert_eq!(world.get("/oauth2/default/v1/keys").await.status(), 200);
    let (status, body) = read(world.get(DISCOVERY).await).await;
    assert_eq!((status, body), (503, json!({ "errorCode": "E0000010" })));
    assert_eq!(world.get(DISCOVERY).await.status(), 200);
}

/// The body of the answer to whoever asks too often, whole.
fn over_the_limit() -> Value {
    json!({
        "errorCode": "E0000047",
        "errorSummary": "API call exceeded rate limit due to too many requests.",
        "errorLink": "E0000047",
        "errorId": "oaedevorg00000000000",
        "errorCauses": [],
    })
}

/// The headers of an answer that say how often one may ask, and what kind of body it has.
fn limits(response: &reqwest::Response) -> [Option<String>; 5] {
    ["content-type", "retry-after", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"]
        .map(|name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()))
}

#[tokio::test]
async fn a_limit_is_told_in_either_header_and_in_one_body() {
    let json_kind = || Some("application/json".to_owned());
    let world = fault(json!({ "kind": "rate_limit", "style": "retry-after", "seconds": 7 })).await;
    let limited = world.get(DISCOVERY).await;
    assert_eq!(limits(&limited), [json_kind(), Some("7".to_owned()), None, None, None]);
    assert_eq!(read(limited).await, (429, over_the_limit()));

    let world = fault(json!({ "kind": "rate_limit", "seconds": 7 })).await;
    let earliest = now(&world).await.after(Duration::from_secs(7));
    let limited = world.get(DISCOVERY).await;
    let latest = now(&world).await.after(Duration::from_secs(7));
    let [kind, after, limit, remaining, reset] = limits(&limited);
    assert_eq!((kind, after), (json_kind(), None));
    assert_eq!((limit.as_deref(), remaining.as_deref()), (Some("60"), Some("0")));
    let reset: u64 = reset.unwrap().parse().unwrap();
    assert!((earliest.seconds()..=latest.seconds()).contains(&reset), "{reset}");
    assert_eq!(read(limited).await, (429, over_the_limit()));
}

/// What the org's clock shows.
async fn now(world: &World) -> Moment {
    Moment::read(read(world.get("/dev/clock").await).await.1["now"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn answers_can_be_cut_broken_and_never_come() {
    let world = fault(json!({ "kind": "truncate", "bytes": 20 })).await;
    assert_eq!(world.get(DISCOVERY).await.text().await.unwrap().len(), 20);
    let world = fault(json!({ "kind": "drop", "bytes": 20 })).await;
    assert!(world.get(DISCOVERY).await.text().await.is_err());
    let world = fault(json!({ "kind": "reset" })).await;
    assert!(world.http.get(format!("{}{DISCOVERY}", world.org.origin())).send().await.is_err());
    let world = fault(json!({ "kind": "garbage" })).await;
    assert!(serde_json::from_str::<Value>(&world.get(DISCOVERY).await.text().await.unwrap()).is_err());
    let world = fault(json!({ "kind": "html" })).await;
    assert_eq!(world.get(DISCOVERY).await.headers()["content-type"], "text/html; charset=utf-8");
}

#[tokio::test]
async fn an_answer_can_be_late() {
    let world = fault(json!({ "kind": "delay", "ms": 300 })).await;
    let asked = std::time::Instant::now();
    assert_eq!(world.get(DISCOVERY).await.status(), 200);
    assert!(asked.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_refused_until_the_minute_is_over() {
    let org = "[org]\nrequests_per_minute = 3\n".to_owned();
    let world = World::with(Options { org: Some(org), ..Options::default() }).await;
    let statuses = async || {
        let mut all = Vec::new();
        for _ in 0..4 {
            all.push(world.get("/oauth2/default/v1/keys").await.status().as_u16());
        }
        all
    };
    // At the beginning of a minute, so that the test is over before the minute is.
    world.dev("clock", json!({ "set": "2040-01-01T00:00:00Z" })).await;
    assert_eq!(statuses().await, [200, 200, 200, 429]);
    let refused = world.get("/oauth2/default/v1/keys").await;
    let end = Moment::read("2040-01-01T00:01:00Z").unwrap().seconds().to_string();
    let told = ["application/json", "", "3", "0", &end].map(|words| Some(words.to_owned()));
    assert_eq!(limits(&refused).map(|told| told.or(Some(String::new()))), told);
    assert_eq!(read(refused).await, (429, over_the_limit()));

    world.org.advance(Duration::from_secs(60));
    let first = limits(&world.get("/oauth2/default/v1/keys").await);
    assert_eq!((first[2].as_deref(), first[3].as_deref()), (Some("3"), Some("2")));
    assert_eq!(statuses().await, [200, 200, 429, 429]);
}

#[tokio::test]
async fn in_canary_mode_every_secret_can_be_searched_for() {
    let mut world = World::with(Options { canary: true, ..Options::default() }).await;
    let handle = world.interact(&[]).await;
    let (_, document) = world.step("introspect", json!({})).await;
    let code = world.code().await;
    let tokens = world.tokens().await;
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
async fn a_token_can_be_wrong_in_any_way() {
    let world = World::new().await;
    let body =
        json!({ "login": MARY, "claims": { "aud": "another", "exp": null }, "header": { "alg": "none" } });
    let (status, minted) = world.dev("id-token", body).await;
    let claims = claims(&minted["id_token"]);
    assert_eq!((status, &claims["aud"], claims.get("exp")), (200, &json!("another"), None));
}

#[tokio::test]
async fn a_signature_can_be_broken_and_nothing_else() {
    let world = World::new().await;
    let keys = read(world.get("/oauth2/default/v1/keys").await).await.1;
    for breaks in [false, true] {
        let (_, minted) = world.dev("id-token", json!({ "login": MARY, "break_signature": breaks })).await;
        assert_eq!(is_signed(minted["id_token"].as_str().unwrap(), &keys), !breaks);
        assert_eq!(claims(&minted["id_token"])["iss"], json!(world.org.issuer()));
    }
}

#[tokio::test]
async fn new_keys_sign_and_old_ones_stay_listed_unless_they_are_lost() {
    let world = World::new().await;
    let listed =
        async || read(world.get("/oauth2/default/v1/keys").await).await.1["keys"].as_array().unwrap().len();
    assert_eq!(listed().await, 1);
    world.org.rotate_keys(false);
    assert_eq!(listed().await, 2);
    world.org.rotate_keys(true);
    assert_eq!(listed().await, 1);
}

#[tokio::test]
async fn the_clock_can_be_set_and_everything_can_begin_afresh() {
    let world = World::new().await;
    let (_, clock) = world.dev("clock", json!({ "set": "2040-01-01T00:00:00Z" })).await;
    assert!(clock["now"].as_str().unwrap().starts_with("2040-01-01T00:00:0"));
    assert_eq!(world.dev("users", json!({ "login": "a@example.com" })).await.0, 201);
    assert_eq!(world.dev("users", json!({ "login": "a@example.com" })).await.0, 400);
    world.dev("reset", json!({})).await;
    assert_eq!(world.get("/dev/users/a@example.com").await.status(), 404);
    let clock = read(world.get("/dev/clock").await).await.1;
    assert!(!clock["now"].as_str().unwrap().starts_with("2040"));
}

#[tokio::test]
async fn an_application_that_is_changed_keeps_what_is_not_mentioned() {
    let world = World::new().await;
    let (status, app) = world
        .dev("apps", json!({ "client_id": "latchkey", "redirect_uris": ["http://localhost:9999/cb"] }))
        .await;
    assert_eq!((status, &app["client_secret"]), (201, &json!("latchkey-dev-secret")));
    let (status, why) =
        world.dev("apps", json!({ "client_id": "b", "sign_on": [{ "authenticate_with": "two" }] })).await;
    assert!(status == 400 && why["error"].as_str().unwrap().contains("any-2-factors"), "{why}");
    let (status, why) =
        world.dev("apps", json!({ "client_id": "latchkey", "identity_providers": ["none"] })).await;
    assert!(status == 400 && why["error"].as_str().unwrap().contains("no identity provider"), "{why}");
}

#[tokio::test]
async fn a_rule_that_names_what_is_not_there_is_refused_with_the_reason() {
    let world = World::new().await;
    let rule = |rule: Value| json!({ "client_id": "b", "sign_on": [rule], "enrollment": { "okta_password": "REQUIRED" } });
    for (app, why) in [
        (rule(json!({ "groups": ["Pilots"] })), "app b: there is no group \"Pilots\""),
        (rule(json!({ "name": "Mail", "factors": ["okta_email"] })), "rule \"Mail\" takes okta_email"),
        (rule(json!({ "factors": ["carrier_pigeon"] })), "carrier_pigeon"),
        (json!({ "client_id": "b", "groups": ["Pilots"] }), "there is no group \"Pilots\""),
    ] {
        let (status, refused) = world.dev("apps", app).await;
        assert_eq!(status, 400, "{refused}");
        assert!(refused["error"].as_str().unwrap().contains(why), "{refused}");
    }
    world.org.add_user(&json!({ "login": "pilot@example.com", "groups": ["Pilots"] })).unwrap();
    assert_eq!(world.dev("apps", rule(json!({ "groups": ["Pilots"] }))).await.0, 201);
}

#[tokio::test]
async fn the_journal_tells_what_was_called_and_nothing_that_was_said() {
    let mut world = World::new().await;
    world.code().await;
    let told = serde_json::to_string(&world.org.journal()).unwrap();
    assert!(told.contains("/idp/idx/challenge/answer"));
    assert!(!told.contains(PASSWORD) && !told.contains("latchkey-dev-secret"));
}

/// Somebody who has given the password and now has to set this up, or use it.
async fn standing_before(key: &str, what: &str) -> World {
    let mut world = World::new().await;
    world
        .org
        .add_app(&json!({
            "client_id": "latchkey",
            "sign_on": [{ "authenticate_with": "password-and-another", "factors": [key] }],
            "enrollment": { "okta_password": "REQUIRED", key: "OPTIONAL" },
        }))
        .unwrap();
    let user = json!({ "login": "pat@example.com", "password": PASSWORD, what: [key] });
    world.org.add_user(&user).unwrap();
    world.interact(&[]).await;
    let signing_in = json!({ "identifier": "pat@example.com", "credentials": { "passcode": PASSWORD } });
    let (_, chosen) = world.step("identify", signing_in).await;
    let id = "/remediation/value/0/value/0/options/0/value/form/value/0/value";
    if let Some(id) = chosen.pointer(id) {
        world.step("credential/enroll", json!({ "authenticator": { "id": id } })).await;
    }
    world
}

#[tokio::test]
async fn a_phone_is_paired_and_answers_over_the_console_s_interface() {
    let mut world = standing_before("okta_verify", "enroll").await;
    let waiting = read(world.get("/dev/devices?login=pat@example.com").await).await.1;
    assert_eq!((&waiting[0]["asks"], &waiting[0]["channel"]), (&json!("pairing"), &json!("qrcode")));
    assert_eq!(world.dev("okta-verify", json!({ "login": MARY })).await.0, 404);
    assert_eq!(world.dev("okta-verify", json!({ "login": "pat@example.com" })).await.0, 200);
    assert!(world.step("challenge/poll", json!({})).await.1.get("successWithInteractionCode").is_some());
}

#[tokio::test]
async fn a_push_with_another_number_is_a_rejection() {
    let mut world = standing_before("okta_verify", "factors").await;
    let id = "/remediation/value/0/value/0/form/value/0/value";
    let id = world.step("introspect", json!({})).await.1.pointer(id).unwrap().clone();
    world.step("challenge", json!({ "authenticator": { "id": id, "methodType": "push" } })).await;
    let waiting = read(world.get("/dev/devices").await).await.1;
    let numbers = waiting[0]["numbers"].as_array().unwrap();
    let other = numbers.iter().find(|n| **n != waiting[0]["number"]).unwrap();
    let answer = json!({ "login": "pat@example.com", "approve": true, "number": other });
    assert_eq!(world.dev("push", answer).await.0, 200);
    let (_, document) = world.step("authenticators/poll", json!({})).await;
    let said = "/messages/value/0/i18n/key";
    assert_eq!(document.pointer(said), Some(&json!("api.authn.poll.error.push_rejected")));
}

#[tokio::test]
async fn a_token_that_is_being_set_up_shows_its_code() {
    let mut world = standing_before("yubikey_token", "enroll").await;
    let waiting = read(world.get("/dev/devices?login=pat@example.com").await).await.1;
    let answer = json!({ "credentials": { "passcode": waiting[0]["code"] } });
    assert!(world.step("challenge/answer", answer).await.1.get("successWithInteractionCode").is_some());
}

#[tokio::test]
async fn clients_are_told_when_everything_of_somebody_ends() {
    let mut world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = |path: &str| format!("http://127.0.0.1:{}/{path}", listener.local_addr().unwrap().port());
    let (backchannel, universal) = (at("bcl"), at("gtr"));
    let app = json!({ "client_id": "latchkey", "backchannel_logout_uri": backchannel, "universal_logout_uri": universal });
    world.org.add_app(&app).unwrap();
    let tokens = world.tokens().await;
    world.dev(&format!("users/{MARY}/end-sessions"), json!({})).await;
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
    let told = claims(&json!(logout));
    assert_eq!((&told["aud"], &told["sub"]), (&json!("latchkey"), &claims(&tokens["id_token"])["sub"]));
    assert!(
        told.get("nonce").is_none()
            && told["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object()
    );
    assert!(heard[1].contains("authorization: Bearer ") && heard[1].contains(MARY));
    assert_eq!(world.userinfo(&tokens["access_token"]).await.0, 401);
}

#[tokio::test]
async fn what_is_kept_comes_back_with_its_keys() {
    let path = std::env::temp_dir().join(format!("devorg-{}.json", std::process::id()));
    let options = Options { data: Some(path.clone()), ..Options::default() };
    let mut world = World::with(options.clone()).await;
    world.org.add_user(&json!({ "login": "kept@example.com" })).unwrap();
    let refresh_token = world.tokens().await["refresh_token"].clone();
    let keys = read(world.get("/oauth2/default/v1/keys").await).await.1;
    world.org.stop().unwrap();
    let world = World::with(options).await;
    assert_eq!(world.get("/dev/users/kept@example.com").await.status(), 200);
    assert_eq!(read(world.get("/oauth2/default/v1/keys").await).await.1, keys);
    assert_eq!(world.refresh(&refresh_token).await.0, 200);
    world.org.stop().unwrap();
    std::fs::write(&path, r#"{ "version": 1 }"#).unwrap();
    let refused = Org::start(Options { data: Some(path.clone()), ..Options::default() }).await;
    assert!(refused.unwrap_err().to_string().contains("it is of version 1, and this org reads 2"));
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn the_console_is_told_of_the_very_first_thing_that_happens() {
    let world = World::new().await;
    let seen = read(world.get("/dev/state").await).await.1["seen"].clone();
    world.org.add_user(&json!({ "login": "new@example.com" })).unwrap();
    let path = format!("/dev/state?since={seen}");
    let news = tokio::time::timeout(Duration::from_secs(10), world.get(&path));
    let (_, state) = read(news.await.unwrap()).await;
    assert_eq!(state["userCount"], json!(2));
}

#[tokio::test]
async fn it_listens_on_this_machine_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let bind: SocketAddr = address.parse().unwrap();
        let refused = Org::start(Options { bind: Some(bind), ..Options::default() }).await;
        assert!(matches!(refused, Err(StartError::NotLoopback(_))), "{address}");
    }
}

#[tokio::test]
async fn many_orgs_stand_side_by_side() {
    let (one, other) = (World::new().await, World::new().await);
    one.org.add_user(&json!({ "login": "only@example.com" })).unwrap();
    assert_ne!(one.org.port(), other.org.port());
    assert_eq!(other.get("/dev/users/only@example.com").await.status(), 404);
}

#[tokio::test]
async fn it_answers_to_the_names_of_this_machine_only() {
    let world = World::new().await;
    let port = world.org.port();
    for (name, status) in [("localhost", 200), ("127.0.0.1", 200), ("[::1]", 200), ("evil.example", 421)] {
        let request = world
            .http
            .get(format!("http://127.0.0.1:{port}/dev/users"))
            .header("host", format!("{name}:{port}"));
        assert_eq!(request.send().await.unwrap().status().as_u16(), status, "{name}");
    }
}

#[tokio::test]
async fn sec_221_a_foreign_page_cannot_change_the_org() {
    let world = World::new().await;
    let own = world.org.origin().to_owned();
    let by_address = format!("http://127.0.0.1:{}", world.org.port());
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
        let mut request = world.http.post(format!("{own}/dev/reset"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(request.send().await.unwrap().status().as_u16(), status, "{headers:?}");
    }
}
