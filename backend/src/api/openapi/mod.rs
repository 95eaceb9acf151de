//! The OpenAPI document, generated from this description, checked in, and tested against the router.

mod account;
mod call;
mod examples;
mod schemas;

use self::call::{ApiCall, Success, described, operation};
use self::examples::Examples;
use latchkey_contract::ProblemCode;
use serde_json::{Map, Value, json};

const FLOW: [ProblemCode; 5] = [
    ProblemCode::NoTransaction,
    ProblemCode::NoCookie,
    ProblemCode::NotSignedIn,
    ProblemCode::StaleStep,
    ProblemCode::FlowExpired,
];
const FLOW_AND_ORG: [ProblemCode; 8] = [
    ProblemCode::NoTransaction,
    ProblemCode::NoCookie,
    ProblemCode::NotSignedIn,
    ProblemCode::StaleStep,
    ProblemCode::FlowExpired,
    ProblemCode::OrgUnreachable,
    ProblemCode::OrgRefused,
    ProblemCode::OrgTimeout,
];
const BEGIN: [ProblemCode; 6] = [
    ProblemCode::NoTransaction,
    ProblemCode::NotSignedIn,
    ProblemCode::FlowExpired,
    ProblemCode::OrgUnreachable,
    ProblemCode::OrgRefused,
    ProblemCode::OrgTimeout,
];

const CALLS: [ApiCall; 16] = [
    begin("/api/idx/authenticate", "Begin to sign in", "Authenticate"),
    begin("/api/idx/register", "Begin to sign up", "Register"),
    begin("/api/idx/recover-password", "Begin to recover a password", "RecoverPassword"),
    begin("/api/idx/unlock-account", "Begin to unlock an account", "UnlockAccount"),
    begin("/api/idx/activate", "Begin to activate a device", "Activate"),
    flow("/api/idx/proceed", "Answer the next step", "Values"),
    flow("/api/idx/poll", "Ask whether something has happened elsewhere", "Nothing"),
    flow("/api/idx/cancel", "Give up", "Nothing"),
    flow("/api/idx/callback", "Go on with what a browser has come back with", "Callback"),
    ApiCall {
        method: "post",
        path: "/api/idx/captcha",
        summary: "How the token of the page's CAPTCHA is made",
        body: Some("Nothing"),
        success: Success::Json("CaptchaTask"),
        problems: &FLOW_AND_ORG,
    },
    ApiCall {
        method: "get",
        path: "/api/idx",
        summary: "Where the flow stands",
        body: None,
        success: Success::JsonOrNothing("Transaction"),
        problems: &FLOW,
    },
    ApiCall {
        method: "get",
        path: "/api/session",
        summary: "The signed-in person, if any",
        body: None,
        success: Success::Json("Session"),
        problems: &[ProblemCode::NotSignedIn],
    },
    ApiCall {
        method: "get",
        path: "/api/userinfo",
        summary: "What the org says of the person now",
        body: None,
        success: Success::Json("User"),
        problems: &[
            ProblemCode::NotSignedIn,
            ProblemCode::OrgUnreachable,
            ProblemCode::OrgRefused,
            ProblemCode::OrgTimeout,
        ],
    },
    ApiCall {
        method: "get",
        path: "/api/sessions",
        summary: "Where this person is signed in",
        body: None,
        success: Success::Json("OwnSessions"),
        problems: &[ProblemCode::NotSignedIn],
    },
    ApiCall {
        method: "delete",
        path: "/api/sessions",
        summary: "End all of this person's sessions but this one",
        body: None,
        success: Success::Nothing,
        problems: &[ProblemCode::NotSignedIn, ProblemCode::OrgTimeout],
    },
    ApiCall {
        method: "post",
        path: "/api/logout",
        summary: "Sign out",
        body: Some("Nothing"),
        success: Success::Json("Session"),
        problems: &[ProblemCode::OrgTimeout],
    },
];

/// The calls that need no session and no header.
const PLAIN: [(&str, &str, &str, &[ProblemCode]); 3] = [
    ("/healthz", "Whether the process runs", "text/plain", &[]),
    (
        "/readyz",
        "Whether it can be of use",
        "text/plain",
        &[ProblemCode::StoreUnavailable, ProblemCode::Overloaded],
    ),
    (
        "/login/callback",
        "The page that a browser comes back to",
        "text/html",
        &[ProblemCode::WrongHost, ProblemCode::RateLimited, ProblemCode::Overloaded],
    ),
];

const fn begin(path: &'static str, summary: &'static str, body: &'static str) -> ApiCall {
    let success = Success::Json("Transaction");
    ApiCall { method: "post", path, summary, body: Some(body), success, problems: &BEGIN }
}

const fn flow(path: &'static str, summary: &'static str, body: &'static str) -> ApiCall {
    let success = Success::Json("Transaction");
    ApiCall { method: "post", path, summary, body: Some(body), success, problems: &FLOW_AND_ORG }
}

/// The whole document.
pub fn document() -> Value {
    let (mut paths, examples) = (Map::new(), Examples::read());
    for call in CALLS.iter().chain(&account::CALLS) {
        let path = paths.entry(call.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(call.method.to_owned(), call.describe(&examples));
        }
    }
    paths.insert("/api/sessions/{id}".to_owned(), json!({"delete": end_one()}));
    paths.insert("/api/openapi.json".to_owned(), json!({"get": description()}));
    for (path, summary, kind, problems) in PLAIN {
        paths.insert(path.to_owned(), json!({"get": plain(summary, kind, problems)}));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Latchkey",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Signs people in. Every request under `/api` except this document has the header `X-CSRF: 1` and comes from the page of this server or from an allowed origin."
        },
        "paths": paths,
        "components": {"schemas": schemas::all()}
    })
}

fn end_one() -> Value {
    let mut operation = operation(
        "End one of this person's sessions",
        [ProblemCode::NotSignedIn, ProblemCode::NotFound, ProblemCode::OrgTimeout].into_iter(),
    );
    let id = json!({"name": "id", "in": "path", "required": true,
                    "schema": {"type": "string", "pattern": "^[0-9a-f]{24}$"}});
    if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
        parameters.push(id);
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        responses.insert("204".to_owned(), json!({"description": "Done"}));
    }
    operation
}

fn description() -> Value {
    let content = json!({"application/json": {"schema": {"type": "object"}}});
    public("This document", &content, &[ProblemCode::WrongHost, ProblemCode::Overloaded])
}

fn plain(summary: &str, kind: &str, problems: &[ProblemCode]) -> Value {
    public(summary, &json!({kind: {"schema": {"type": "string"}}}), problems)
}

/// A request that needs neither the header nor a session.
fn public(summary: &str, content: &Value, problems: &[ProblemCode]) -> Value {
    let mut codes = vec![ProblemCode::InvalidRequest, ProblemCode::Internal];
    codes.extend(problems);
    let mut responses = described(codes);
    responses.insert("200".to_owned(), json!({"description": "The answer", "content": content}));
    json!({"summary": summary, "responses": responses})
}

#[cfg(test)]
mod tests {
    use super::document;
    use std::{env, fs, path::Path};

    /// To update it: `UPDATE_OPENAPI=1 cargo test -p latchkey openapi`.
    #[test]
    fn the_document_that_is_checked_in_is_the_one_that_the_code_makes() {
        let path = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("openapi.json");
        let made = format!("{:#}\n", document());
        if env::var_os("UPDATE_OPENAPI").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let stored = fs::read_to_string(path).unwrap_or_default();
        assert!(stored == made, "openapi.json is stale: UPDATE_OPENAPI=1 cargo test -p latchkey openapi");
    }
}
