//! Classifies a response of the org: a document, a refusal, a rate limit or garbage.

use std::time::SystemTime;

use http::StatusCode;
use serde_json::{Map, Value};

use super::document::Document;
use super::retry_after::retry_after;
use super::tape::Tape;
use crate::error::Error;
use crate::transport::message::{Response, text};

/// A response of the Identity Engine.
#[derive(Debug)]
pub(crate) struct EngineResponse {
    pub(crate) document: Document,
    /// Whether the org accepted the request.
    pub(crate) is_success: bool,
}

/// Reads the response to a call of the Identity Engine.
pub(crate) fn engine_response(response: &Response, now: SystemTime) -> Result<EngineResponse, Error> {
    if let Some(retry_after) = retry_after(response, now) {
        return Err(Error::RateLimited { retry_after });
    }
    let status = response.status();
    if status.is_redirection() {
        return Err(Error::NotIon("it is a redirect".into()));
    }
    match text(response).and_then(read_document) {
        Ok(document) if status.as_u16() >= 500 && document.is_terminal() => Err(refusal(response)),
        Ok(document) => Ok(EngineResponse { document, is_success: status.is_success() }),
        Err(Error::NotIon(_)) if is_refusal(response) => Err(refusal(response)),
        Err(error) => Err(error),
    }
}

/// Reads the JSON response to an OAuth call.
pub(crate) fn oauth_response(response: &Response, now: SystemTime) -> Result<Map<String, Value>, Error> {
    if let Some(retry_after) = retry_after(response, now) {
        return Err(Error::RateLimited { retry_after });
    }
    if !response.status().is_success() {
        return Err(refusal(response));
    }
    serde_json::from_slice(response.body().as_bytes()).map_err(|error| Error::NotIon(error.to_string()))
}

/// The `error` of a response from a blocked network, which is no document and no error of OAuth.
const FORBIDDEN: &str = "Forbidden";

/// The error of a refusal: OAuth's, one of Okta's API, or that of a blocked network.
pub(crate) fn refusal(response: &Response) -> Error {
    let parsed = text(response).ok().and_then(|text| Tape::read(text).ok());
    let member = |name: &str| parsed.as_ref().and_then(|body| body.root().text(name)).map(str::to_owned);
    if let Some(error) = member("error") {
        if response.status() == StatusCode::FORBIDDEN && error == FORBIDDEN {
            return Error::Forbidden;
        }
        let description = member("error_description").or_else(|| member("errorDescription"));
        return Error::OAuth { error, description: description.unwrap_or_default() };
    }
    let message =
        parsed.as_ref().and_then(|body| body.root().list_in("messages", "value").next()?.text("message"));
    let summary = member("errorSummary").or_else(|| message.map(str::to_owned)).unwrap_or_default();
    Error::Refused { status: response.status().as_u16(), code: member("errorCode"), summary }
}

/// Whether the response is a refusal of the org itself, not a page of a gateway or a truncated response.
fn is_refusal(response: &Response) -> bool {
    let status = response.status().as_u16();
    let is_json = || text(response).is_ok_and(|text| Tape::read(text).is_ok());
    status >= 500 || (status >= 400 && is_json())
}

fn read_document(text: &str) -> Result<Document, Error> {
    let document = Document::read(text)?;
    if document.has_error() {
        return Err(Error::NotIon("it is an OAuth error".into()));
    }
    if document.is_engine_document() {
        Ok(document)
    } else {
        Err(Error::NotIon("it is not a response of the Identity Engine".into()))
    }
}
