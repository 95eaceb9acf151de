//! Sign-in on the org's own page: the authorization code flow, through the same session and sign-out.

use crate::scene::{Browser, MARY, PASSWORD, Scene, taken, wait_until};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use latchkey_devorg::{Options, Org};
use latchkey_idx::{Body, HttpTransport, Response, Transport};
use serde_json::{Value, json};
use std::collections::HashMap;
use url::Url;

pub(crate) const PROVIDER: &str = "0oadevsocial00000001";

/// An app that may not embed the sign-in, with these sign-on rules.
async fn scene(assurance: &str) -> Scene {
    scene_with(assurance, &[("LATCHKEY_RETURN_TO", "https://app.example.com")]).await
}

/// The same with more settings.
pub(crate) async fn scene_with(assurance: &str, more: &[(&'static str, &'static str)]) -> Scene {
    let settings = [&[("LATCHKEY_SIGN_IN_PAGE", "org")], more].concat();
    let scene = Scene::with(Options::default(), &settings).await;
    let more = json!({"identity_providers": [PROVIDER], "sign_on": [{"authenticate_with": assurance}]});
    set_hosted(&scene.org, true, more);
    scene
}

/// Switches the interaction code of the app off, or on.
pub(crate) fn set_hosted(org: &Org, is_hosted: bool, more: Value) {
    let mut app = json!({
        "client_id": "latchkey",
        "client_secret": "latchkey-dev-secret",
        "hosted_sign_in": is_hosted,
    });
    app.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    org.add_app(&app).unwrap();
}

async fn send(request: Request<Body>) -> Response {
    HttpTransport::new().unwrap().send(request).await.unwrap()
}

pub(crate) fn redirect(response: &Response) -> Url {
    Url::parse(response.headers()[header::LOCATION].to_str().unwrap()).unwrap()
}

pub(crate) async fn open(url: &Url) -> Response {
    send(Request::get(url.as_str()).body(Body::default()).unwrap()).await
}

/// The text of a page of the org, and the address of its forms.
pub(crate) async fn page(scene: &Scene, response: Response) -> (String, Url) {
    let text = String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    let start = text.find("action=\"").expect("a form") + "action=\"".len();
    let path = text[start..].split('"').next().unwrap();
    let address = Url::parse(scene.org.origin()).unwrap().join(path).unwrap();
    (text, address)
}

pub(crate) async fn submit(address: &Url, fields: &[(&str, &str)]) -> Response {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(address.as_str())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form));
    send(request.unwrap()).await
}

/// Begins, and follows the redirect of our server to the address at the org.
pub(crate) async fn leave(browser: &mut Browser, body: Value) -> Url {
    let begun = browser.begin(body).await;
    assert_eq!(begun["nextStep"]["name"], "redirect-idp", "{begun}");
    let leaving = browser.get(begun["nextStep"]["href"].as_str().unwrap()).await;
    assert_eq!(leaving.status, StatusCode::SEE_OTHER, "{leaving:?}");
    Url::parse(leaving.headers[header::LOCATION].to_str().unwrap()).unwrap()
}

/// What the callback page posts.
pub(crate) fn brought(callback: &Url) -> Value {
    let given: HashMap<String, String> = callback.query_pairs().into_owned().collect();
    let names = ["state", "code", "iss", "error"];
    names
        .into_iter()
        .filter_map(|name| Some((name, given.get(name)?)))
        .map(|(n, v)| (n.to_owned(), json!(v)))
        .collect()
}

pub(crate) fn password() -> [(&'static str, &'static str); 3] {
    [("path", "identify"), ("identifier", MARY), ("credentials.passcode", PASSWORD)]
}

