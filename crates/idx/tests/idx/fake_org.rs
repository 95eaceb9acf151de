//! A fake org with one user, in memory: a password, then a code by e-mail. Its id tokens are really signed.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use latchkey_idx::http::header::CONTENT_TYPE;
use latchkey_idx::http::{HeaderMap, HeaderValue};
use latchkey_idx::{
    Answer, Client, ClientAuthentication, Config, Error, FlowSecrets, Request, Response, Secret, Transport,
    json_response,
};
use serde_json::{Value, json};
use url::form_urlencoded;

pub(crate) const ISSUER: &str = "https://org.example/oauth2/default";
pub(crate) const CLIENT: &str = "app-1";
pub(crate) const CODE: &str = "314159";
pub(crate) const PASSWORD: &str = "Correct-Horse-9";
pub(crate) const NOW: u64 = 1_900_000_000;

/// The org's signing key. Generating one takes a while, so all tests share it.
pub(crate) static KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).expect("an RSA key can be made"));

/// The org: the requests it has received, and the responses it should get wrong.
#[derive(Default)]
pub(crate) struct FakeOrg {
    pub(crate) requests: Mutex<Vec<ReceivedRequest>>,
    /// Makes the id tokens, if not the normal way.
    pub(crate) token_maker: Mutex<Option<TokenMaker>>,
    /// Replaces the normal response, by path.
    pub(crate) replacements: Mutex<HashMap<String, Result<Response, Error>>>,
    nonce: Mutex<String>,
}

/// Makes an id token from the normal claims.
pub(crate) type TokenMaker = Box<dyn Fn(Value) -> String + Send>;

#[derive(Clone)]
pub(crate) struct ReceivedRequest {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

pub(crate) fn flow_secrets() -> FlowSecrets {
    FlowSecrets::from_bytes([[1; 32], [2; 32], [3; 32]])
}

pub(crate) fn config() -> Config {
    Config {
        issuer: ISSUER.parse().expect("an address"),
        client_id: CLIENT.into(),
        authentication: ClientAuthentication::Secret(Secret::from("app-secret")),
        device_ports: Vec::new(),
        redirect_uri: "https://app.example/login/callback".parse().expect("an address"),
        scopes: vec!["openid".into(), "profile".into()],
    }
}

/// An org and a client of it.
pub(crate) fn org() -> (Arc<FakeOrg>, Client<impl Transport>) {
    let org = Arc::new(FakeOrg::default());
    let client = client_of(&org, config());
    (org, client)
}

/// A client of this org with another configuration.
pub(crate) fn client_of(org: &Arc<FakeOrg>, config: Config) -> Client<impl Transport + use<>> {
    let org = Arc::clone(org);
    Client::new(config, move |request: Request| {
        let response = org.respond(&request);
        async move { response }
    })
}

impl FakeOrg {
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests.lock().expect("requests").iter().map(|request| request.path.clone()).collect()
    }

