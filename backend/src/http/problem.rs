//! The errors of a call, as `application/problem+json` (RFC 9457).

use crate::abuse::rate_limit::TooManyCalls;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use latchkey_contract::{AccountReason, Problem, ProblemCode, StepUp, Transaction};
use latchkey_idx::{self as idx, AccountError};
use latchkey_vault::Unavailable;
use std::time::Duration;

/// Why a call failed.
#[derive(Debug)]
pub enum ApiError {
    /// A code without details.
    Plain(ProblemCode),
    /// A code, and the part of the request that is meant or what to do.
    Detailed(ProblemCode, String),
    /// The step was answered already; this is where the flow is now.
    Stale(Box<Transaction>),
    /// Too many calls; the next is allowed after this time.
    RateLimited(Option<Duration>),
    /// A call to the org failed.
    Org(idx::Error),
    /// The org refuses the app because of a setting.
    AppRefused {
        /// The org's error.
        error: idx::Error,
        /// What an administrator of the org or the operator can do.
        advice: &'static str,
    },
    /// The org refused a call about the person's account.
    Account(AccountError),
    /// The store is unavailable.
    Store(Unavailable),
}

impl ApiError {
    /// A request that is not valid, and why.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::Detailed(ProblemCode::InvalidRequest, detail.into())
    }

    /// The problem that goes out.
    pub fn problem(self) -> Problem {
        match self {
            Self::Plain(ProblemCode::Overloaded) => {
                Problem { retry_after: Some(1), ..problem(ProblemCode::Overloaded) }
            }
            Self::Plain(code) => problem(code),
            Self::Detailed(code, detail) => Problem { detail: Some(detail), ..problem(code) },
            Self::Stale(transaction) => {
                Problem { transaction: Some(transaction), ..problem(ProblemCode::StaleStep) }
            }
            Self::RateLimited(wait) => limited(wait),
            Self::Org(error) => org(&error),
            Self::AppRefused { .. } => Problem {
                detail: Some(
                    "the log of the server says which setting is meant, and so does `latchkey doctor`"
                        .to_owned(),
                ),
                ..problem(ProblemCode::OrgRefused)
            },
            Self::Account(refusal) => account(refusal),
            Self::Store(_) => Problem { retry_after: Some(1), ..problem(ProblemCode::StoreUnavailable) },
        }
    }
}

impl From<ProblemCode> for ApiError {
    fn from(code: ProblemCode) -> Self {
        Self::Plain(code)
    }
}

impl From<TooManyCalls> for ApiError {
    fn from(refused: TooManyCalls) -> Self {
        Self::RateLimited(Some(refused.retry_after))
    }
}

impl From<Unavailable> for ApiError {
    fn from(reason: Unavailable) -> Self {
        Self::Store(reason)
    }
}

impl From<idx::Error> for ApiError {
    fn from(error: idx::Error) -> Self {
        Self::Org(error)
    }
}