#[tokio::test]
async fn a_person_signs_in_on_the_orgs_page_and_out_here() {
    let scene = scene("any-1-factor").await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({"returnTo": "/orders"})).await;
    assert_eq!(away.path(), "/oauth2/default/v1/authorize");
    for name in ["state", "nonce", "code_challenge"] {
        assert!(away.query_pairs().any(|(key, value)| key == name && value.len() == 43), "{name}");
    }
    let (_, form) = page(&scene, open(&away).await).await;
    let callback = redirect(&submit(&form, &password()).await);
    assert!(callback.as_str().starts_with("http://localhost:8080/login/callback?code="), "{callback}");
    let done = browser.post("/api/idx/callback", brought(&callback)).await.json();
    assert_eq!((&done["status"], &done["nextStep"]["href"]), (&json!("SUCCESS"), &json!("/orders")));
    assert!(browser.is_signed_in().await);
    let session = browser.get("/api/session").await.json();
    assert_eq!(session["user"]["email"], MARY);
    assert_eq!(browser.get("/api/userinfo").await.status, StatusCode::OK);
    assert_eq!(browser.post("/api/logout", json!({})).await.status, StatusCode::OK);
    assert!(!browser.is_signed_in().await);
    wait_until(async || taken(&scene.org, "/v1/revoke") > 0).await;
    assert!(!browser.received().contains("code_verifier"));
}

#[tokio::test]
async fn a_consent_on_the_orgs_page_signs_in_here_and_a_refusal_leads_to_the_first_step() {
    for (allow, status) in [("true", "SUCCESS"), ("false", "PENDING")] {
        let scene = scene("password").await;
        scene.org.add_app(&json!({ "client_id": "latchkey", "consent": "user" })).unwrap();
        let mut browser = scene.browser();
        let away = leave(&mut browser, json!({})).await;
        let (_, form) = page(&scene, open(&away).await).await;
        let (question, form) = page(&scene, submit(&form, &password()).await).await;
        assert!(question.contains("View your email address"), "{question}");
        let callback = redirect(&submit(&form, &[("path", "consent"), ("consent", allow)]).await);
        let done = browser.post("/api/idx/callback", brought(&callback)).await.json();
        assert_eq!(done["status"], status, "{done}");
        assert_eq!(browser.is_signed_in().await, status == "SUCCESS");
    }
}

#[tokio::test]
async fn the_account_page_works_after_a_sign_in_on_the_orgs_page() {
    let scopes = "openid profile email okta.myAccount.password.manage okta.myAccount.email.manage okta.myAccount.phone.manage \
                  okta.myAccount.webauthn.manage okta.myAccount.authenticators.manage";
    let scene = scene_with("any-1-factor", &[("LATCHKEY_SCOPES", scopes)]).await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({})).await;
    let (_, form) = page(&scene, open(&away).await).await;
    let callback = redirect(&submit(&form, &password()).await);
    browser.post("/api/idx/callback", brought(&callback)).await;
    let account = browser.get("/api/account").await.json();
    assert_eq!((&account["emails"][0]["address"], &account["missingScopes"]), (&json!(MARY), &json!([])));
}