    /// How many requests a path has received.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.paths().iter().filter(|received| *received == path).count()
    }

    /// The response to the right password.
    pub(crate) fn response_to_identify(&self) -> Response {
        json_response(200, choose().to_string())
    }

    /// From now on the path responds with this.
    pub(crate) fn respond_with(&self, path: &str, response: Result<Response, Error>) {
        self.replacements.lock().expect("replacements").insert(path.to_owned(), response);
    }

    /// From now on id tokens are made like this.
    pub(crate) fn make_tokens(&self, maker: impl Fn(Value) -> String + Send + 'static) {
        *self.token_maker.lock().expect("a token maker") = Some(Box::new(maker));
    }

    /// The last request to a path.
    pub(crate) fn last(&self, path: &str) -> ReceivedRequest {
        let requests = self.requests.lock().expect("requests");
        requests.iter().rfind(|request| request.path == path).cloned().expect("a request to the path")
    }

    pub(crate) fn respond(&self, request: &Request) -> Result<Response, Error> {
        let path = request.uri().to_string().trim_start_matches("https://org.example").to_owned();
        let body = body_of(request);
        let received =
            ReceivedRequest { path: path.clone(), headers: request.headers().clone(), body: body.clone() };
        self.requests.lock().expect("requests").push(received);
        if let Some(response) = self.replacements.lock().expect("replacements").get(&path) {
            return response.clone();
        }
        let (status, response) = match path.as_str() {
            "/oauth2/default/.well-known/openid-configuration" => (200, discovery()),
            "/oauth2/default/v1/interact" => {
                *self.nonce.lock().expect("a nonce") = body["nonce"].as_str().unwrap_or_default().into();
                (200, json!({"interaction_handle": "handle-1"}))
            }
            "/idp/idx/introspect" => (200, identify()),
            "/idp/idx/identify" if body["credentials"]["passcode"] == PASSWORD => (200, choose()),
            "/idp/idx/identify" => {
                let mut again = identify();
                again["messages"] = messages("errors.E0000004", "ClientAuthentication failed");
                (401, again)
            }
            "/idp/idx/challenge" => (200, challenge()),
            "/idp/idx/challenge/answer" if body["credentials"]["passcode"] == CODE => (200, success()),
            "/idp/idx/challenge/answer" => {
                let mut again = challenge();
                again["remediation"]["value"][0]["value"][0]["form"]["value"][0]["messages"] =
                    messages("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again.");
                (401, again)
            }
            "/idp/idx/cancel" => (200, identify()),
            "/oauth2/default/v1/token" => (200, self.tokens(&body)),
            "/oauth2/default/v1/keys" => (200, keys()),
            "/oauth2/default/v1/userinfo" => (200, json!({"sub": "user-1", "name": "Mary"})),
            "/oauth2/default/v1/revoke" => (200, json!({})),
            _ => (404, json!({"errorCode": "E0000007", "errorSummary": "Not found"})),
        };
        Ok(json_response(status, response.to_string()))
    }

    fn tokens(&self, body: &Value) -> Value {
        let refresh = body["grant_type"] == "refresh_token";
        let access = if refresh { "access-2" } else { "access-1" };
        let claims = json!({
            "iss": ISSUER, "aud": CLIENT, "sub": "user-1", "name": "Mary", "iat": NOW, "exp": NOW + 3600,
            "nonce": self.nonce.lock().expect("a nonce").clone(), "at_hash": half_hash(access),
        });
        let normal = |claims: Value| sign(&KEY, r#"{"alg":"RS256","kid":"key-1"}"#, &claims.to_string());
        let id_token = self
            .token_maker
            .lock()
            .expect("a token maker")
            .as_ref()
            .map_or_else(|| normal(claims.clone()), |maker| maker(claims.clone()));
        json!({
            "token_type": "Bearer", "expires_in": 3600, "scope": "openid profile",
            "access_token": access, "refresh_token": "refresh-1",
            "id_token": id_token,
        })
    }
}

/// The response with one more header.
pub(crate) fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    response.headers_mut().insert(name, value.parse().expect("a header value"));
    response
}

/// The JSON or form parameters of a request.
fn body_of(request: &Request) -> Value {
    let bytes = request.body().as_bytes();
    match request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes) {
        None => Value::Null,
        Some(b"application/x-www-form-urlencoded") => {
            form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), json!(value))).collect()
        }
        Some(_) => serde_json::from_slice(bytes).expect("JSON"),
    }
}

/// A correctly signed token with any header and claims.
pub(crate) fn sign(key: &RsaKeyPair, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
        .expect("a signature");
    format!("{message}.{}", BASE64.encode(signature))
}

pub(crate) fn half_hash(whole: &str) -> String {
    BASE64.encode(&digest::digest(&digest::SHA256, whole.as_bytes()).as_ref()[..16])
}

pub(crate) fn public_key(key: &RsaKeyPair, id: &str) -> Value {
    let modulus = key.public_key().modulus().big_endian_without_leading_zero().to_vec();
    let exponent = key.public_key().exponent().big_endian_without_leading_zero().to_vec();
    json!({"kty": "RSA", "alg": "RS256", "use": "sig", "kid": id, "n": BASE64.encode(modulus), "e": BASE64.encode(exponent)})
}

