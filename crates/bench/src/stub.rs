//! A stub of an org with fixed responses, so that the org's own work is not measured.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write};
use std::net::Ipv4Addr;
use std::thread;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use serde_json::{Value, json};

use latchkey_harness::http;
use latchkey_harness::{Context, Error};

/// A running stub. It listens until the process ends.
pub(crate) struct Stub {
    url: String,
}

/// The responses, complete and ready to be sent.
struct Responses {
    discovery: Vec<u8>,
    interact: Vec<u8>,
    identify: Vec<u8>,
    wrong_password: Vec<u8>,
    empty: Vec<u8>,
}

impl Stub {
    /// Starts it on a free port.
    pub(crate) fn start() -> Result<Self, Error> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0).into()).context("Cannot listen on a free port")?;
        let port = listener.local_addr().context("Cannot tell the port")?.port();
        let url = format!("http://localhost:{port}");
        let mut event_loop =
            EventLoop::new(listener, Responses::new(&url)).context("Cannot listen on a free port")?;
        // After an error, the kernel refuses connections to the closed port.
        thread::spawn(move || while event_loop.run_once().is_ok() {});
        Ok(Self { url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Responses {
    fn new(url: &str) -> Self {
        const JSON: &str = "application/json";
        const ION: &str = "application/ion+json; okta-version=1.0.0";
        let response = |kind: &str, body: &Value| {
            let body = body.to_string();
            let length = body.len();
            format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")
                .into_bytes()
        };
        Self {
            discovery: response(JSON, &discovery(url)),
            interact: response(JSON, &json!({ "interaction_handle": "stub-interaction-handle" })),
            identify: response(ION, &identify(url, &[])),
            wrong_password: response(ION, &identify(url, &["Authentication failed"])),
            empty: response(JSON, &json!({})),
        }
    }

    fn to(&self, path: &str) -> &[u8] {
        let is = |ending: &str| path.ends_with(ending);
        match path {
            _ if is("/.well-known/openid-configuration") => &self.discovery,
            _ if is("/v1/interact") => &self.interact,
            _ if is("/idp/idx/introspect") => &self.identify,
            _ if is("/idp/idx/identify") => &self.wrong_password,
            _ => &self.empty,
        }
    }
}

/// The event loop of the stub's one thread, which leaves the processors to what is measured.
struct EventLoop {
    responses: Responses,
    listener: TcpListener,
    connections: HashMap<Token, OpenConnection>,
    /// The token of the next connection.
    next_token: Token,
    poll: Poll,
    events: Events,
}

struct OpenConnection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl EventLoop {
    const LISTENER: Token = Token(0);

    fn new(mut listener: TcpListener, responses: Responses) -> io::Result<Self> {
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, Self::LISTENER, Interest::READABLE)?;
        let (connections, events) = (HashMap::new(), Events::with_capacity(1024));
        Ok(Self { responses, listener, connections, next_token: Token(1), poll, events })
    }

    /// Waits for events and handles them.
    fn run_once(&mut self) -> io::Result<()> {
        match self.poll.poll(&mut self.events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            polled => polled?,
        }
        for token in self.events.iter().map(mio::event::Event::token) {
            if token == Self::LISTENER {
                while let Ok((mut stream, _)) = self.listener.accept() {
                    // It fails if the client has gone, which reading shows.
                    let _ = stream.set_nodelay(true);
                    self.poll.registry().register(&mut stream, self.next_token, Interest::READABLE)?;
                    self.connections.insert(self.next_token, OpenConnection { stream, received: Vec::new() });
                    self.next_token = Token(self.next_token.0 + 1);
                }
            } else if self
                .connections
                .get_mut(&token)
                .is_some_and(|open| open.serve(&self.responses).is_err())
            {
                // The client opens another connection if it needs one.
                self.connections.remove(&token);
            }
        }
        Ok(())
    }
}

impl OpenConnection {
    /// Answers all complete requests.
    fn serve(&mut self, responses: &Responses) -> io::Result<()> {
        http::read_available(&mut self.stream, &mut self.received)?;
        while let Some((path, length)) = http::parse_request(&self.received) {
            self.stream.write_all(responses.to(&path))?;
            self.received.drain(..length);
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

/// The document of the step `identify`, with messages about the last answer.
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
    let messages: Vec<Value> = messages
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
        "messages": { "type": "array", "value": messages },
        "app": { "type": "object", "value": { "name": "oidc_client", "label": "Latchkey", "id": "0oastub0000000000000" } },
        "cancel": form("cancel", "cancel", &[]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_harness::http::{Connection, JSON};

    #[test]
    fn the_response_is_the_same_every_time_on_one_connection() {
        let stub = Stub::start().unwrap();
        let mut connection = Connection::open(stub.url()).unwrap();
        let first = connection.post("/idp/idx/identify", JSON, None, "{}").unwrap();
        let second = connection.post("/idp/idx/identify", JSON, None, r#"{"identifier":"mary"}"#).unwrap();
        assert_eq!(first.status, 200);
        assert_eq!(first, second);
        assert!(String::from_utf8_lossy(&first.body).contains("Authentication failed"));
    }

    #[test]
    fn the_discovery_document_names_the_stub() {
        let stub = Stub::start().unwrap();
        let path = "/oauth2/default/.well-known/openid-configuration";
        let response = Connection::open(stub.url()).unwrap().post(path, JSON, None, "").unwrap();
        let discovery: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(discovery["issuer"], format!("{}/oauth2/default", stub.url()));
    }
}
