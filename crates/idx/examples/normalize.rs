//! Says what recorded responses lead to: one JSON object per line in, one out. For comparing with other kits.

use std::io::{self, BufRead, Write};

use latchkey_idx::pure::{Lead, Turn, lead};
use latchkey_idx::{Answer, Body, Error, Intent, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Case {
    name: String,
    status: u16,
    flow: String,
    via: String,
    resumed: bool,
    values: Map<String, Value>,
    body: Value,
}

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        writeln!(out, "{}", normalize(serde_json::from_str(&line)?))?;
    }
    out.flush()
}

fn normalize(case: Case) -> Value {
    let intent = match case.flow.as_str() {
        "authenticate" => Intent::Authenticate,
        "register" => Intent::Register,
        "recoverPassword" => Intent::RecoverPassword,
        "unlockAccount" => Intent::UnlockAccount,
        _ => Intent::Start,
    };
    let turn = match (case.flow.as_str(), case.via.as_str()) {
        ("cancel", _) => Turn::GivenUp,
        (_, "submit") => Turn::Sent,
        _ if case.resumed => Turn::Later,
        _ => Turn::First,
    };
    let response = Response::json(case.status, case.body.to_string());
    let answer: Answer = case.values.into_iter().collect();
    match lead(&response, turn, intent, &answer).and_then(shown) {
        Ok(answer) => with_name(answer, case.name),
        Err(error) => {
            with_name(json!({"error": {"kind": kind(&error), "message": error.to_string()}}), case.name)
        }
    }
}

fn shown(lead: Lead) -> Result<Value, Error> {
    match lead {
        Lead::Show(shown) => Ok(json!({"transaction": shown.to_json()})),
        Lead::Send(request) => {
            let body = match &request.body {
                Body::Json(members) => Value::Object(members.clone()),
                Body::Form(_) | Body::Empty => json!({}),
            };
            let (method, accept) = (request.verb.as_str(), request.header("accept"));
            Ok(json!({"request": {"method": method, "url": request.url, "accept": accept, "body": body}}))
        }
    }
}

fn with_name(mut answer: Value, name: String) -> Value {
    if let Value::Object(members) = &mut answer {
        members.insert("name".into(), name.into());
    }
    answer
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::NoRemediation(_) => "no-remediation",
        Error::NotSupported(_) => "not-supported",
        Error::UnresolvedReference(_) => "unresolved-reference",
        Error::OAuth { .. } => "oauth",
        Error::Refused { .. } | Error::RateLimited { .. } => "api",
        _ => "other",
    }
}
