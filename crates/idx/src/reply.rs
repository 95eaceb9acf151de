//! Sorts what came back from the org: a document, a refusal, a request to wait, or garbage.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::document::Document;
use crate::error::Error;
use crate::ion::Tape;
use crate::transport::Response;

const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A document as it came, checked.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) document: Document,
    /// Whether the org took what was sent.
    pub(crate) succeeded: bool,
}

/// Reads the answer to a call of the Identity Engine.
pub(crate) fn engine(response: &Response, now: SystemTime) -> Result<Arrived, Error> {
    if response.status == 429 {
        // With forms it is a step that says "too often"; without any it only asks us to wait.
        return match response.text().and_then(read_document) {
            Ok(document) if !document.is_terminal() => Ok(Arrived { document, succeeded: false }),
            _ => Err(Error::RateLimited { retry_after: wait(response, now) }),
        };
    }
    if (300..400).contains(&response.status) {
        return Err(Error::NotIon("it is a redirect".into()));
    }
    match response.text().and_then(read_document) {
        Ok(document) if response.status >= 500 && document.is_terminal() => Err(refusal(response)),
        Ok(document) => Ok(Arrived { document, succeeded: response.is_success() }),
        Err(Error::NotIon(_)) if says_no(response) => Err(refusal(response)),
        Err(error) => Err(error),
    }
}

/// Reads the JSON answer to an OAuth call.
pub(crate) fn oauth(response: &Response, now: SystemTime) -> Result<Map<String, Value>, Error> {
    if response.status == 429 {
        return Err(Error::RateLimited { retry_after: wait(response, now) });
    }
    if !response.is_success() {
        return Err(refusal(response));
    }
    serde_json::from_slice(&response.body).map_err(|error| Error::NotIon(error.to_string()))
}

/// Whether this is the org's own no, and not a page of something in between or half an answer.
fn says_no(response: &Response) -> bool {
    let is_json = || response.text().is_ok_and(|text| Tape::read(text).is_ok());
    response.status >= 500 || (response.status >= 400 && is_json())
}

/// How long the org asks us to wait: `Retry-After`, or else the moment its limit is reset.
pub(crate) fn wait(response: &Response, now: SystemTime) -> Duration {
    let seconds = |name| response.header(name).and_then(|value| value.trim().parse::<u64>().ok());
    let until_reset = || {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        seconds("x-rate-limit-reset").map(|reset| reset.saturating_sub(now))
    };
    let asked = seconds("retry-after").or_else(until_reset).map_or(SHORTEST_WAIT, Duration::from_secs);
    asked.clamp(SHORTEST_WAIT, LONGEST_WAIT)
}

/// A refusal in OAuth's words or in those of Okta's general interface.
pub(crate) fn refusal(response: &Response) -> Error {
    let parsed = response.text().ok().and_then(|text| Tape::read(text).ok());
    let text = |name: &str| parsed.as_ref().and_then(|body| body.root().text(name)).map(str::to_owned);
    if let Some(error) = text("error") {
        let description = text("error_description").or_else(|| text("errorDescription")).unwrap_or_default();
        return Error::OAuth { error, description };
    }
    let said =
        parsed.as_ref().and_then(|body| body.root().list_in("messages", "value").next()?.text("message"));
    let summary = text("errorSummary").or_else(|| said.map(str::to_owned)).unwrap_or_default();
    Error::Refused { status: response.status, code: text("errorCode"), summary }
}

/// A document of the Identity Engine; error pages of a submitted form may lack the version, but not everything.
fn read_document(text: &str) -> Result<Document, Error> {
    let document = Document::read(text)?;
    let root = document.root();
    if document.is_refusal() {
        return Err(Error::NotIon("it is an OAuth error".into()));
    }
    let is_ours =
        ["version", "remediation", "successWithInteractionCode"].iter().any(|name| root.get(name).is_some());
    if is_ours { Ok(document) } else { Err(Error::NotIon("it is no answer of the Identity Engine".into())) }
}