pub(crate) fn private_pem(key: &RsaKeyPair) -> String {
    let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(key).expect("a key has a DER form");
    let text = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

fn discovery() -> Value {
    json!({
        "issuer": ISSUER,
        "token_endpoint": format!("{ISSUER}/v1/token"),
        "jwks_uri": format!("{ISSUER}/v1/keys"),
        "userinfo_endpoint": format!("{ISSUER}/v1/userinfo"),
        "revocation_endpoint": format!("{ISSUER}/v1/revoke"),
        "end_session_endpoint": format!("{ISSUER}/v1/logout"),
        "code_challenge_methods_supported": ["S256"],
    })
}

fn keys() -> Value {
    json!({"keys": [public_key(&KEY, "key-1")]})
}

pub(crate) fn form(name: &str, path: &str, fields: Value) -> Value {
    let mut fields = fields.as_array().cloned().unwrap_or_default();
    fields.push(json!({"name": "stateHandle", "required": true, "value": "state-1", "visible": false, "mutable": false}));
    json!({
        "rel": ["create-form"], "name": name, "method": "POST", "value": fields,
        "href": format!("https://org.example/idp/idx/{path}"),
        "produces": "application/ion+json; okta-version=1.0.0", "accepts": "application/json; okta-version=1.0.0",
    })
}

pub(crate) fn page(forms: Value) -> Value {
    json!({
        "version": "1.0.0", "stateHandle": "state-1", "intent": "LOGIN", "expiresAt": "2030-03-17T17:51:40.000Z",
        "remediation": {"type": "array", "value": forms},
        "cancel": form("cancel", "cancel", json!([])),
    })
}

pub(crate) fn messages(key: &str, text: &str) -> Value {
    json!({"type": "array", "value": [{"class": "ERROR", "message": text, "i18n": {"key": key, "params": []}}]})
}

pub(crate) fn identify() -> Value {
    let passcode = json!({"value": [{"name": "passcode", "label": "Password", "secret": true}]});
    let identify = form(
        "identify",
        "identify",
        json!([
            {"name": "identifier", "label": "Username", "required": true},
            {"name": "credentials", "type": "object", "required": true, "form": passcode},
        ]),
    );
    page(json!([identify, form("select-enroll-profile", "enroll", json!([]))]))
}

fn choose() -> Value {
    let email = json!({"form": {"value": [
        {"name": "id", "required": true, "value": "aut-email", "mutable": false},
        {"name": "methodType", "value": "email", "mutable": false},
    ]}});
    let mut page = page(json!([form(
        "select-authenticator-authenticate",
        "challenge",
        json!([
            {"name": "authenticator", "type": "object", "options": [
                {"label": "Email", "value": email, "relatesTo": "$.authenticatorEnrollments.value[0]"},
            ]},
        ])
    )]));
    page["authenticatorEnrollments"] = json!({"type": "array", "value": [email_enrollment()]});
    page
}

fn challenge() -> Value {
    let passcode = json!({"value": [{"name": "passcode", "label": "Enter code"}]});
    let mut form = form(
        "challenge-authenticator",
        "challenge/answer",
        json!([
            {"name": "credentials", "type": "object", "required": true, "form": passcode},
        ]),
    );
    form["relatesTo"] = json!(["$.currentAuthenticatorEnrollment"]);
    let mut page = page(json!([form]));
    let mut current = email_enrollment();
    current["resend"] = self::form("resend", "challenge/resend", json!([]));
    page["currentAuthenticatorEnrollment"] = json!({"type": "object", "value": current});
    page
}

fn email_enrollment() -> Value {
    json!({
        "type": "email", "key": "okta_email", "id": "eae-1", "displayName": "Email",
        "methods": [{"type": "email"}], "profile": {"email": "m***y@example.com"},
    })
}

fn success() -> Value {
    let mut page = page(json!([]));
    page["remediation"] = Value::Null;
    page["successWithInteractionCode"] = json!({
        "rel": ["create-form"], "name": "issue", "method": "POST", "href": format!("{ISSUER}/v1/token"),
        "value": [{"name": "interaction_code", "required": true, "value": "code-1"}],
    });
    page
}

/// The claims of a token. Its signature is verified by another library than the one under test.
pub(crate) fn verified(key: &RsaKeyPair, token: &str) -> Value {
    let public = public_key(key, "any");
    let part = |name: &str| public[name].as_str().unwrap_or_default().to_owned();
    let decoding = jsonwebtoken::DecodingKey::from_rsa_components(&part("n"), &part("e")).expect("a key");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(token, &decoding, &validation).expect("a valid signature").claims
}

/// An answer to every step of the sign-in.
pub(crate) fn complete_answer() -> Answer {
    Answer::default()
        .with("username", "mary@example.com")
        .with("password", PASSWORD)
        .with("authenticator", "okta_email")
        .with("verificationCode", CODE)
}
