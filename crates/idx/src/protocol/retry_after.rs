//! Retry-After: how long the org asks a client to wait after a 429.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::document::Document;
use crate::transport::message::{Response, header, text};

const MIN_WAIT: Duration = Duration::from_secs(1);
const MAX_WAIT: Duration = Duration::from_secs(60);

/// How long the org asks the caller to wait, if it does. A 429 with forms asks for no wait: it is a step with a message.
#[must_use]
pub fn retry_after(response: &Response, now: SystemTime) -> Option<Duration> {
    let is_step = || {
        let document = text(response).and_then(Document::read);
        document.is_ok_and(|document| {
            document.is_engine_document() && !document.has_error() && !document.is_terminal()
        })
    };
    let is_limited = response.status() == StatusCode::TOO_MANY_REQUESTS && !is_step();
    is_limited.then(|| requested_wait(response, now).unwrap_or_default().clamp(MIN_WAIT, MAX_WAIT))
}

/// `Retry-After`, or the time until the rate limit is reset by the org's own clock.
///
/// A concurrency limit (Okta sends `0` of `0` calls) has no reset time. The wait is then one to three seconds, taken from
/// the clock's milliseconds so that the refused callers do not all return at once.
fn requested_wait(response: &Response, now: SystemTime) -> Option<Duration> {
    let headers = response.headers();
    let number = |name| header(headers, name).and_then(|value| value.trim().parse::<u64>().ok());
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds));
    }
    if ["x-rate-limit-limit", "x-rate-limit-remaining"].iter().all(|name| number(name) == Some(0)) {
        let jitter = now.duration_since(UNIX_EPOCH).unwrap_or_default().subsec_millis();
        return Some(MIN_WAIT + Duration::from_millis(u64::from(jitter) * 2));
    }
    let date = header(headers, "date").and_then(|date| OffsetDateTime::parse(date, &Rfc2822).ok());
    let org_time = date.map_or(now, SystemTime::from).duration_since(UNIX_EPOCH).unwrap_or_default();
    number("x-rate-limit-reset").map(|reset| Duration::from_secs(reset.saturating_sub(org_time.as_secs())))
}
