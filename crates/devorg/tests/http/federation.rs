//! Sign-ins with the built-in identity provider, with the org as its OpenID client.

use super::test_org::{CALLBACK, MARY, TestOrg, read, session_of};
use reqwest::Response;
use serde_json::{Value, json};
use url::Url;

const PROVIDER: &str = "/social/0oadevsocial00000001";

/// The redirect target of a response.
fn location(response: &Response) -> Url {
    assert_eq!(response.status(), 303, "{response:?}");
    Url::parse(response.headers()["location"].to_str().unwrap()).unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

async fn follow(test: &TestOrg, url: &Url) -> Response {
    test.http.get(url.clone()).send().await.unwrap()
}

/// Starts a sign-in, follows the redirect and returns the provider's page.
async fn go_to_provider(test: &mut TestOrg) -> Url {
    test.interact(&[]).await;
    let (_, document) = test.step("introspect", json!({})).await;
    let forms = document.pointer("/remediation/value").unwrap().as_array().unwrap();
    let out = forms.iter().find(|form| form["name"] == "redirect-idp").unwrap()["href"].as_str().unwrap();
    location(&follow(test, &Url::parse(out).unwrap()).await)
}

/// Signs in on the provider's page and returns the callback URL.
async fn sign_in(test: &TestOrg, page: &Url, email: &str) -> Url {
    let form = format!("email={email}&firstName=Sam&lastName=Social&answer=yes");
    let request = test.http.post(page.clone()).header("content-type", "application/x-www-form-urlencoded");
    location(&request.body(form).send().await.unwrap())
}

/// Follows the callback; the error sent to the app, and the document after it.
async fn follow_callback(test: &mut TestOrg, back: &Url) -> (Option<String>, Value) {
    let app = location(&follow(test, back).await);
    assert!(app.as_str().starts_with(CALLBACK), "{app}");
    let (_, document) = test.step("introspect", json!({})).await;
    (parameter(&app, "error"), document)
}

#[tokio::test]
async fn the_provider_has_discovery_and_keys_of_its_own() {
    let test = TestOrg::new().await;
    let (status, found) = read(test.get(&format!("{PROVIDER}/.well-known/openid-configuration")).await).await;
    let issuer = format!("{}{PROVIDER}", test.org.origin());
    assert_eq!((status, &found["issuer"]), (200, &json!(issuer)));
    let (_, keys) = read(follow(&test, &found["jwks_uri"].as_str().unwrap().parse().unwrap()).await).await;
    let (_, of_the_org) = read(test.get("/oauth2/default/v1/keys").await).await;
    assert_ne!(keys["keys"][0]["n"], of_the_org["keys"][0]["n"]);
    assert_eq!(test.get("/social/nobody/.well-known/openid-configuration").await.status(), 404);
}

#[tokio::test]
async fn the_org_sends_state_nonce_and_pkce_and_redeems_the_code_over_http() {
    let mut test = TestOrg::new().await;
    let page = go_to_provider(&mut test).await;
    assert_eq!(page.path(), format!("{PROVIDER}/authorize"));
    assert_eq!(parameter(&page, "code_challenge_method").as_deref(), Some("S256"));
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(parameter(&page, name).unwrap().len(), 43, "{name}");
    }
    let back = sign_in(&test, &page, MARY).await;
    let (error, document) = follow_callback(&mut test, &back).await;
    // One factor is verified and the app requires another.
    assert_eq!(error.as_deref(), Some("interaction_required"));
    let next = document.pointer("/remediation/value/0/name");
    assert_eq!(next, Some(&json!("select-authenticator-authenticate")));
    assert_eq!(document.pointer("/user/value/identifier"), Some(&json!(MARY)));
    let called: Vec<_> = test.org.journal().into_iter().map(|call| (call.path, call.status)).collect();
    for path in ["token", "keys", "userinfo"] {
        assert!(called.contains(&(format!("{PROVIDER}/{path}"), 200)), "{called:?}");
    }
}

#[tokio::test]
async fn after_a_provider_sign_in_the_browser_has_a_session_at_the_org() {
    let mut test = TestOrg::new().await;
    test.dev(
        "apps",
        json!({ "client_id": "latchkey", "sign_on": [{ "authenticate_with": "any-1-factor" }] }),
    )
    .await;
    let page = go_to_provider(&mut test).await;
    let back = sign_in(&test, &page, MARY).await;
    let arrived = follow(&test, &back).await;
    assert!(parameter(&location(&arrived), "interaction_code").is_some());
    let easy = json!({ "client_id": "easy", "sign_on": [{ "authenticate_with": "any-1-factor" }] });
    test.org.add_app(&easy).unwrap();
    assert!(test.is_signed_in("easy", &session_of(&arrived)).await);
}

