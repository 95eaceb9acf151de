//! An org for one test and an HTTP client for it.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use latchkey_devorg::{Options, Org};
use reqwest::{Method, Response};
use serde_json::{Value, json};

pub(crate) const MARY: &str = "mary@example.com";
pub(crate) const PASSWORD: &str = "Correct-Horse-9";
pub(crate) const CALLBACK: &str = "http://localhost:8080/login/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct TestOrg {
    pub(crate) org: Org,
    pub(crate) http: reqwest::Client,
    state: String,
}

impl TestOrg {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let org = Org::start(options).await.unwrap();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { org, http, state: String::new() }
    }

    /// Posts a form to the authorization server and returns status and JSON.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}/v1/{path}", self.org.issuer()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        read(request.body(body).send().await.unwrap()).await
    }

    /// Posts JSON to the `/dev` API.
    pub(crate) async fn dev(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.post(format!("{}/dev/{path}", self.org.origin()));
        read(request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap())
            .await
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.org.origin())).send().await.unwrap()
    }

    /// Sends a request as a page of this origin.
    pub(crate) async fn page_calls(&self, method: Method, path: &str, origin: &str) -> Response {
        let request = self.http.request(method, format!("{}{path}", self.org.origin()));
        request.header("origin", origin).send().await.unwrap()
    }

    /// Posts to a sign-in endpoint.
    pub(crate) async fn idx(&self, path: &str, body: Value) -> Response {
        let request = self.http.post(format!("{}/idp/idx/{path}", self.org.origin()));
        request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()
    }

    /// Posts to a sign-in endpoint with the state handle, and remembers the new one.
    pub(crate) async fn step(&mut self, path: &str, mut body: Value) -> (u16, Value) {
        if !self.state.is_empty() {
            body["stateHandle"] = json!(self.state);
        }
        let (status, document) = read(self.idx(path, body).await).await;
        if let Some(handle) = document["stateHandle"].as_str() {
            self.state = handle.to_owned();
        }
        (status, document)
    }

    /// Starts a transaction and returns its interaction handle.
    pub(crate) async fn interact(&mut self, more: &[(&str, &str)]) -> String {
        let mut fields = vec![
            ("client_id", "latchkey"),
            ("client_secret", "latchkey-dev-secret"),
            ("scope", "openid profile email offline_access"),
            ("redirect_uri", CALLBACK),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
        ];
        fields.extend(more);
        let (status, started) = self.form("interact", &fields).await;
        assert_eq!(status, 200, "{started}");
        let handle = started["interaction_handle"].as_str().unwrap().to_owned();
        self.state.clear();
        self.step("introspect", json!({ "interactionHandle": handle })).await;
        handle
    }

    /// Starts a transaction of a public client with this cookie and returns its interaction handle.
    pub(crate) async fn interact_with_cookie(&self, client: &str, cookie: Option<&str>) -> String {
        let fields = [
            ("client_id", client),
            ("scope", "openid"),
            ("redirect_uri", CALLBACK),
            ("code_challenge", CHALLENGE),
        ];
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}/v1/interact", self.org.issuer()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = cookie.into_iter().fold(request, |request, cookie| request.header("cookie", cookie));
        let (status, started) = read(request.body(body).send().await.unwrap()).await;
        assert_eq!(status, 200, "{started}");
        started["interaction_handle"].as_str().unwrap().to_owned()
    }

    /// Whether a browser with this cookie is signed in without a challenge.
    pub(crate) async fn is_signed_in(&self, client: &str, cookie: &str) -> bool {
        let handle =
            self.interact_with_cookie(client, Some(cookie).filter(|cookie| !cookie.is_empty())).await;
        let (_, document) = read(self.idx("introspect", json!({ "interactionHandle": handle })).await).await;
        document.get("successWithInteractionCode").is_some()
    }

    /// Signs Mary in by password and e-mail and returns the interaction code.
    pub(crate) async fn code(&mut self) -> String {
        self.interact(&[]).await;
        let (_, document) = self
            .step("identify", json!({ "identifier": MARY, "credentials": { "passcode": PASSWORD } }))
            .await;
        let options = document.pointer("/remediation/value/0/value/0/options").unwrap().as_array().unwrap();
        let email = options.iter().find(|o| o["label"] == "Email").unwrap();
        let id = email.pointer("/value/form/value/0/value").unwrap();
        self.step("challenge", json!({ "authenticator": { "id": id } })).await;
        let code = self.org.code(MARY).unwrap();
        let (status, document) =
            self.step("challenge/answer", json!({ "credentials": { "passcode": code } })).await;
        assert_eq!(status, 200, "{document:#}");
        let fields = document.pointer("/successWithInteractionCode/value").unwrap().as_array().unwrap();
        fields.iter().find(|f| f["name"] == "interaction_code").unwrap()["value"].as_str().unwrap().to_owned()
    }

    /// Exchanges a code.
    pub(crate) async fn exchange(&self, code: &str, verifier: &str) -> (u16, Value) {
        let fields = [
            ("grant_type", "interaction_code"),
            ("client_id", "latchkey"),
            ("client_secret", "latchkey-dev-secret"),
            ("interaction_code", code),
            ("code_verifier", verifier),
        ];
        self.form("token", &fields).await
    }

    /// Signs Mary in and returns her tokens.
    pub(crate) async fn tokens(&mut self) -> Value {
        let code = self.code().await;
        let (status, tokens) = self.exchange(&code, VERIFIER).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    pub(crate) async fn refresh(&self, token: &Value) -> (u16, Value) {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", "latchkey"),
            ("client_secret", "latchkey-dev-secret"),
            ("refresh_token", token.as_str().unwrap()),
        ];
        self.form("token", &fields).await
    }

    pub(crate) async fn userinfo(&self, token: &Value) -> (u16, Value) {
        let request = self.http.get(format!("{}/v1/userinfo", self.org.issuer()));
        read(request.bearer_auth(token.as_str().unwrap()).send().await.unwrap()).await
    }
}

pub(crate) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// The session cookie that a response sets.
pub(crate) fn session_of(response: &Response) -> String {
    response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// The claims in a token.
pub(crate) fn claims(token: &Value) -> Value {
    let body = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

/// Whether a key of the set signed the token.
pub(crate) fn is_signed(token: &str, keys: &Value) -> bool {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    keys["keys"].as_array().unwrap().iter().any(|key| {
        let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let key = PublicKeyComponents { n: part("n"), e: part("e") };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok()
    })
}
