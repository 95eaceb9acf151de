//! The org's own sign-in page, as a browser without scripts submits it.

use std::time::Duration;

use super::test_org::{CALLBACK, MARY, PASSWORD, TestOrg, VERIFIER, session_of};
use reqwest::Response;
use serde_json::{Value, json};
use url::Url;

/// The value of an attribute in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next())
}

/// The fields of the page's first form, as the browser sends them unless a person changes something.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form").nth(1).unwrap().split("</form>").next().unwrap();
    let is_sent = |tag: &&str| {
        let is_ticked = !tag.contains("type=\"checkbox\"") || tag.contains(" checked");
        is_ticked && !tag.contains(" disabled") && !tag.contains("type=\"radio\"")
    };
    let inputs = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next()).filter(is_sent);
    inputs
        .map(|tag| (attribute(tag, "name").unwrap().to_owned(), attribute(tag, "value").unwrap().to_owned()))
        .collect()
}

/// The name and value of the button with this text.
fn button(page: &str, text: &str) -> (String, String) {
    let tags = page.split("<button").skip(1);
    let tag = tags.filter_map(|rest| rest.split_once('>')).find(|(_, rest)| rest.starts_with(text));
    let (tag, _) = tag.unwrap_or_else(|| panic!("no button {text} in {page}"));
    (attribute(tag, "name").unwrap().to_owned(), attribute(tag, "value").unwrap().to_owned())
}

/// An org with an app of this policy whose users sign in on the org's page.
async fn org_with_consent(policy: &str) -> TestOrg {
    org_with(json!({ "consent": policy })).await
}

/// An org with an app that has these members, and whose users sign in on the org's page by password.
async fn org_with(more: Value) -> TestOrg {
    let test = TestOrg::new().await;
    let mut app = json!({
        "client_id": "shop",
        "label": "The Shop",
        "hosted_sign_in": true,
        "sign_on": [{ "authenticate_with": "password" }],
        "enrollment": { "okta_password": "REQUIRED" },
    });
    app.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    test.org.add_app(&app).unwrap();
    test
}

