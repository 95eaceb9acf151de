//! What a person is asked to allow.

use super::authenticator::owned_text;
use crate::protocol::document::Remediation;
use crate::protocol::ion::Ion;

/// What a person is asked to allow, and for which app.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsentForm {
    /// The app's name for people.
    pub app: Option<String>,
    /// The scopes that are allowed all at once.
    pub scopes: Vec<RequestedScope>,
    /// Where the request comes from, such as a browser.
    pub details: Vec<RequestDetail>,
}

/// A scope, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedScope {
    /// Its name, such as `profile`.
    pub name: String,
    /// Its name for people.
    pub label: Option<String>,
    /// What it gives.
    pub description: Option<String>,
}

/// One line about where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestDetail {
    /// What it is.
    pub label: Option<String>,
    /// Its value.
    pub value: String,
}

impl ConsentForm {
    /// Reads the request of a consent form, and of no other.
    pub(crate) fn read(form: Remediation<'_>) -> Option<Self> {
        form.name().ends_with("consent").then(|| Self {
            app: form.document.container("app").and_then(|app| owned_text(app, "label")),
            scopes: form.ion.list("scopes").filter_map(RequestedScope::read).collect(),
            details: form.ion.list("requestInfo").filter_map(RequestDetail::read).collect(),
        })
    }
}

impl RequestedScope {
    fn read(scope: Ion<'_>) -> Option<Self> {
        Some(Self {
            name: owned_text(scope, "name")?,
            label: owned_text(scope, "label"),
            description: owned_text(scope, "desc"),
        })
    }
}

impl RequestDetail {
    fn read(detail: Ion<'_>) -> Option<Self> {
        Some(Self { label: owned_text(detail, "label"), value: owned_text(detail, "value")? })
    }
}
