//! Signing in by the built-in identity provider: an OpenID provider of its own, and the org a careful client of it.

use super::world::{CALLBACK, MARY, World, read, session_of};
use reqwest::Response;
use serde_json::{Value, json};
use url::Url;

const PROVIDER: &str = "/social/0oadevsocial00000001";

/// Where an answer leads.
fn location(response: &Response) -> Url {
    assert_eq!(response.status(), 303, "{response:?}");
    Url::parse(response.headers()["location"].to_str().unwrap()).unwrap()
}

fn told(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

async fn follow(world: &World, url: &Url) -> Response {
    world.http.get(url.clone()).send().await.unwrap()
}

/// Begins a sign-in and leaves for the provider; its page.
async fn leave(world: &mut World) -> Url {
    world.interact(&[]).await;
    let (_, document) = world.step("introspect", json!({})).await;
    let forms = document.pointer("/remediation/value").unwrap().as_array().unwrap();
    let out = forms.iter().find(|form| form["name"] == "redirect-idp").unwrap()["href"].as_str().unwrap();
    location(&follow(world, &Url::parse(out).unwrap()).await)
}

/// Signs in at the provider's page; the way back to the org.
async fn vouch(world: &World, page: &Url, email: &str) -> Url {
    let form = format!("email={email}&firstName=Sam&lastName=Social&answer=yes");
    let request = world.http.post(page.clone()).header("content-type", "application/x-www-form-urlencoded");
    location(&request.body(form).send().await.unwrap())
}

/// What the org said to the app, and what it says on the page then.
async fn arrive(world: &mut World, back: &Url) -> (Option<String>, Value) {
    let app = location(&follow(world, back).await);
    assert!(app.as_str().starts_with(CALLBACK), "{app}");
    let (_, document) = world.step("introspect", json!({})).await;
    (told(&app, "error"), document)
}

#[tokio::test]
async fn the_provider_tells_where_it_is_and_signs_with_keys_of_its_own() {
    let world = World::new().await;
    let (status, found) =
        read(world.get(&format!("{PROVIDER}/.well-known/openid-configuration")).await).await;
    let issuer = format!("{}{PROVIDER}", world.org.origin());
    assert_eq!((status, &found["issuer"]), (200, &json!(issuer)));
    let (_, keys) = read(follow(&world, &found["jwks_uri"].as_str().unwrap().parse().unwrap()).await).await;
    let (_, of_the_org) = read(world.get("/oauth2/default/v1/keys").await).await;
    assert_ne!(keys["keys"][0]["n"], of_the_org["keys"][0]["n"]);
    assert_eq!(world.get("/social/nobody/.well-known/openid-configuration").await.status(), 404);
}

#[tokio::test]
async fn the_org_asks_with_state_nonce_and_pkce_and_redeems_the_code_over_http() {
    let mut world = World::new().await;
    let page = leave(&mut world).await;
    assert_eq!(page.path(), format!("{PROVIDER}/authorize"));
    assert_eq!(told(&page, "code_challenge_method").as_deref(), Some("S256"));
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(told(&page, name).unwrap().len(), 43, "{name}");
    }
    let back = vouch(&world, &page, MARY).await;
    let (error, document) = arrive(&mut world, &back).await;
    // One factor is shown; the app asks for another.
    assert_eq!(error.as_deref(), Some("interaction_required"));
    let next = document.pointer("/remediation/value/0/name");
    assert_eq!(next, Some(&json!("select-authenticator-authenticate")));
    assert_eq!(document.pointer("/user/value/identifier"), Some(&json!(MARY)));
    let called: Vec<_> = world.org.journal().into_iter().map(|call| (call.path, call.status)).collect();
    for path in ["token", "keys", "userinfo"] {
        assert!(called.contains(&(format!("{PROVIDER}/{path}"), 200)), "{called:?}");
    }
}

#[tokio::test]
async fn a_browser_that_comes_back_with_a_code_is_signed_in_at_the_org() {
    let mut world = World::new().await;
    world
        .dev("apps", json!({ "client_id": "latchkey", "sign_on": [{ "authenticate_with": "any-1-factor" }] }))
        .await;
    let page = leave(&mut world).await;
    let back = vouch(&world, &page, MARY).await;
    let arrived = follow(&world, &back).await;
    assert!(told(&location(&arrived), "interaction_code").is_some());
    let easy = json!({ "client_id": "easy", "sign_on": [{ "authenticate_with": "any-1-factor" }] });
    world.org.add_app(&easy).unwrap();
    assert!(world.is_known("easy", &session_of(&arrived)).await);
}

