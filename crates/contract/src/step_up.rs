//! A step-up: a sign-in again, newer or stronger.

use serde::{Deserialize, Serialize};

/// What a sign-in must fulfil: the parameters of `GET /login` and of `POST /api/idx/authenticate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct StepUp {
    /// The assurance to request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"urn:okta:loa:2fa:any:ifpossible"))]
    pub acr_values: Option<String>,
    /// The maximum age of the sign-in, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
}
