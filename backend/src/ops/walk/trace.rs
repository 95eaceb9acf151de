//! The trace of a flow: its calls and documents, without secrets and without personal data. docs/report-a-step.md
//! describes the format.

use super::recorder::RecordedCall;
use super::redaction::Redaction;
use latchkey_idx::Intent;
use serde::Serialize;
use serde_json::Value;
use url::Url;

/// The name and version of the format.
const FORMAT: &str = "latchkey-trace/1";

/// The trace of one flow.
#[derive(Debug, Serialize)]
pub struct FlowTrace {
    format: &'static str,
    intent: &'static str,
    calls: Vec<TracedCall>,
}

/// One call of the Identity Engine.
#[derive(Debug, Serialize)]
struct TracedCall {
    path: String,
    /// The names of the values that were sent.
    inputs: Vec<String>,
    status: u16,
    /// The redacted document; `null` if the response was not JSON.
    document: Option<Value>,
}

impl FlowTrace {
    /// The redacted calls of a flow at this org.
    pub fn new(intent: Intent, issuer: &Url, calls: &[RecordedCall]) -> Self {
        let mut redaction = Redaction::new(issuer.origin());
        for call in calls {
            redaction.learn_request(&call.request);
            call.response.iter().for_each(|response| redaction.learn_document(response));
        }
        let mut traced: Vec<TracedCall> = Vec::with_capacity(calls.len());
        for call in calls {
            let next = TracedCall {
                path: redaction.path(&call.path),
                inputs: redaction.input_names(&call.request),
                status: call.status,
                document: call.response.as_ref().map(|response| redaction.document(response)),
            };
            // Polls that change nothing are one call.
            if traced.last().is_none_or(|last| !last.is_repeated_by(&next)) {
                traced.push(next);
            }
        }
        Self { format: FORMAT, intent: intent_name(intent), calls: traced }
    }

    /// The trace as the text of its file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl TracedCall {
    fn is_repeated_by(&self, next: &Self) -> bool {
        self.path == next.path
            && self.inputs == next.inputs
            && self.status == next.status
            && self.document == next.document
    }
}

fn intent_name(intent: Intent) -> &'static str {
    match intent {
        Intent::Authenticate => "sign-in",
        Intent::Register => "register",
        Intent::RecoverPassword => "recover",
        Intent::UnlockAccount => "unlock",
        Intent::ActivateDevice => "activate",
        Intent::Start => "start",
    }
}
