//! Evaluates recorded responses: one JSON object per line in, one out. For comparing with other SDKs.

use std::io::{self, BufRead, Write};

use latchkey_idx::evaluation::{Evaluation, FlowStage, FormRequest, evaluate};
use latchkey_idx::{Answer, Error, Intent, json_response};
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
        "activateDevice" => Intent::ActivateDevice,
        _ => Intent::Start,
    };
    let stage = match (case.flow.as_str(), case.via.as_str()) {
        ("cancel", _) => FlowStage::Cancel,
        (_, "submit") => FlowStage::Submitted,
        _ if case.resumed => FlowStage::Resume,
        _ => FlowStage::Begin,
    };
    let response = json_response(case.status, case.body.to_string());
    let answer: Answer = case.values.into_iter().collect();
    match evaluate(&response, stage, intent, &answer).map(to_json) {
        Ok(answer) => with_name(answer, case.name),
        Err(error) => {
            with_name(json!({"error": {"kind": kind(&error), "message": error.to_string()}}), case.name)
        }
    }
}

fn to_json(evaluation: Evaluation) -> Value {
    match evaluation {
        Evaluation::Present(presentation) => json!({"transaction": presentation.to_json()}),
        Evaluation::Submit(request) => {
            let FormRequest { method, address, accept, body } = request;
            json!({"request": {"method": method.as_str(), "url": address, "accept": accept, "body": body}})
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
