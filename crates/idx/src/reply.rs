//! Sorts what came back from the org: a document, a refusal, a request to wait, or garbage.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

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
    if let Some(retry_after) = response.asks_to_wait(now) {
        return Err(Error::RateLimited { retry_after });
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
    if let Some(retry_after) = response.asks_to_wait(now) {
        return Err(Error::RateLimited { retry_after });
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

impl Response {
    /// For how long the org asks not to be called, if it does. With forms, a 429 is a step that says "too often".
    #[must_use]
    pub fn asks_to_wait(&self, now: SystemTime) -> Option<Duration> {
        let is_step = || self.text().and_then(read_document).is_ok_and(|document| !document.is_terminal());
        (self.status == 429 && !is_step()).then(|| wait(self, now))
    }
}

/// How long that is: `Retry-After`, or else until its limit is reset, by its own clock. Where the limit is one of calls
/// at once there is no such moment; then it is a little while, and not the same for all who were refused.
fn wait(response: &Response, now: SystemTime) -> Duration {
    let number = |name| response.header(name).and_then(|value| value.trim().parse::<u64>().ok());
    let theirs = response.header("date").and_then(|date| OffsetDateTime::parse(date, &Rfc2822).ok());
    let until_reset = || {
        let since = theirs.map_or(now, SystemTime::from).duration_since(UNIX_EPOCH).unwrap_or_default();
        number("x-rate-limit-reset").map(|reset| Duration::from_secs(reset.saturating_sub(since.as_secs())))
    };
    let at_once = || {
        let none =
            ["x-rate-limit-limit", "x-rate-limit-remaining"].iter().all(|name| number(name) == Some(0));
        let chance = now.duration_since(UNIX_EPOCH).unwrap_or_default().subsec_millis();
        none.then(|| SHORTEST_WAIT + Duration::from_millis(u64::from(chance) * 2))
    };
    let asked = number("retry-after").map(Duration::from_secs).or_else(at_once).or_else(until_reset);
    asked.unwrap_or_default().clamp(SHORTEST_WAIT, LONGEST_WAIT)
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
