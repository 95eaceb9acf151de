//! Why the MyAccount API refuses a call.

use http::header::WWW_AUTHENTICATE;

use super::resources::ApiErrorBody;
use crate::error::Error;
use crate::transport::message::{Response, header};

/// Why a call was refused that a person can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountError {
    /// The access token lacks a scope. The app has not requested it, or an administrator has not granted it.
    InsufficientScope,
    /// The sign-in is too old or too weak: the person has to sign in again with these parameters.
    InsufficientAuthentication {
        /// The assurance to request.
        acr_values: Option<String>,
        /// The maximum age of the sign-in, in seconds.
        max_age: Option<u64>,
    },
    /// The code is wrong or has expired.
    WrongCode,
    /// The address or number belongs to the account already.
    Duplicate,
    /// A value is not valid; the org says why, in its own words.
    Invalid(Vec<String>),
    /// The resource does not exist (any more).
    NotFound,
    /// Any other failure of a call to the org.
    Org(Error),
}

impl From<Error> for AccountError {
    fn from(error: Error) -> Self {
        Self::Org(error)
    }
}

/// Reads a refusal.
pub(crate) fn read(response: &Response) -> AccountError {
    let status = response.status().as_u16();
    let challenge = header(response.headers(), WWW_AUTHENTICATE.as_str()).unwrap_or_default();
    let body: ApiErrorBody = serde_json::from_slice(response.body().as_bytes()).unwrap_or_default();
    match (status, parameter(challenge, "error").as_deref(), body.error_code.as_deref()) {
        (403, Some("insufficient_authentication_context"), _) => AccountError::InsufficientAuthentication {
            acr_values: parameter(challenge, "acr_values"),
            max_age: parameter(challenge, "max_age").and_then(|seconds| seconds.parse().ok()),
        },
        (403, Some("insufficient_scope"), _) => AccountError::InsufficientScope,
        // The same code as for a wrong password; E0000015 is an expired one.
        (401, _, Some("E0000004" | "E0000015" | "E0000068")) => AccountError::WrongCode,
        (409, _, _) | (_, _, Some("E0000157")) => AccountError::Duplicate,
        (400, _, _) => {
            let causes: Vec<String> = body
                .error_causes
                .into_iter()
                .map(|cause| cause.error_summary)
                .filter(|text| !text.is_empty())
                .collect();
            AccountError::Invalid(if causes.is_empty() { vec![body.error_summary] } else { causes })
        }
        (404, _, _) => AccountError::NotFound,
        _ => AccountError::Org(Error::Refused { status, code: body.error_code, summary: body.error_summary }),
    }
}

/// A parameter of a challenge (RFC 7235), whose order and quotes vary.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut rest = challenge.split_once(' ').map_or("", |(_scheme, parameters)| parameters);
    while let Some((key, value)) = rest.split_once('=') {
        let value = value.trim_start();
        let (found, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_once(',').unwrap_or((value, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(found.trim().to_owned());
        }
        rest = after.trim_start().trim_start_matches(',').trim_start();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_challenge_is_read_in_any_order_with_and_without_quotes() {
        for challenge in [
            r#"Bearer realm="IdpMyAccountAPI", error="insufficient_authentication_context", error_description="a, b = c", max_age=900, acr_values="urn:okta:loa:2fa:any:ifpossible""#,
            r#"Bearer acr_values=urn:okta:loa:2fa:any:ifpossible,max_age="900" , error=insufficient_authentication_context"#,
        ] {
            let read = |name| parameter(challenge, name);
            assert_eq!(read("error").as_deref(), Some("insufficient_authentication_context"));
            assert_eq!(read("max_age").as_deref(), Some("900"));
            assert_eq!(read("acr_values").as_deref(), Some("urn:okta:loa:2fa:any:ifpossible"));
            assert_eq!(read("age"), None);
        }
        for broken in ["", "Bearer", "Bearer error=\"open", "Bearer =,=\"\""] {
            assert_eq!(parameter(broken, "error"), None, "{broken}");
        }
    }
}
