//! A browser, the whole router and a dev org, all in one process.

mod client_key;
mod lasting;
mod program;

pub(crate) use client_key::ClientKey;
pub(crate) use lasting::{Failing, KEY, Lasting};
pub(crate) use program::Program;

use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use latchkey::{api, app::App, config, http::Peer};
use latchkey_devorg::{Options, Org};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tower::ServiceExt;

/// The user of the default org.
pub(crate) const MARY: &str = "mary@example.com";
pub(crate) const PASSWORD: &str = "Correct-Horse-9";
/// The host of the server's public address, which is a redirect URI at the org.
pub(crate) const HOST: &str = "localhost:8080";
/// The cookie names for plain http on loopback.
pub(crate) const SESSION_COOKIE: &str = "loopback-sid";
pub(crate) const DEVICE_COOKIE: &str = "loopback-dt";

/// An org and a server that uses it.
pub(crate) struct Scene {
    pub(crate) org: Org,
    pub(crate) server: Router,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default(), &[]).await
    }

    /// With more settings, by the names of their variables.
    pub(crate) async fn with(options: Options, settings: &[(&str, &str)]) -> Self {
        let org = Org::start(options).await.unwrap();
        let server = server(&org.issuer(), settings, None).await;
        Self { org, server }
    }

    /// With a file of settings.
    pub(crate) async fn with_file(options: Options, file: &str) -> Self {
        let org = Org::start(options).await.unwrap();
        let server = server(&org.issuer(), &[], Some(file)).await;
        Self { org, server }
    }

    /// With an https public address.
    pub(crate) async fn over_https() -> Self {
        let org = Org::start(Options::default()).await.unwrap();
        let public_url = format!("https://{HOST}");
        let callback = format!("{public_url}/login/callback");
        let app = json!({
            "client_id": "latchkey",
            "client_secret": "latchkey-dev-secret",
            "redirect_uris": [callback],
        });
        org.add_app(&app).unwrap();
        let server = api::router(app_at(&public_url, &org.issuer(), &[], None).await);
        Self { org, server }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::of(&self.server)
    }
}

/// The router of a server for this issuer.
pub(crate) async fn server(issuer: &str, settings: &[(&str, &str)], file: Option<&str>) -> Router {
    api::router(app(issuer, settings, file).await)
}

/// The app behind the router.
pub(crate) async fn app(issuer: &str, settings: &[(&str, &str)], file: Option<&str>) -> App {
    app_at(&format!("http://{HOST}"), issuer, settings, file).await
}

async fn app_at(public_url: &str, issuer: &str, settings: &[(&str, &str)], file: Option<&str>) -> App {
    let given = [
        ("LATCHKEY_ISSUER", issuer),
        ("LATCHKEY_CLIENT_ID", "latchkey"),
        ("LATCHKEY_CLIENT_SECRET", "latchkey-dev-secret"),
    ];
    let all: Vec<_> = settings.iter().chain(&given).copied().collect();
    let env = |name: &str| all.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let config = config::read(env, file, |path| std::fs::read_to_string(path)).unwrap();
    App::new(config, &public_url.parse().unwrap()).await.unwrap()
}

/// A browser: its cookies, its latest transaction, and everything that it received.
#[derive(Clone)]
pub(crate) struct Browser {
    server: Router,
    pub(crate) cookie: Arc<Mutex<Option<String>>>,
    pub(crate) transaction: Option<String>,
    received: Arc<Mutex<Vec<u8>>>,
}

/// One response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Browser {
    pub(crate) fn of(server: &Router) -> Self {
        Self { server: server.clone(), cookie: Arc::default(), transaction: None, received: Arc::default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// A call as our own page sends it.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Posts, expects a transaction, and continues with it.
    pub(crate) async fn step(&mut self, path: &str, body: Value) -> Value {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
        let transaction = answer.json();
        self.transaction = transaction["transaction"].as_str().map(str::to_owned);
        transaction
    }

    pub(crate) async fn begin(&mut self, body: Value) -> Value {
        self.transaction = None;
        self.step("/api/idx/authenticate", body).await
    }

    pub(crate) async fn proceed(&mut self, body: Value) -> Value {
        self.step("/api/idx/proceed", body).await
    }

    /// Signs in up to the mailed code.
    pub(crate) async fn until_code(&mut self) -> Value {
        self.begin(json!({"username": MARY, "password": PASSWORD})).await;
        self.proceed(json!({"authenticator": "okta_email"})).await
    }

    /// Signs in completely.
    pub(crate) async fn sign_in(&mut self, org: &Org) -> Value {
        self.until_code().await;
        let code = org.code(MARY).unwrap();
        let transaction = self.proceed(json!({"verificationCode": code})).await;
        assert_eq!(transaction["status"], "SUCCESS", "{transaction}");
        self.transaction = None;
        transaction
    }

    pub(crate) async fn is_signed_in(&self) -> bool {
        let answer = self.get("/api/session").await;
        answer.status == StatusCode::OK && answer.json()["authenticated"] == true
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        if path.starts_with("/api") {
            request = request.header("x-csrf", "1").header("sec-fetch-site", "same-origin");
        }
        if let Some(cookie) = self.cookie.lock().unwrap().as_ref() {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(transaction) = &self.transaction {
            request = request.header("x-transaction", transaction);
        }
        request
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(Peer(SocketAddr::from(([127, 0, 0, 1], 4711))));
        let (parts, body) = self.server.clone().oneshot(request).await.unwrap().into_parts();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        };
        if let Some(set) = answer.headers.get(header::SET_COOKIE).map(|set| set.to_str().unwrap()) {
            let pair = set.split(';').next().unwrap();
            *self.cookie.lock().unwrap() = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        let mut received = self.received.lock().unwrap();
        received.extend(format!("{:?}\n", answer.headers).bytes());
        received.extend(&answer.body);
        answer
    }

    /// Another browser with a copy of the cookies.
    pub(crate) fn twin(&self) -> Self {
        let cookie = Arc::new(Mutex::new(self.held()));
        Self { cookie, ..self.clone() }
    }

    /// Everything received so far, as text.
    pub(crate) fn received(&self) -> String {
        String::from_utf8_lossy(&self.received.lock().unwrap()).into_owned()
    }

    pub(crate) fn held(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// Status and code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        (self.status.as_u16(), problem["code"].as_str().unwrap().to_owned())
    }
}

/// How many calls to this path the org has received.
pub(crate) fn taken(org: &Org, path: &str) -> usize {
    org.journal().iter().filter(|call| call.path.ends_with(path) && call.status == 200).count()
}

pub(crate) async fn wait_until(condition: impl AsyncFn() -> bool) {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
}

/// Waits until the org has taken every scripted fault: the calls that it delays are in progress.
pub(crate) async fn until_faults_are_taken(org: &Org) {
    let faults = format!("{}/dev/faults", org.origin());
    wait_until(async || reqwest::get(&faults).await.unwrap().text().await.unwrap() == "[]").await;
}

/// The choices of the first input.
pub(crate) fn choices(transaction: &Value) -> Vec<String> {
    let options = transaction["nextStep"]["inputs"][0]["options"].as_array().unwrap();
    options.iter().map(|option| option["value"].as_str().unwrap().to_owned()).collect()
}

/// The first message.
pub(crate) fn message(transaction: &Value) -> &str {
    transaction["messages"][0]["i18n"]["key"].as_str().unwrap_or_else(|| panic!("no message: {transaction}"))
}
