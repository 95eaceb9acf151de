//! No secret and no personal data in responses, logs and store files.

use crate::scene::{Browser, DEVICE_COOKIE, MARY, PASSWORD, Program, Scene};
use http::Method;
use latchkey_devorg::{Options, Org};
use serde_json::json;
use std::fs;
#[tokio::test]
async fn sec_50_no_secret_reaches_the_browser() {
    let scene = Scene::with(Options { canary: true, ..Options::default() }, &[]).await;
    let mut browser = scene.browser();
    browser.begin(json!({"username": MARY, "password": "wrong"})).await;
    browser.sign_in(&scene.org).await;
    assert!(browser.is_signed_in().await);
    for path in ["/api/idx", "/api/session", "/api/userinfo", "/", "/login", "/api/none", "/none.js"] {
        browser.get(path).await;
    }
    browser.post("/api/logout", json!({})).await;
    let received = browser.received();
    let org = scene.org.origin().trim_start_matches("http://").to_owned();
    for secret in [
        "CNRY",
        "eyJ",
        "stateHandle",
        "interaction_handle",
        "access_token",
        "/idp/idx/",
        "client_secret",
        &org,
    ] {
        let found = received.find(secret).map(|at| received.get(at.saturating_sub(60)..at + 20));
        assert!(found.is_none(), "{secret} has reached the browser: {found:?}");
    }
}

#[tokio::test]
async fn sec_100_and_101_no_log_line_at_any_level_has_a_secret_or_personal_data() {
    let org = Org::start(Options { canary: true, ..Options::default() }).await.unwrap();
    let mut program = Program::start(&org.issuer(), &[("LATCHKEY_LOG", "trace")]);
    let forged = json!({"username": "nobody\r\n{\"forged\":1}@example.com", "password": "wrong-CNRY"});
    program.ask(Method::POST, "/api/idx/authenticate", forged).await;
    program.ask(Method::POST, "/api/idx/proceed", json!({"username": MARY, "password": PASSWORD})).await;
    program.ask(Method::POST, "/api/idx/proceed", json!({"authenticator": "okta_email"})).await;
    let code = org.code(MARY).unwrap();
    let before = program.cookie.clone().unwrap();
    org.faults(&json!({"path": "/idp/idx/challenge/answer", "times": 1, "kind": "garbage"})).unwrap();
    program.ask(Method::POST, "/api/idx/proceed", json!({"verificationCode": "000000"})).await;
    let done = program.ask(Method::POST, "/api/idx/proceed", json!({"verificationCode": code})).await;
    assert_eq!(done["status"], "SUCCESS", "{done}");
    let after = program.cookie.clone().unwrap();
    program.ask(Method::GET, "/api/userinfo", json!({})).await;
    program.ask(Method::POST, "/api/logout", json!({})).await;

    let log = program.log();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        assert!(line["level"].is_string(), "{line}");
    }
    assert!(log.contains("signed_in") && log.contains("TRACE"), "the log has every level");
    let halves = [&before, &after].map(|cookie| cookie.split_once('=').unwrap().1.split_once('.').unwrap());
    let cookies = halves.into_iter().flat_map(|(id, half)| [id, half]);
    let secrets = ["CNRY", "eyJ", PASSWORD, MARY, "forged", "latchkey-dev-secret", code.as_str()];
    for secret in secrets.into_iter().chain(cookies) {
        let found = log.find(secret).map(|at| log.get(at.saturating_sub(200)..at + 40));
        assert!(found.is_none(), "{secret} is in the log: {found:?}");
    }
}

#[tokio::test]
async fn sec_220_the_log_has_no_text_of_the_org() {
    let org = Org::start(Options::default()).await.unwrap();
    let mut program = Program::start(&org.issuer(), &[("LATCHKEY_LOG", "trace")]);
    let words = "Mary Major, 1 Main Street: no such factor";
    let oauth = json!({"error": "access_denied", "error_description": words});
    let general = json!({"errorCode": "E0000006", "errorSummary": words, "errorCauses": []});
    for (path, body) in [("/oauth2/default/v1/interact", oauth), ("/idp/idx/introspect", general)] {
        org.faults(&json!([{"path": path, "times": 1, "kind": "status", "status": 403, "body": body}]))
            .unwrap();
        let refused = program.ask(Method::POST, "/api/idx/authenticate", json!({})).await;
        assert_eq!(refused["code"], "org_refused", "{path}: {refused}");
    }
    let log = program.log();
    for code in ["access_denied", "E0000006"] {
        assert!(log.contains(code), "{code} is not in the log");
    }
    assert!(!log.contains("Major") && !log.contains("Main Street"), "texts of the org are in the log");
}

#[tokio::test]
async fn sec_104_no_file_of_a_store_has_a_secret_or_personal_data() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("sessions.db").display());
    let settings = [
        ("LATCHKEY_STORE", address.as_str()),
        ("LATCHKEY_KEYS", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
        ("LATCHKEY_RENEW_BEFORE", "60m"),
    ];
    let scene = Scene::with(Options { canary: true, ..Options::default() }, &settings).await;
    let (mut leaving, mut staying) = (scene.browser(), scene.browser());
    leaving.sign_in(&scene.org).await;
    staying.sign_in(&scene.org).await;
    assert_eq!(staying.get("/api/userinfo").await.status, 200, "with tokens that are renewed");
    // Pending revocations are in the store, too.
    let revoke = json!([{"path": "/oauth2/default/v1/revoke", "kind": "status", "status": 503}]);
    scene.org.faults(&revoke).unwrap();
    leaving.post("/api/logout", json!({})).await;
    let mut waiting = scene.browser();
    waiting.until_code().await;
    let code = scene.org.code(MARY).unwrap();

    let files: Vec<u8> = fs::read_dir(folder.path())
        .unwrap()
        .flat_map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let is_in_files = |text: &str| memchr::memmem::find(&files, text.as_bytes()).is_some();
    assert!(is_in_files("SQLite format 3") && is_in_files("latchkey"), "the search finds plain text");
    let cookies = [staying.held().unwrap(), waiting.held().unwrap()];
    let halves = cookies.iter().flat_map(|cookie| cookie.split_once('=').unwrap().1.split('.'));
    let secrets = ["CNRY", "eyJhbGci", PASSWORD, MARY, "Major", "stateHandle", "latchkey-dev-secret", &code];
    for secret in secrets.into_iter().chain(halves) {
        assert!(!is_in_files(secret), "{secret} is in a file");
    }
}

#[tokio::test]
async fn sec_85_a_device_keeps_its_identifier() {
    let scene = Scene::new().await;
    let named = async |browser: &Browser| {
        let answer = browser.post("/api/idx/authenticate", json!({})).await;
        let cookies: Vec<String> = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|line| line.to_str().unwrap().to_owned())
            .collect();
        cookies.into_iter().find(|line| line.starts_with(&format!("{DEVICE_COOKIE}="))).unwrap()
    };
    let (one, other) = (named(&scene.browser()).await, named(&scene.browser()).await);
    assert_ne!(one, other);
    for line in [&one, &other] {
        assert!(line.ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"), "{line}");
        let value = line.split(';').next().unwrap().split_once('=').unwrap().1;
        assert!(value.len() <= 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    let browser = scene.browser();
    *browser.cookie.lock().unwrap() = Some(one.split(';').next().unwrap().to_owned());
    let again = browser.post("/api/idx/authenticate", json!({})).await;
    assert!(again.headers.get_all("set-cookie").iter().all(|line| !line.to_str().unwrap().contains("-dt=")));
}
