//! Logout notices of the org.

use crate::scene::{Failing, HOST, Lasting, MARY, PASSWORD, Scene, server};
use axum::body::Body;
use http::{Method, Request, header};
use latchkey::http::{ConnectionLimit, Timeouts, serve};
use latchkey_devorg::{Options, Org};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const UNIVERSAL: &str = "http://localhost:8080/logout/universal";

/// Calls the dev org's API, as an admin would.
async fn call_dev_api(scene: &Scene, path: &str, body: &Value) -> Value {
    let asked = reqwest::Client::new()
        .post(format!("{}{path}", scene.org.origin()))
        .header(header::CONTENT_TYPE, JSON)
        .body(body.to_string());
    let answer = asked.send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default()
}

async fn minted(scene: &Scene, typ: &str, claims: Value) -> String {
    let wanted = json!({"login": MARY, "client_id": "latchkey", "header": {"typ": typ}, "claims": claims});
    call_dev_api(scene, "/dev/id-token", &wanted).await["id_token"].as_str().unwrap().to_owned()
}

/// A call from server to server, without cookies. Returns status and code.
async fn call(scene: &Scene, path: &str, kind: &str, bearer: Option<&str>, body: String) -> (u16, String) {
    let mut request = Request::builder().method(Method::POST).uri(path).header(header::HOST, HOST);
    request = request.header(header::CONTENT_TYPE, kind);
    if let Some(bearer) = bearer {
        request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let answer = scene.browser().send(request.body(Body::from(body)).unwrap()).await;
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    if answer.status.is_success() { (answer.status.as_u16(), String::new()) } else { answer.problem() }
}

async fn back_channel(scene: &Scene, token: &str) -> (u16, String) {
    call(scene, "/logout/back-channel", FORM, None, format!("logout_token={token}")).await
}

async fn universal(scene: &Scene, token: &str, id: Value) -> (u16, String) {
    call(scene, "/logout/universal", JSON, Some(token), json!({"sub_id": id}).to_string()).await
}

fn ok() -> (u16, String) {
    (200, String::new())
}

#[tokio::test]
async fn sec_72_a_back_channel_logout_ends_all_sessions_of_the_person() {
    let scene = Scene::new().await;
    // The org calls a port, but the server accepts only its public host.
    let router =
        scene.server.clone().layer(axum::middleware::map_request(|mut request: Request<Body>| async {
            request.headers_mut().insert(header::HOST, HOST.parse().unwrap());
            request
        }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/logout/back-channel", listener.local_addr().unwrap());
    tokio::spawn(serve(
        listener,
        router,
        ConnectionLimit::default(),
        Timeouts::default(),
        std::future::pending(),
    ));
    scene.org.add_app(&json!({"client_id": "latchkey", "backchannel_logout_uri": address})).unwrap();

    let (mut here, mut elsewhere) = (scene.browser(), scene.browser());
    here.sign_in(&scene.org).await;
    elsewhere.sign_in(&scene.org).await;
    call_dev_api(&scene, &format!("/dev/users/{MARY}/end-sessions"), &json!({})).await;
    for browser in [&here, &elsewhere] {
        let mut tries = 0;
        while browser.is_signed_in().await {
            tries += 1;
            assert!(tries < 500, "the notice has not ended the session");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(browser.get("/api/userinfo").await.problem().0, 401);
    }
}

#[tokio::test]
async fn sec_72_a_logout_token_is_accepted_once_and_only_if_valid() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    for (typ, claims) in [
        ("JWT", json!({"events": events})),
        ("logout+jwt", json!({})),
        ("logout+jwt", json!({"events": events, "nonce": "n"})),
        ("logout+jwt", json!({"events": events, "aud": "another"})),
        ("logout+jwt", json!({"events": events, "jti": null})),
    ] {
        let token = minted(&scene, typ, claims.clone()).await;
        assert_eq!(back_channel(&scene, &token).await, (400, "invalid_request".to_owned()), "{typ} {claims}");
    }
    assert_eq!(back_channel(&scene, "").await.0, 400);
    assert_eq!(call(&scene, "/logout/back-channel", JSON, None, "{}".to_owned()).await.0, 415);
    assert!(browser.is_signed_in().await);

    let stranger = minted(&scene, "logout+jwt", json!({"events": events, "sub": "00ustranger"})).await;
    assert_eq!(back_channel(&scene, &stranger).await, ok());
    assert!(browser.is_signed_in().await);

    let token = minted(&scene, "logout+jwt", json!({"events": events})).await;
    assert_eq!(back_channel(&scene, &token).await, ok());
    assert!(!browser.is_signed_in().await);
    browser.sign_in(&scene.org).await;
    assert_eq!(back_channel(&scene, &token).await, (400, "invalid_request".to_owned()), "a replay");
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn sec_73_universal_logout_ends_all_sessions_of_a_person() {
    let scene = Scene::new().await;
    let kind = "global-token-revocation+jwt";
    let revocation = || minted(&scene, kind, json!({"aud": UNIVERSAL, "sub": "latchkey"}));
    let mary = || json!({"format": "email", "email": "Mary@Example.com"});
    let (mut here, mut elsewhere) = (scene.browser(), scene.browser());
    here.sign_in(&scene.org).await;
    elsewhere.sign_in(&scene.org).await;

    let to_another = minted(&scene, kind, json!({"aud": "http://localhost:8080/", "sub": "latchkey"})).await;
    assert_eq!(universal(&scene, &to_another, mary()).await, (401, "not_signed_in".to_owned()));
    let no_token = call(&scene, "/logout/universal", JSON, None, "{}".to_owned()).await;
    assert_eq!(no_token, (401, "not_signed_in".to_owned()));
    let token = revocation().await;
    assert_eq!(universal(&scene, &token, json!({"format": "phone"})).await.0, 400);
    assert_eq!(universal(&scene, &token, json!("mary")).await.0, 400);
    let stranger = json!({"format": "email", "email": "nobody@example.com"});
    assert_eq!(universal(&scene, &token, stranger).await.0, 404);
    assert!(here.is_signed_in().await && elsewhere.is_signed_in().await);

    assert_eq!(universal(&scene, &token, mary()).await.0, 401, "each token works once");
    assert_eq!(universal(&scene, &revocation().await, mary()).await.0, 204);
    assert!(!here.is_signed_in().await && !elsewhere.is_signed_in().await);

    here.sign_in(&scene.org).await;
    let subject = here.get("/api/userinfo").await.json()["sub"].clone();
    let by_subject = json!({"format": "iss_sub", "iss": scene.org.issuer(), "sub": subject});
    assert_eq!(universal(&scene, &revocation().await, by_subject).await.0, 204);
    assert!(!here.is_signed_in().await);
}

#[tokio::test]
async fn sec_74_front_channel_logout_ends_a_session_of_the_org_without_a_cookie() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.sign_in(&scene.org).await;
    let frame = async |query: &str| {
        let path = format!("/logout/front-channel{query}");
        let request = Request::builder().uri(path).header(header::HOST, HOST);
        scene.browser().send(request.body(Body::empty()).unwrap()).await
    };
    let issuer = scene.org.issuer();
    let elsewhere = "?iss=https://other.example/oauth2/default&sid=x";
    for query in ["", "?sid=x", &format!("?iss={issuer}"), elsewhere] {
        assert_eq!(frame(query).await.problem(), (400, "invalid_request".to_owned()), "{query}");
    }
    // The response does not reveal whether the session exists.
    let answer = frame(&format!("?iss={issuer}&sid=none")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.is_empty() && !answer.headers.contains_key(header::SET_COOKIE));
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let policy = format!("default-src 'none'; frame-ancestors {}", scene.org.origin());
    assert_eq!(answer.headers[header::CONTENT_SECURITY_POLICY], policy);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn sec_209_valid_logout_notices_are_never_limited_and_forged_ones_are() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_ADDRESS", "3/60")]).await;
    let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    let genuine =
        async || back_channel(&scene, &minted(&scene, "logout+jwt", json!({"events": events})).await).await;
    for _ in 0..8 {
        assert_eq!(genuine().await, ok());
    }
    let token = minted(&scene, "logout+jwt", json!({"events": events})).await;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let forge = async || back_channel(&scene, &forged).await;
    for _ in 0..3 {
        assert_eq!(forge().await, (400, "invalid_request".to_owned()));
    }
    assert_eq!(forge().await, (429, "rate_limited".to_owned()));
    assert_eq!(genuine().await, ok(), "not even from an address that sent forged ones");
    assert_eq!(
        scene.browser().post("/api/idx/authenticate", json!({})).await.status,
        200,
        "nor is a sign-in"
    );
}

#[tokio::test]
async fn sec_217_front_channel_calls_do_not_use_up_the_limit_of_an_address() {
    let scene = Scene::with(Options::default(), &[("LATCHKEY_LIMIT_ADDRESS", "3/60")]).await;
    let frame = async || {
        let request = Request::builder().uri("/logout/front-channel?iss=a&sid=b").header(header::HOST, HOST);
        scene.browser().send(request.body(Body::empty()).unwrap()).await.status
    };
    for _ in 0..3 {
        assert_eq!(frame().await, 400);
    }
    assert_eq!(frame().await, 429);
    assert_eq!(scene.browser().post("/api/idx/authenticate", json!({})).await.status, 200);
}

#[tokio::test]
async fn sec_205_logout_notices_work_if_the_issuer_is_the_org_itself() {
    for slash in ["", "/"] {
        let org = Org::start(Options::default()).await.unwrap();
        let server = server(&format!("{}{slash}", org.origin()), &[], None).await;
        let scene = Scene { org, server };
        let mut browser = scene.browser();
        browser.sign_in(&scene.org).await;
        let subject = browser.get("/api/userinfo").await.json()["sub"].clone();
        let origin = scene.org.origin();

        let claims = json!({"iss": origin, "aud": UNIVERSAL, "sub": "latchkey"});
        let token = minted(&scene, "global-token-revocation+jwt", claims).await;
        let by_subject = json!({"format": "iss_sub", "iss": origin, "sub": subject});
        assert_eq!(universal(&scene, &token, by_subject).await.0, 204);
        assert!(!browser.is_signed_in().await);

        let path = format!("/logout/front-channel?iss={origin}&sid=none");
        let request = Request::builder().uri(path).header(header::HOST, HOST);
        let answer = scene.browser().send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 200);
        let policy = format!("default-src 'none'; frame-ancestors {origin}");
        assert_eq!(answer.headers[header::CONTENT_SECURITY_POLICY], policy);
    }
}

#[tokio::test]
async fn sec_206_universal_logout_by_email_ends_the_sessions_of_all_users_with_it() {
    let scene = Scene::new().await;
    let other = json!({"login": "mary.at.work", "email": MARY, "password": PASSWORD, "factors": ["okta_email", "phone_number"]});
    scene.org.add_user(&other).unwrap();
    let (mut one, mut two) = (scene.browser(), scene.browser());
    one.sign_in(&scene.org).await;
    two.begin(json!({"username": "mary.at.work", "password": PASSWORD})).await;
    two.proceed(json!({"authenticator": "okta_email"})).await;
    let code = scene.org.code(MARY).unwrap();
    let done = two.proceed(json!({"verificationCode": code})).await;
    assert_eq!(done["status"], "SUCCESS", "{done}");
    assert!(one.is_signed_in().await && two.is_signed_in().await);

    let claims = json!({"aud": UNIVERSAL, "sub": "latchkey"});
    let token = minted(&scene, "global-token-revocation+jwt", claims).await;
    assert_eq!(universal(&scene, &token, json!({"format": "email", "email": MARY})).await.0, 204);
    assert!(!one.is_signed_in().await && !two.is_signed_in().await);
}

#[tokio::test]
async fn sec_207_a_notice_that_failed_can_be_sent_again() {
    let store = Lasting::new();
    let scene = Scene::with(Options::default(), &store.settings()).await;
    let (mut one, mut two) = (scene.browser(), scene.browser());
    one.sign_in(&scene.org).await;
    two.sign_in(&scene.org).await;
    let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    let token = minted(&scene, "logout+jwt", json!({"events": events})).await;
    store.fail(&Failing::Deletions);
    assert_eq!(back_channel(&scene, &token).await, (503, "store_unavailable".to_owned()));
    store.recover();
    assert_eq!(back_channel(&scene, &token).await, ok());
    assert!(!one.is_signed_in().await && !two.is_signed_in().await);
    assert_eq!(back_channel(&scene, &token).await, (400, "invalid_request".to_owned()), "it has been used");
}