impl From<AccountError> for ApiError {
    fn from(refusal: AccountError) -> Self {
        match refusal {
            AccountError::Org(error) => Self::Org(error),
            other => Self::Account(other),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match &self {
            Self::Org(error) => tracing::warn!(error = error.for_log(), "a call to the org failed"),
            Self::AppRefused { error, advice } => {
                tracing::error!(error = error.for_log(), advice, "the org refuses this app");
            }
            Self::Store(reason) => tracing::error!(%reason, "the store is unavailable"),
            Self::Plain(ProblemCode::Internal) => tracing::error!("an error of this server"),
            Self::Plain(_)
            | Self::Detailed(..)
            | Self::Stale(_)
            | Self::RateLimited(_)
            | Self::Account(_) => {}
        }
        respond(&self.problem())
    }
}

fn respond(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let kind = HeaderValue::from_static("application/problem+json");
    let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(problem.code);
    response
}

/// The problem of a code, without details.
pub fn problem(code: ProblemCode) -> Problem {
    let title = match code {
        ProblemCode::InvalidRequest => "The request cannot be taken as it is",
        ProblemCode::NotSignedIn => "You are not signed in",
        ProblemCode::Csrf => "The call does not come from our own page",
        ProblemCode::MissingScope => "The organization has not granted this application the scope for that",
        ProblemCode::StepUpRequired => "Sign in again to change this",
        ProblemCode::NotFound => "There is nothing at this address",
        ProblemCode::NoTransaction => "There is no such sign-in in this session",
        ProblemCode::NoCookie => "The browser did not bring the cookie of this sign-in",
        ProblemCode::MethodNotAllowed => "This address takes other methods",
        ProblemCode::StaleStep => "This step has been answered already",
        ProblemCode::FlowExpired => "This sign-in took too long and is over",
        ProblemCode::TooLarge => "The body is larger than any answer can be",
        ProblemCode::UnsupportedMediaType => "The body must be application/json",
        ProblemCode::AccountRefused => "The organization refuses this change",
        ProblemCode::WrongHost => "This server does not answer for that host",
        ProblemCode::RateLimited => "Too many calls",
        ProblemCode::Internal => "Something went wrong on our side",
        ProblemCode::OrgUnreachable => "The organization cannot be reached",
        ProblemCode::OrgRefused => "The organization refuses this application",
        ProblemCode::StoreUnavailable => "The session store is away",
        ProblemCode::Overloaded => "Too busy just now",
        ProblemCode::OrgTimeout => "The organization did not answer in time",
        ProblemCode::UpstreamUnreachable => "The API behind this address cannot be reached",
        ProblemCode::UpstreamTimeout => "The API behind this address did not answer in time",
    };
    Problem {
        code,
        status: code.status(),
        title: title.to_owned(),
        detail: None,
        retry_after: None,
        transaction: None,
        step_up: None,
        reason: None,
    }
}

/// What the org refuses about an account.
fn account(refusal: AccountError) -> Problem {
    let refused =
        |reason, detail| Problem { reason: Some(reason), detail, ..problem(ProblemCode::AccountRefused) };
    match refusal {
        AccountError::InsufficientScope => Problem {
            detail: Some(
                "an administrator grants the okta.myAccount scopes to the app, and LATCHKEY_SCOPES lists them".to_owned(),
            ),
            ..problem(ProblemCode::MissingScope)
        },
        AccountError::InsufficientAuthentication { acr_values, max_age } => {
            Problem { step_up: Some(StepUp { acr_values, max_age }), ..problem(ProblemCode::StepUpRequired) }
        }
        AccountError::WrongCode => refused(AccountReason::WrongCode, None),
        AccountError::Duplicate => refused(AccountReason::Duplicate, None),
        AccountError::Invalid(causes) => refused(AccountReason::Invalid, Some(causes.join(" "))),
        AccountError::NotFound => problem(ProblemCode::NotFound),
        AccountError::Org(error) => org(&error),
    }
}

fn limited(wait: Option<Duration>) -> Problem {
    let whole = |wait: Duration| u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1);
    let seconds = wait.map(whole);
    Problem { retry_after: seconds, ..problem(ProblemCode::RateLimited) }
}

/// The org's error in a browser's terms. The org's own message stays in the log.
fn org(error: &idx::Error) -> Problem {
    use idx::Error;
    match error {
        Error::RateLimited { retry_after } => limited(Some(*retry_after)),
        Error::Timeout => problem(ProblemCode::OrgTimeout),
        Error::FlowExpired => problem(ProblemCode::FlowExpired),
        Error::Unreachable(_)
        | Error::Broken(_)
        | Error::NotIon(_)
        | Error::UnknownVersion
        | Error::UnresolvedReference(_)
        | Error::ForeignAddress(_)
        | Error::Endless => problem(ProblemCode::OrgUnreachable),
        Error::Refused { status, .. } if *status >= 500 => problem(ProblemCode::OrgUnreachable),
        Error::Refused { .. }
        | Error::Forbidden
        | Error::OAuth { .. }
        | Error::Discovery(_)
        | Error::Token(_)
        | Error::Key(_) => problem(ProblemCode::OrgRefused),
        Error::NotSupported(_) => detailed("the organization does not offer this"),
        Error::NoRemediation(_) => detailed("nothing can be answered here any more"),
        Error::UnknownStep(_) => detailed("`step` is not the name of a step that can be taken here"),
        Error::NotSubmittable(_) => {
            detailed("`step` is the name of a link, which a browser follows by itself")
        }
        Error::Busy => Problem { retry_after: Some(1), ..problem(ProblemCode::Overloaded) },
        Error::NoCode => detailed("the sign-in is not complete"),
        Error::NoRandomness => problem(ProblemCode::Internal),
    }
}

fn detailed(detail: &str) -> Problem {
    Problem { detail: Some(detail.to_owned()), ..problem(ProblemCode::InvalidRequest) }
}

#[cfg(test)]
mod tests {
    use super::ApiError;
    use latchkey_idx::Error;
    use std::time::Duration;

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
            let retry_after = Duration::from_millis(millis);
            let problem = ApiError::Org(Error::RateLimited { retry_after }).problem();
            assert_eq!(problem.retry_after, Some(seconds), "{millis} ms");
        }
    }
}
