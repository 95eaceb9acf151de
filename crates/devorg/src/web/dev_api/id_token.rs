//! `POST /dev/id-token`: an id token with a mistake of your choice.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::response;
use super::json::{problem, read};
use crate::shared::SharedState;

#[derive(Deserialize)]
struct IdTokenRequest {
    /// The login of the subject; an unknown subject by default.
    login: Option<String>,
    #[serde(default = "latchkey")]
    client_id: String,
    /// Claims to replace; null removes one.
    #[serde(default)]
    claims: serde_json::Map<String, Value>,
    /// Header members to replace; null removes one.
    #[serde(default)]
    header: serde_json::Map<String, Value>,
    /// Whether to break the signature.
    #[serde(default)]
    break_signature: bool,
}

/// Signs the id token as requested.
pub(super) async fn id_token(State(shared): State<Arc<SharedState>>, body: Bytes) -> Response {
    let mint: IdTokenRequest = match read(&body) {
        Ok(mint) => mint,
        Err(why) => return problem(400, &why),
    };
    let keys = shared.keys();
    let now = shared.now();
    let subject =
        mint.login.and_then(|login| shared.org().users.by_login(&login).map(|user| user.id.clone()));
    let mut claims = json!({
        "iss": format!("{}/oauth2/default", shared.origin),
        "aud": mint.client_id,
        "sub": subject.unwrap_or_else(|| "00unone0000000000000".to_owned()),
        "iat": now.seconds(),
        "exp": now.seconds() + 3600,
        "jti": format!("ID.{}", shared.random().secret()),
        "amr": ["pwd"],
        "ver": 1,
    });
    let mut header = json!({ "kid": keys.current_id(), "alg": "RS256" });
    for (of, changes) in [(&mut claims, mint.claims), (&mut header, mint.header)] {
        let Some(of) = of.as_object_mut() else { continue };
        for (name, value) in changes {
            if value.is_null() {
                of.remove(&name);
            } else {
                of.insert(name, value);
            }
        }
    }
    let breaks = mint.break_signature;
    let token = tokio::task::spawn_blocking(move || keys.sign_as(&header, &claims)).await.unwrap_or_default();
    let token = if breaks { broken(&token) } else { token };
    response::json(200, &json!({ "id_token": token }))
}

/// The token with one character of its signature changed.
fn broken(token: &str) -> String {
    let Some((signed, signature)) = token.rsplit_once('.') else { return String::new() };
    let flipped: String = signature
        .chars()
        .enumerate()
        .map(|(n, c)| if n == 9 { if c == 'A' { 'B' } else { 'A' } } else { c })
        .collect();
    format!("{signed}.{flipped}")
}

fn latchkey() -> String {
    "latchkey".to_owned()
}