#[tokio::test]
async fn an_unknown_client_gets_a_page_and_a_mistake_is_reported_at_the_redirect_uri() {
    let mut test = TestOrg::new().await;
    let page = go_to_provider(&mut test).await;
    let with = |name: &str, value: &str| {
        let mut other = page.clone();
        let kept: Vec<_> = page.query_pairs().into_owned().filter(|(n, _)| n != name).collect();
        other.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
        other
    };
    for (name, value) in [("client_id", "another"), ("redirect_uri", "http://evil.example/")] {
        assert_eq!(follow(&test, &with(name, value)).await.status(), 400, "{name}");
    }
    for (name, value) in
        [("response_type", "token"), ("scope", "email"), ("code_challenge_method", "plain"), ("nonce", "")]
    {
        let back = location(&follow(&test, &with(name, value)).await);
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "{name}");
        assert_eq!(parameter(&back, "state"), parameter(&page, "state"));
    }
}

#[tokio::test]
async fn a_provider_code_needs_client_authentication_and_verifier() {
    let mut test = TestOrg::new().await;
    let page = go_to_provider(&mut test).await;
    let code = parameter(&sign_in(&test, &page, MARY).await, "code").unwrap();
    let callback = parameter(&page, "redirect_uri").unwrap();
    let body: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &callback)])
        .extend_pairs([("client_id", "dev-org"), ("client_secret", "a-guess"), ("code_verifier", "a-guess")])
        .finish();
    let request = test.http.post(format!("{}{PROVIDER}/token", test.org.origin()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let (status, refused) = read(request.send().await.unwrap()).await;
    assert_eq!((status, &refused["error"]), (401, &json!("invalid_client")));
    assert_eq!(test.get(&format!("{PROVIDER}/userinfo")).await.status(), 401);
}

#[tokio::test]
async fn a_provider_callback_works_once_and_with_its_own_code() {
    let mut test = TestOrg::new().await;
    let (first, second) = (go_to_provider(&mut test).await, go_to_provider(&mut test).await);
    let (first, second) = (sign_in(&test, &first, MARY).await, sign_in(&test, &second, MARY).await);
    let mut mixed = second.clone();
    let (code, state) = (parameter(&first, "code").unwrap(), parameter(&second, "state").unwrap());
    mixed.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", &state);
    let (_, document) = follow_callback(&mut test, &mixed).await;
    assert_eq!(
        message_key(&document),
        Some("idx.identity.provider.auth.error"),
        "a code is bound to its verifier"
    );
    assert_eq!(follow(&test, &second).await.status(), 400, "a state is good once");
    let mut made_up = first.clone();
    made_up.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", "made-up");
    assert_eq!(follow(&test, &made_up).await.status(), 400);
}

fn message_key(document: &Value) -> Option<&str> {
    document.pointer("/messages/value/0/i18n/key").and_then(Value::as_str)
}

#[tokio::test]
async fn a_provider_response_that_fails_verification_signs_no_one_in() {
    let mut test = TestOrg::new().await;
    // Signed by the org, which is not the provider.
    let claims = json!({ "iss": format!("{}{PROVIDER}", test.org.origin()) });
    let (_, minted) =
        test.dev("id-token", json!({ "login": MARY, "client_id": "dev-org", "claims": claims })).await;
    let forged = json!({ "access_token": "a", "id_token": minted["id_token"] });
    let status = |path: &str, status: u16, body: Value| json!({ "path": format!("{PROVIDER}/{path}"), "kind": "status", "status": status, "body": body, "times": 1 });
    for fault in [
        status("token", 500, json!({})),
        status("token", 200, json!({ "access_token": "a" })),
        status("token", 200, forged),
        status("keys", 200, json!({ "keys": [] })),
        status("userinfo", 200, json!({ "sub": "another", "email": MARY })),
        status(".well-known/openid-configuration", 200, json!({ "issuer": "http://evil.example" })),
        json!({ "path": format!("{PROVIDER}/token"), "kind": "reset", "times": 1 }),
        json!({ "path": format!("{PROVIDER}/token"), "kind": "garbage", "times": 1 }),
    ] {
        let page = go_to_provider(&mut test).await;
        let back = sign_in(&test, &page, MARY).await;
        test.org.faults(&fault).unwrap();
        let (error, document) = follow_callback(&mut test, &back).await;
        assert_eq!(error.as_deref(), Some("interaction_required"), "{fault}");
        assert_eq!(message_key(&document), Some("idx.identity.provider.auth.error"), "{fault}");
    }
}

#[tokio::test]
async fn a_provider_without_discovery_redirects_back_to_the_app() {
    let mut test = TestOrg::new().await;
    let fault = json!({ "path": format!("{PROVIDER}/.well-known/openid-configuration"), "kind": "status", "status": 503 });
    test.org.faults(&fault).unwrap();
    let app = go_to_provider(&mut test).await;
    assert!(app.as_str().starts_with(CALLBACK), "{app}");
    let (_, document) = test.step("introspect", json!({})).await;
    assert_eq!(message_key(&document), Some("idx.identity.provider.auth.error"));
}
