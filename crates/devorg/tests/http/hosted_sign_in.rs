//! The org's own sign-in page, as a browser without scripts submits it.

use super::test_org::{CALLBACK, MARY, PASSWORD, TestOrg, VERIFIER};
use reqwest::Response;
use serde_json::json;
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
    let test = TestOrg::new().await;
    let app = json!({
        "client_id": "shop",
        "label": "The Shop",
        "hosted_sign_in": true,
        "consent": policy,
        "sign_on": [{ "authenticate_with": "password" }],
        "enrollment": { "okta_password": "REQUIRED" },
    });
    test.org.add_app(&app).unwrap();
    test
}

/// The page after Mary's password, and the address of its forms.
async fn page_of_consent(test: &TestOrg) -> (String, String) {
    let query = [
        ("client_id", "shop"),
        ("response_type", "code"),
        ("scope", "openid profile email"),
        ("redirect_uri", CALLBACK),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let first = test.get(&format!("/oauth2/default/v1/authorize?{query}")).await.text().await.unwrap();
    let address = attribute(first.split("<form").nth(1).unwrap(), "action").unwrap().to_owned();
    let mut fields = fields_of(&first);
    fields.retain(|(name, _)| name == "path");
    fields.push(("identifier".to_owned(), MARY.to_owned()));
    fields.push(("credentials.passcode".to_owned(), PASSWORD.to_owned()));
    let page = submit(test, &address, &fields).await.text().await.unwrap();
    (page, address)
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
        let (page, address) = page_of_consent(&test).await;
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
    let (page, address) = page_of_consent(&test).await;
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
        let (page, address) = page_of_consent(&test).await;
        let mut fields = fields_of(&page);
        fields.push(button(&page, "Don't Allow"));
        let answered = submit(&test, &address, &fields).await;
        assert_eq!(sent_to_app(&answered, "error").as_deref(), Some("access_denied"), "{policy}");
        assert_eq!(sent_to_app(&answered, "state").as_deref(), Some("the-state"));
    }
}

#[tokio::test]
async fn the_orgs_page_shows_the_messages_of_the_step() {
    let test = TestOrg::new().await;
    let app = json!({
        "client_id": "shop",
        "hosted_sign_in": true,
        "device_assurance": { "grace_days": 7 },
        "sign_on": [{ "authenticate_with": "password" }],
        "enrollment": { "okta_password": "REQUIRED" },
    });
    test.org.add_app(&app).unwrap();
    let (page, _) = page_of_consent(&test).await;
    assert!(page.contains("role=\"alert\">Your device doesn't meet"), "{page}");
}
