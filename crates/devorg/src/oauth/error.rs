//! OAuth errors and their responses.

use serde_json::{Value, json};

/// An OAuth error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OAuthError {
    /// An error of RFC 6749.
    OAuth { status: u16, error: &'static str, description: String },
    /// Okta's error for an unknown client.
    UnknownClient,
}

impl OAuthError {
    pub(crate) fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status = if error == "invalid_client" { 401 } else { 400 };
        Self::OAuth { status, error, description: description.into() }
    }

    /// The error for an app whose users sign in on the org's page.
    pub(crate) fn interaction_code_off() -> Self {
        let text = "The client is not authorized to use the provided grant type. Configured grant types: \
                    [authorization_code, refresh_token].";
        Self::new("unauthorized_client", text)
    }

    /// The status and the body.
    pub(crate) fn body(&self) -> (u16, Value) {
        match self {
            Self::OAuth { status, error, description } => {
                (*status, json!({ "error": error, "error_description": description }))
            }
            Self::UnknownClient => (
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