#[tokio::test]
async fn a_client_nobody_knows_sees_a_page_and_a_mistaken_one_is_told() {
    let mut world = World::new().await;
    let page = leave(&mut world).await;
    let with = |name: &str, value: &str| {
        let mut other = page.clone();
        let kept: Vec<_> = page.query_pairs().into_owned().filter(|(n, _)| n != name).collect();
        other.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
        other
    };
    for (name, value) in [("client_id", "another"), ("redirect_uri", "http://evil.example/")] {
        assert_eq!(follow(&world, &with(name, value)).await.status(), 400, "{name}");
    }
    for (name, value) in
        [("response_type", "token"), ("scope", "email"), ("code_challenge_method", "plain"), ("nonce", "")]
    {
        let back = location(&follow(&world, &with(name, value)).await);
        assert_eq!(told(&back, "error").as_deref(), Some("invalid_request"), "{name}");
        assert_eq!(told(&back, "state"), told(&page, "state"));
    }
}

#[tokio::test]
async fn a_code_is_of_no_use_to_who_cannot_prove_what_it_is() {
    let mut world = World::new().await;
    let page = leave(&mut world).await;
    let code = told(&vouch(&world, &page, MARY).await, "code").unwrap();
    let callback = told(&page, "redirect_uri").unwrap();
    let body: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &callback)])
        .extend_pairs([("client_id", "dev-org"), ("client_secret", "a-guess"), ("code_verifier", "a-guess")])
        .finish();
    let request = world.http.post(format!("{}{PROVIDER}/token", world.org.origin()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let (status, refused) = read(request.send().await.unwrap()).await;
    assert_eq!((status, &refused["error"]), (401, &json!("invalid_client")));
    assert_eq!(world.get(&format!("{PROVIDER}/userinfo")).await.status(), 401);
}

#[tokio::test]
async fn a_way_back_is_good_once_and_with_its_own_code() {
    let mut world = World::new().await;
    let (first, second) = (leave(&mut world).await, leave(&mut world).await);
    let (first, second) = (vouch(&world, &first, MARY).await, vouch(&world, &second, MARY).await);
    let mut mixed = second.clone();
    let (code, state) = (told(&first, "code").unwrap(), told(&second, "state").unwrap());
    mixed.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", &state);
    let (_, document) = arrive(&mut world, &mixed).await;
    assert_eq!(said(&document), Some("idx.identity.provider.auth.error"), "a code is bound to its verifier");
    assert_eq!(follow(&world, &second).await.status(), 400, "a state is good once");
    let mut made_up = first.clone();
    made_up.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", "made-up");
    assert_eq!(follow(&world, &made_up).await.status(), 400);
}

fn said(document: &Value) -> Option<&str> {
    document.pointer("/messages/value/0/i18n/key").and_then(Value::as_str)
}

#[tokio::test]
async fn an_answer_of_the_provider_s_that_cannot_be_believed_signs_nobody_in() {
    let mut world = World::new().await;
    // Signed by the org itself, which is not the provider.
    let claims = json!({ "iss": format!("{}{PROVIDER}", world.org.origin()) });
    let (_, minted) =
        world.dev("id-token", json!({ "login": MARY, "client_id": "dev-org", "claims": claims })).await;
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
        let page = leave(&mut world).await;
        let back = vouch(&world, &page, MARY).await;
        world.org.faults(&fault).unwrap();
        let (error, document) = arrive(&mut world, &back).await;
        assert_eq!(error.as_deref(), Some("interaction_required"), "{fault}");
        assert_eq!(said(&document), Some("idx.identity.provider.auth.error"), "{fault}");
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_found_leads_straight_back() {
    let mut world = World::new().await;
    let fault = json!({ "path": format!("{PROVIDER}/.well-known/openid-configuration"), "kind": "status", "status": 503 });
    world.org.faults(&fault).unwrap();
    let app = leave(&mut world).await;
    assert!(app.as_str().starts_with(CALLBACK), "{app}");
    let (_, document) = world.step("introspect", json!({})).await;
    assert_eq!(said(&document), Some("idx.identity.provider.auth.error"));
}