/// The response of `authorize` to a browser with this cookie.
async fn authorize(test: &TestOrg, more: &[(&str, &str)], cookie: &str) -> Response {
    let mut query = vec![
        ("client_id", "shop"),
        ("response_type", "code"),
        ("scope", "openid profile email"),
        ("redirect_uri", CALLBACK),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    query.extend(more);
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let request = test.http.get(format!("{}/oauth2/default/v1/authorize?{query}", test.org.origin()));
    request.header("cookie", cookie).send().await.unwrap()
}

/// The response to Mary's password, and the address of its forms.
async fn after_password(test: &TestOrg) -> (Response, String) {
    let first = authorize(test, &[], "").await.text().await.unwrap();
    let address = attribute(first.split("<form").nth(1).unwrap(), "action").unwrap().to_owned();
    let mut fields = fields_of(&first);
    fields.retain(|(name, _)| name == "path");
    fields.push(("identifier".to_owned(), MARY.to_owned()));
    fields.push(("credentials.passcode".to_owned(), PASSWORD.to_owned()));
    (submit(test, &address, &fields).await, address)
}

/// The page after Mary's password, and the address of its forms.
async fn page_after_password(test: &TestOrg) -> (String, String) {
    let (page, address) = after_password(test).await;
    (page.text().await.unwrap(), address)
}

async fn submit(test: &TestOrg, address: &str, fields: &[(String, String)]) -> Response {
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = test.http.post(format!("{}{address}", test.org.origin()));
    request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap()
}

/// What the address of the app has after the page was answered.
fn sent_to_app(response: &Response, name: &str) -> Option<String> {
    let location = response.headers().get("location").expect("a redirect to the app").to_str().unwrap();
    assert!(location.starts_with(CALLBACK), "{location}");
    let address = Url::parse(location).unwrap();
    address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

async fn granted_scopes(test: &TestOrg, answered: &Response) -> Vec<String> {
    let code = sent_to_app(answered, "code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "shop"),
        ("code", code.as_str()),
        ("code_verifier", VERIFIER),
        ("redirect_uri", CALLBACK),
    ];
    let (status, tokens) = test.form("token", &fields).await;
    assert_eq!(status, 200, "{tokens}");
    let mut scopes: Vec<String> = tokens["scope"].as_str().unwrap().split(' ').map(str::to_owned).collect();
    scopes.sort();
    scopes
}

#[tokio::test]
async fn consent_on_the_orgs_page_is_given_by_a_button() {
    for policy in ["user", "admin", "granular"] {
        let test = org_with_consent(policy).await;
        let (page, address) = page_after_password(&test).await;
        for scope in ["Sign you in", "View your profile", "View your email address"] {
            assert!(page.contains(scope), "{policy}: {page}");
        }
        let mut fields = fields_of(&page);
        fields.push(button(&page, "Allow Access"));
        let answered = submit(&test, &address, &fields).await;
        assert_eq!(granted_scopes(&test, &answered).await, ["email", "openid", "profile"], "{policy}");
    }
}

#[tokio::test]
async fn consent_on_the_orgs_page_leaves_out_a_scope_that_is_not_ticked() {
    let test = org_with_consent("granular").await;
    let (page, address) = page_after_password(&test).await;
    let mut fields = fields_of(&page);
    fields.retain(|(name, _)| name != "optedScopes.email");
    fields.push(button(&page, "Allow Access"));
    let answered = submit(&test, &address, &fields).await;
    assert_eq!(granted_scopes(&test, &answered).await, ["openid", "profile"]);
}

#[tokio::test]
async fn consent_refused_on_the_orgs_page_sends_an_error_to_the_app() {
    for policy in ["user", "admin", "granular"] {
        let test = org_with_consent(policy).await;
        let (page, address) = page_after_password(&test).await;
        let mut fields = fields_of(&page);
        fields.push(button(&page, "Don't Allow"));
        let answered = submit(&test, &address, &fields).await;
        assert_eq!(sent_to_app(&answered, "error").as_deref(), Some("access_denied"), "{policy}");
        assert_eq!(sent_to_app(&answered, "state").as_deref(), Some("the-state"));
    }
}

#[tokio::test]
async fn the_orgs_page_shows_the_messages_of_the_step() {
    let test = org_with(json!({ "device_assurance": { "grace_days": 7 } })).await;
    let (page, _) = page_after_password(&test).await;
    assert!(page.contains("role=\"alert\">Your device doesn't meet"), "{page}");
}

#[tokio::test]
async fn a_session_of_the_org_is_enough_unless_the_app_asks_for_a_newer_sign_in_or_another_factor() {
    let more = json!({ "enrollment": { "okta_password": "REQUIRED", "okta_email": "OPTIONAL" } });
    let test = org_with(more).await;
    let cookie = session_of(&after_password(&test).await.0);
    test.org.advance(Duration::from_secs(120));
    for (more, is_enough) in [
        (&[][..], true),
        (&[("max_age", "300")], true),
        (&[("max_age", "60")], false),
        (&[("prompt", "login")], false),
        (&[("acr_values", "urn:okta:loa:2fa:any")], false),
    ] {
        let answered = authorize(&test, more, &cookie).await;
        assert_eq!(answered.status().is_redirection(), is_enough, "{more:?}");
    }
    let without = authorize(&test, &[("prompt", "none")], "").await;
    assert_eq!(sent_to_app(&without, "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn an_app_without_the_interaction_code_begins_no_flow_and_redeems_no_code() {
    let mut test = TestOrg::new().await;
    let code = test.code().await;
    test.org.add_app(&json!({ "client_id": "latchkey", "hosted_sign_in": true })).unwrap();
    let (status, refused) = test.exchange(&code, VERIFIER).await;
    assert_eq!((status, &refused["error"]), (400, &json!("unauthorized_client")), "{refused}");
    let client = [("client_id", "latchkey"), ("client_secret", "latchkey-dev-secret")];
    let (status, refused) = test.form("interact", &client).await;
    assert_eq!((status, &refused["error"]), (400, &json!("unauthorized_client")), "{refused}");
}
