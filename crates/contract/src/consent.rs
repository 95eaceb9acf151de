//! What a person is asked to allow.

use serde::{Deserialize, Serialize};

/// What a person is asked to allow, and for which app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ConsentRequest {
    /// The app's name for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app: String,
    /// The scopes that are allowed all at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<ConsentScope>,
    /// Where the request comes from, such as a browser; or the pages with the terms of a service.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ConsentDetail>,
}

/// A scope, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ConsentScope {
    /// Its name for people.
    pub label: String,
    /// What it gives.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// One line about where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ConsentDetail {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}
