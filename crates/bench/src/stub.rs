//! An org that says the same thing every time, so that what is measured is not the org.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write};
use std::net::Ipv4Addr;
use std::thread;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use serde_json::{Value, json};

use latchkey_harness::http;
use latchkey_harness::{Context, Error};

/// The stub, listening until the process ends.
pub(crate) struct Stub {
    url: String,
}

/// All that it ever says: whole answers, ready to be sent.
struct Words {
    discovery: Vec<u8>,
    interact: Vec<u8>,
    asking: Vec<u8>,
    refusing: Vec<u8>,
    nothing: Vec<u8>,
}

impl Stub {
    /// Starts it on a free port.
    pub(crate) fn start() -> Result<Self, Error> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0).into()).context("Cannot listen on a free port")?;
        let port = listener.local_addr().context("Cannot tell the port")?.port();
        let url = format!("http://localhost:{port}");
        let mut desk = Desk::open(listener, Words::of(&url)).context("Cannot listen on a free port")?;
        // Whoever asks an org that has ended is told so by the kernel.
        thread::spawn(move || while desk.attend().is_ok() {});
        Ok(Self { url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Words {
    fn of(url: &str) -> Self {
        const JSON: &str = "application/json";
        const ION: &str = "application/ion+json; okta-version=1.0.0";
        let said = |kind: &str, body: &Value| {
            let body = body.to_string();
            let length = body.len();
            format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")
                .into_bytes()
        };
        Self {
            discovery: said(JSON, &discovery(url)),
            interact: said(JSON, &json!({ "interaction_handle": "stub-interaction-handle" })),
            asking: said(ION, &identify(url, &[])),
            refusing: said(ION, &identify(url, &["Authentication failed"])),
            nothing: said(JSON, &json!({})),
        }
    }

    fn about(&self, path: &str) -> &[u8] {
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

/// Where everybody asks, and one thread answers: what it needs of the processors is missing to whoever is measured.
struct Desk {
    words: Words,
    listener: TcpListener,
    callers: HashMap<Token, Caller>,
    /// The next one's.
    token: Token,
    ears: Poll,
    spoken_to: Events,
}

struct Caller {
    connection: TcpStream,
    heard: Vec<u8>,
}

impl Desk {
    const DOOR: Token = Token(0);

    fn open(mut listener: TcpListener, words: Words) -> io::Result<Self> {
        let ears = Poll::new()?;
        ears.registry().register(&mut listener, Self::DOOR, Interest::READABLE)?;
        let (callers, spoken_to) = (HashMap::new(), Events::with_capacity(1024));
        Ok(Self { words, listener, callers, token: Token(1), ears, spoken_to })
    }

    /// Waits until somebody comes or asks, and sees to all who have.
    fn attend(&mut self) -> io::Result<()> {
        match self.ears.poll(&mut self.spoken_to, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            polled => polled?,
        }
        for token in self.spoken_to.iter().map(mio::event::Event::token) {
            if token == Self::DOOR {
                while let Ok((mut connection, _)) = self.listener.accept() {
                    // It fails where the other side has gone again, which is seen soon.
                    let _ = connection.set_nodelay(true);
                    self.ears.registry().register(&mut connection, self.token, Interest::READABLE)?;
                    self.callers.insert(self.token, Caller { connection, heard: Vec::new() });
                    self.token = Token(self.token.0 + 1);
                }
            } else if self.callers.get_mut(&token).is_some_and(|caller| caller.serve(&self.words).is_err()) {
                // A connection that breaks is opened again by whoever needs it.
                self.callers.remove(&token);
            }
        }
        Ok(())
    }
}

impl Caller {
    /// Answers all that has been asked so far.
    fn serve(&mut self, words: &Words) -> io::Result<()> {
        http::read_available(&mut self.connection, &mut self.heard)?;
        while let Some((path, length)) = http::parse_request(&self.heard) {
            self.connection.write_all(words.about(&path))?;
            self.heard.drain(..length);
        }
        Ok(())
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
    use latchkey_harness::http::{Connection, JSON};

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