#[tokio::test]
async fn sec_71_a_sign_out_ends_the_session_of_the_org_too_if_it_is_set_up_so_and_no_token_is_in_an_address()
{
    for (ends, leads_on) in [("here", false), ("org", true)] {
        let scene = scene_with("any-1-factor", &[("LATCHKEY_SIGN_OUT", ends)]).await;
        let mut browser = scene.browser();
        let away = leave(&mut browser, json!({})).await;
        let (_, form) = page(&scene, open(&away).await).await;
        let granted = submit(&form, &password()).await;
        let cookie =
            granted.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        browser.post("/api/idx/callback", brought(&redirect(&granted))).await;
        let signed_out = browser.post("/api/logout", json!({})).await.json();
        assert_eq!(signed_out["authenticated"], false);
        let at_org = async |address: &str| {
            let request = Request::get(address).header(header::COOKIE, &cookie).body(Body::default());
            send(request.unwrap()).await
        };
        match signed_out["signOutHref"].as_str() {
            Some(address) => {
                let expected =
                    format!("{}/login/signout?fromURI=http%3A%2F%2Flocalhost%3A8080%2F", scene.org.origin());
                assert_eq!(address, expected);
                let back = at_org(address).await;
                assert_eq!(redirect(&back).as_str(), "http://localhost:8080/");
                assert!(back.headers()[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
            }
            None => assert!(!leads_on),
        }
        let next = at_org(leave(&mut browser, json!({})).await.as_str()).await;
        // With a session of the org the next sign-in goes straight in; without one the org shows its page.
        assert_eq!(next.status().is_redirection(), !leads_on, "{ends}");
        assert!(!browser.received().contains("eyJ"), "a token");
    }
}

#[tokio::test]
async fn the_orgs_page_asks_for_as_many_factors_as_the_policy_requires() {
    let scene = scene("any-2-factors").await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({})).await;
    let (_, form) = page(&scene, open(&away).await).await;
    let (choices, form) = page(&scene, submit(&form, &password()).await).await;
    let email =
        choices.split("name=\"authenticator\" value=\"").find(|rest| rest.contains("> Email<")).unwrap();
    let email = email.split('"').next().unwrap().replace("&quot;", "\"");
    let (_, form) =
        page(&scene, submit(&form, &[("path", "challenge"), ("authenticator", &email)]).await).await;
    let code = scene.org.code(MARY).unwrap();
    let wrong = submit(&form, &[("path", "challenge/answer"), ("credentials.passcode", "000000")]).await;
    let (text, form) = page(&scene, wrong).await;
    assert!(text.contains("role=\"alert\""), "{text}");
    let done = submit(&form, &[("path", "challenge/answer"), ("credentials.passcode", &code)]).await;
    let done = browser.post("/api/idx/callback", brought(&redirect(&done))).await.json();
    assert_eq!(done["status"], "SUCCESS");
}

#[tokio::test]
async fn sec_228_state_and_issuer_of_a_response_must_be_those_of_the_flow() {
    let scene = scene("any-1-factor").await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({})).await;
    let (_, form) = page(&scene, open(&away).await).await;
    let values = brought(&redirect(&submit(&form, &password()).await));
    let mut other_state = values.clone();
    other_state["state"] = "made-up".into();
    let refused = browser.post("/api/idx/callback", other_state).await;
    assert_eq!(refused.problem(), (404, "no_transaction".to_owned()));
    let stranger = scene.browser();
    assert_eq!(stranger.post("/api/idx/callback", values.clone()).await.problem().0, 404, "another browser");
    for issuer in [Some("https://evil.example/oauth2/default"), None] {
        let away = leave(&mut browser, json!({"prompt": "login"})).await;
        let (_, form) = page(&scene, open(&away).await).await;
        let mut values = brought(&redirect(&submit(&form, &password()).await));
        values["iss"] = issuer.into();
        values.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let refused = browser.post("/api/idx/callback", values).await;
        assert_eq!(refused.problem(), (502, "org_refused".to_owned()), "{issuer:?}");
        assert!(!browser.is_signed_in().await);
    }
}

#[tokio::test]
async fn the_orgs_page_gets_the_hint_the_prompt_and_the_identity_provider() {
    let scene = scene("any-1-factor").await;
    let mut browser = scene.browser();
    let away = leave(&mut browser, json!({"username": MARY, "maxAge": 60})).await;
    assert!(away.query_pairs().any(|(name, value)| name == "max_age" && value == "60"), "{away}");
    let (text, _) = page(&scene, open(&away).await).await;
    assert!(text.contains(&format!("value=\"{MARY}\"")), "{text}");
    let away = leave(&mut browser, json!({"prompt": "none"})).await;
    let values = brought(&redirect(&open(&away).await));
    assert_eq!(values["error"], "login_required");
    let again = browser.post("/api/idx/callback", values).await.json();
    assert_eq!(again["nextStep"]["name"], "redirect-idp", "the flow goes on");
    let away = leave(&mut browser, json!({"idp": PROVIDER})).await;
    let provider = redirect(&open(&away).await);
    assert_eq!(provider.path(), format!("/social/{PROVIDER}/authorize"));
    let form = [("email", MARY), ("firstName", "Mary"), ("lastName", "M"), ("answer", "yes")];
    let callback = redirect(&open(&redirect(&submit(&provider, &form).await)).await);
    let done = browser.post("/api/idx/callback", brought(&callback)).await.json();
    assert_eq!(done["status"], "SUCCESS", "{done}");
}

#[tokio::test]
async fn a_password_is_taken_on_the_orgs_page_only() {
    let scene = scene("any-1-factor").await;
    let refused =
        scene.browser().post("/api/idx/authenticate", json!({"username": MARY, "password": PASSWORD})).await;
    assert_eq!(refused.problem(), (400, "invalid_request".to_owned()));
    let own = Scene::new().await;
    let refused = own.browser().post("/api/idx/authenticate", json!({"prompt": "login"})).await;
    assert!(refused.json()["detail"].as_str().unwrap().contains("LATCHKEY_SIGN_IN_PAGE"));
}
