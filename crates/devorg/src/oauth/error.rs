//! Why an OAuth request was refused, and the response that says so.

use serde_json::{Value, json};

/// Why an OAuth request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// As RFC 6749 has it.
    OAuth { status: u16, error: &'static str, description: String },
    /// As Okta tells of a client it does not know.
    NoClient,
}

impl Refused {
    pub(crate) fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status = if error == "invalid_client" { 401 } else { 400 };
        Self::OAuth { status, error, description: description.into() }
    }

    /// The status and the body.
    pub(crate) fn body(&self) -> (u16, Value) {
        match self {
            Self::OAuth { status, error, description } => {
                (*status, json!({ "error": error, "error_description": description }))
            }
            Self::NoClient => (
                401,
                json!({
                    "errorCode": "invalid_client",
                    "errorSummary": "Invalid value for 'client_id' parameter.",
                    "errorLink": "invalid_client",
                    "errorId": "oaedevorg00000000000",
                    "errorCauses": [],
                }),
            ),
        }
    }
}
