//! A request to the API, its response, and why it is refused.

use http::Method;
use serde_json::Value;

/// A request to the API.
pub(crate) struct AccountRequest<'a> {
    pub(crate) method: &'a Method,
    /// The path below `/idp/myaccount`.
    pub(crate) path: &'a str,
    /// The members to embed, from the query.
    pub(crate) expand: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
    pub(crate) body: Value,
}

/// A response to an accepted request.
#[derive(Debug, PartialEq)]
pub(crate) struct AccountAnswer {
    pub(crate) status: u16,
    /// Without it the body is empty.
    pub(crate) body: Option<Value>,
}

/// Why a request is refused.
#[derive(Debug, PartialEq)]
pub(crate) enum AccountRefusal {
    /// No access token, or one that is not valid.
    InvalidToken,
    /// The access token lacks this scope.
    InsufficientScope(String),
    /// The sign-in is too old or too weak for a change.
    InsufficientAuthentication {
        max_age: u64,
        acr_values: &'static str,
    },
    NotFound,
    /// An error of the API, with its causes.
    Api {
        status: u16,
        code: &'static str,
        summary: String,
        causes: Vec<String>,
    },
}

impl AccountAnswer {
    /// Done, with nothing to show.
    pub(super) const DONE: Self = Self { status: 204, body: None };

    pub(super) fn shown(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    pub(super) fn created(body: Value) -> Self {
        Self { status: 201, body: Some(body) }
    }
}

impl AccountRefusal {
    /// The values are not valid.
    pub(super) fn invalid(what: &str, cause: impl Into<String>) -> Self {
        let summary = format!("Api validation failed: {what}");
        Self::Api { status: 400, code: "E0000001", summary, causes: vec![cause.into()] }
    }

    /// The code is wrong or has expired.
    pub(super) fn wrong_code() -> Self {
        let summary = "Authentication failed".to_owned();
        Self::Api { status: 401, code: "E0000004", summary, causes: Vec::new() }
    }

    /// The address or number is there already.
    pub(super) fn duplicate(what: &str) -> Self {
        let summary = format!("The {what} already exists for this user.");
        Self::Api { status: 409, code: "E0000157", summary, causes: Vec::new() }
    }
}
