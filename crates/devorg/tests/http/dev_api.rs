//! The `/dev` API: clock, keys, canary mode, logout notices, data file.

use std::net::SocketAddr;
use std::time::Duration;

use super::test_org::{MARY, PASSWORD, TestOrg, claims, is_signed, read};
use latchkey_devorg::{Options, Org, OrgStartError};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

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
        refused.unwrap_err().to_string().contains("the file has version 1 and this program reads version 4")
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
        assert!(matches!(refused, Err(OrgStartError::NotLoopback(_))), "{address}");
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
