//! An org that says the same thing every time, so that what is measured is not the org.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use serde_json::{Value, json};

use crate::trouble::{About, Trouble};

/// The stub, listening until the process ends.
pub(super) struct Stub {
    url: String,
}

/// A body with the type it is sent as.
type Said = (&'static str, Vec<u8>);

/// All that it ever says.
struct Words {
    discovery: Said,
    interact: Said,
    asking: Said,
    refusing: Said,
    nothing: Said,
}

impl Stub {
    /// Starts it on a free port.
    pub(super) fn start() -> Result<Self, Trouble> {
        let listener = TcpListener::bind("127.0.0.1:0").about("Cannot listen on a free port")?;
        let port = listener.local_addr().about("Cannot tell the port")?.port();
        let url = format!("http://localhost:{port}");
        let words = Arc::new(Words::of(&url));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let words = Arc::clone(&words);
                // A connection that breaks is opened again by whoever needs it.
                thread::spawn(move || serve(stream, &words));
            }
        });
        Ok(Self { url })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Words {
    fn of(url: &str) -> Self {
        const JSON: &str = "application/json";
        const ION: &str = "application/ion+json; okta-version=1.0.0";
        Self {
            discovery: (JSON, discovery(url).to_string().into_bytes()),
            interact: (
                JSON,
                json!({ "interaction_handle": "stub-interaction-handle" }).to_string().into_bytes(),
            ),
            asking: (ION, identify(url, &[]).to_string().into_bytes()),
            refusing: (ION, identify(url, &["Authentication failed"]).to_string().into_bytes()),
            nothing: (JSON, b"{}".to_vec()),
        }
    }

    fn about(&self, path: &str) -> &Said {
        let is = |ending: &str| path.ends_with(ending);
        match path {
            _ if is("/.well-known/openid-configuration") => &self.discovery,
            _ if is("/v1/interact") => &self.interact,
            _ if is("/idp/idx/introspect") => &self.asking,
            _ if is("/idp/idx/identify") => &self.refusing,
            _ => &self.nothing,
        }
    }
}

/// Reads requests and answers them until the other side has had enough.
fn serve(stream: TcpStream, words: &Words) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let said = words.about(line.split(' ').nth(1).unwrap_or_default());
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().unwrap_or(0);
                }
                Some(_) => {}
                None => break,
            }
        }
        std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
        let (kind, body) = said;
        let mut answer =
            format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len())
                .into_bytes();
        answer.extend_from_slice(body);
        reader.get_mut().write_all(&answer)?;
    }
}

fn discovery(url: &str) -> Value {
    let issuer = format!("{url}/oauth2/default");
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/v1/authorize"),
        "token_endpoint": format!("{issuer}/v1/token"),
        "userinfo_endpoint": format!("{issuer}/v1/userinfo"),
        "jwks_uri": format!("{issuer}/v1/keys"),
        "introspection_endpoint": format!("{issuer}/v1/introspect"),
        "revocation_endpoint": format!("{issuer}/v1/revoke"),
        "end_session_endpoint": format!("{issuer}/v1/logout"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "code_challenge_methods_supported": ["S256"],
    })
}

/// The page that asks who someone is, with what was wrong the last time.
fn identify(url: &str, messages: &[&str]) -> Value {
    let handle = json!({ "name": "stateHandle", "required": true, "value": "stub-state-handle", "visible": false, "mutable": false });
    let form = |name: &str, path: &str, fields: &[Value]| {
        json!({
            "name": name,
            "rel": ["create-form"],
            "href": format!("{url}/idp/idx/{path}"),
            "method": "POST",
            "produces": "application/ion+json; okta-version=1.0.0",
            "accepts": "application/json; okta-version=1.0.0",
            "value": fields.iter().chain([&handle]).collect::<Vec<_>>(),
        })
    };
    let secret = json!({ "name": "passcode", "label": "Password", "secret": true });
    let fields = [
        json!({ "name": "identifier", "label": "Username", "required": true }),
        json!({ "name": "credentials", "type": "object", "form": { "value": [secret] }, "required": true }),
        json!({ "name": "rememberMe", "type": "boolean", "label": "Keep me signed in" }),
    ];
    let said: Vec<Value> = messages
        .iter()
        .map(|message| json!({ "message": message, "i18n": { "key": "errors.E0000004", "params": [] }, "class": "ERROR" }))
        .collect();
    json!({
        "version": "1.0.0",
        "stateHandle": "stub-state-handle",
        "expiresAt": "2099-12-31T23:59:59.000Z",
        "intent": "LOGIN",
        "remediation": { "type": "array", "value": [
            form("identify", "identify", &fields),
            form("select-enroll-profile", "enroll", &[]),
            form("unlock-account", "unlock-account", &[]),
        ] },
        "messages": { "type": "array", "value": said },
        "app": { "type": "object", "value": { "name": "oidc_client", "label": "Latchkey", "id": "0oastub0000000000000" } },
        "cancel": form("cancel", "cancel", &[]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Connection, JSON};

    #[test]
    fn it_says_the_same_every_time_on_the_same_connection() {
        let stub = Stub::start().unwrap();
        let mut connection = Connection::open(stub.url()).unwrap();
        let first = connection.post("/idp/idx/identify", JSON, None, "{}").unwrap();
        let second = connection.post("/idp/idx/identify", JSON, None, r#"{"identifier":"mary"}"#).unwrap();
        assert_eq!(first.status, 200);
        assert_eq!(first, second);
        assert!(String::from_utf8_lossy(&first.body).contains("Authentication failed"));
    }

    #[test]
    fn its_addresses_are_its_own() {
        let stub = Stub::start().unwrap();
        let path = "/oauth2/default/.well-known/openid-configuration";
        let answer = Connection::open(stub.url()).unwrap().post(path, JSON, None, "").unwrap();
        let discovery: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(discovery["issuer"], format!("{}/oauth2/default", stub.url()));
    }
}
