//! The errors of the org's page: what each means for the person and for the operator.

use super::sentences::{
    ACCESS_NOT_ALLOWED, CONTINUE_AT_ORG, MISCONFIGURED, NOT_FINISHED, ORG_FAILED, STRONGER_SIGN_IN,
};
use crate::org::embedding::{AUTHORIZATION_CODE_OFF, NO_PAGE_FOR_EMBEDDING};
use latchkey_idx::{AuthorizeOptions, Notice, Severity};

/// The error of an authorization response (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OrgPageError {
    /// The app is to show the sign-in itself, or the person has to see a page, which `prompt=none` forbids.
    InteractionRequired,
    /// The person has to see a page, which `prompt=none` forbids.
    PageRequired,
    /// The person or a policy did not allow access.
    AccessDenied,
    /// The sign-in does not reach the requested assurance.
    UnmetRequirements,
    /// The app may not use the grant type.
    UnauthorizedClient,
    /// The request is wrong for this app.
    InvalidRequest,
    /// The org has an error of its own.
    ServerError,
    /// Any other.
    Other,
}

impl OrgPageError {
    /// The error of this name.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "interaction_required" => Self::InteractionRequired,
            "login_required" | "consent_required" | "account_selection_required" => Self::PageRequired,
            "access_denied" => Self::AccessDenied,
            "unmet_authentication_requirements" => Self::UnmetRequirements,
            "unauthorized_client" => Self::UnauthorizedClient,
            "invalid_request" | "invalid_scope" | "unsupported_response_type" => Self::InvalidRequest,
            "server_error" | "temporarily_unavailable" => Self::ServerError,
            _ => Self::Other,
        }
    }

    /// Logs the error with what the operator can do. The name came with a browser, so that it is not logged itself.
    pub(super) fn log(self) {
        let advice = match self {
            Self::InteractionRequired => NO_PAGE_FOR_EMBEDDING,
            // Errors that `prompt=none` asks for.
            Self::PageRequired => return,
            Self::AccessDenied => {
                "The person refused, or a policy did: Security > API > your authorization server > Access Policies, and the \
                 assignments of the app. Reports > System Log has the reason."
            }
            Self::UnmetRequirements => {
                "The person has no authenticators for the requested acrValues: Security > Authenticators > Enrollment."
            }
            Self::UnauthorizedClient => AUTHORIZATION_CODE_OFF,
            Self::InvalidRequest => {
                "`latchkey doctor` names what is wrong with the app or with LATCHKEY_SCOPES."
            }
            Self::ServerError | Self::Other => "Reports > System Log of the org has the reason.",
        };
        tracing::warn!(error = ?self, advice, "the org's page has sent a person back without a sign-in");
    }

    /// The request for the next try, with a message for the person.
    pub(super) fn retry(self, asked: AuthorizeOptions) -> AuthorizeOptions {
        let (severity, text) = match self {
            Self::InteractionRequired | Self::PageRequired => (Severity::Info, CONTINUE_AT_ORG),
            Self::AccessDenied => (Severity::Error, ACCESS_NOT_ALLOWED),
            Self::UnmetRequirements => (Severity::Error, STRONGER_SIGN_IN),
            Self::UnauthorizedClient | Self::InvalidRequest => (Severity::Error, MISCONFIGURED),
            Self::ServerError => (Severity::Error, ORG_FAILED),
            Self::Other => (Severity::Error, NOT_FINISHED),
        };
        let prompt = match self {
            // The org would accept the same session again, and refuse it again.
            Self::UnmetRequirements => Some("login".to_owned()),
            _ => asked.prompt.filter(|prompt| prompt != "none"),
        };
        AuthorizeOptions { prompt, notice: Some(Notice { severity, text }), ..asked }
    }
}

#[cfg(test)]
mod tests {
    use super::OrgPageError;
    use latchkey_idx::AuthorizeOptions;

    #[test]
    fn the_next_try_shows_the_page_and_keeps_the_rest() {
        let asked = AuthorizeOptions {
            login_hint: Some("mary".into()),
            prompt: Some("none".into()),
            ..AuthorizeOptions::default()
        };
        for (name, prompt) in [
            ("login_required", None),
            ("access_denied", None),
            ("unmet_authentication_requirements", Some("login")),
            ("of_next_year", None),
        ] {
            let retry = OrgPageError::of(name).retry(asked.clone());
            assert_eq!(retry.prompt.as_deref(), prompt, "{name}");
            assert_eq!(retry.login_hint, asked.login_hint);
            assert!(retry.notice.is_some());
        }
    }
}
