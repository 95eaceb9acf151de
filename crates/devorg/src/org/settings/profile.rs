//! The profile enrolment policy and the attributes of a profile.

use serde::{Deserialize, Serialize};

/// The profile enrolment policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProfilePolicy {
    pub(crate) self_service_registration: bool,
    pub(crate) email_verification: bool,
    /// Whether sign-in asks for missing attributes (progressive profiling).
    pub(crate) progressive: bool,
    pub(crate) attributes: Vec<Attribute>,
}

impl Default for ProfilePolicy {
    fn default() -> Self {
        let text = |name: &str, label: &str| Attribute {
            name: name.to_owned(),
            label: label.to_owned(),
            kind: AttributeKind::String,
            required: true,
            options: Vec::new(),
            pattern: None,
            min_length: None,
            max_length: None,
        };
        Self {
            self_service_registration: true,
            email_verification: true,
            progressive: false,
            attributes: vec![
                text("firstName", "First name"),
                text("lastName", "Last name"),
                text("email", "Email"),
            ],
        }
    }
}

/// A profile attribute.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) label: String,
    #[serde(default, rename = "type")]
    pub(crate) kind: AttributeKind,
    #[serde(default)]
    pub(crate) required: bool,
    /// The allowed values; any by default.
    #[serde(default, rename = "enum")]
    pub(crate) options: Vec<String>,
    /// A regular expression for the whole value.
    pub(crate) pattern: Option<String>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AttributeKind {
    #[default]
    String,
    Boolean,
    Number,
    /// A date such as `2030-01-31`.
    Date,
}
