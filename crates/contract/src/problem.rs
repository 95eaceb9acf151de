//! An HTTP error as `application/problem+json` (RFC 9457), with a stable code.

use crate::step_up::StepUp;
use crate::transaction::Transaction;
use serde::{Deserialize, Serialize};

/// The body of every error response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("additionalProperties" = true)))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What went wrong, for programs.
    pub code: ProblemCode,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, for people.
    pub title: String,
    /// What to do about it, or the part of the request that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Seconds to wait before the next request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// With `stale_step`: the current transaction of the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<Box<Transaction>>,
    /// With `step_up_required`: what the sign-in must fulfil.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up: Option<StepUp>,
    /// With `account_refused`: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<AccountReason>,
}

/// Why the org refuses a change of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountReason {
    /// The code is wrong or has expired.
    WrongCode,
    /// The address or number belongs to the account already.
    Duplicate,
    /// A value is not valid; `detail` has the org's words.
    Invalid,
}

/// The code of a problem. Each has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 400: the request cannot be read, or has a value that the step does not ask for.
    InvalidRequest,
    /// 401: the request has no signed-in session.
    NotSignedIn,
    /// 403: the request does not come from a page that may call the API.
    Csrf,
    /// 403: the org has not granted the app a scope that the call needs; `detail` names it.
    MissingScope,
    /// 403: the person has to sign in again for this change; `stepUp` has the parameters.
    StepUpRequired,
    /// 404: the address does not exist.
    NotFound,
    /// 404: the session has no flow, or another one.
    NoTransaction,
    /// 404: the call names a flow, and the browser brought none of the cookies that it was given.
    NoCookie,
    /// 405: the address exists, but not with this method.
    MethodNotAllowed,
    /// 409: the step has been answered already.
    StaleStep,
    /// 410: the flow has expired.
    FlowExpired,
    /// 413: the body is too large.
    TooLarge,
    /// 415: the body is not JSON.
    UnsupportedMediaType,
    /// 422: the org refuses this change of the account; `reason` says why.
    AccountRefused,
    /// 421: the request is for another host.
    WrongHost,
    /// 429: too many requests.
    RateLimited,
    /// 500: an error of this server.
    Internal,
    /// 502: the org cannot be reached, or its response cannot be read.
    OrgUnreachable,
    /// 502: the org refuses this app: its registration or its configuration is wrong.
    OrgRefused,
    /// 503: the session store is unavailable.
    StoreUnavailable,
    /// 503: the server is overloaded.
    Overloaded,
    /// 504: the org did not answer in time.
    OrgTimeout,
    /// 502: the app's own API cannot be reached, or its answer cannot be passed on.
    UpstreamUnreachable,
    /// 504: the app's own API did not answer in time.
    UpstreamTimeout,
}

impl ProblemCode {
    /// Every code.
    pub const ALL: [Self; 24] = [
        Self::InvalidRequest,
        Self::NotSignedIn,
        Self::Csrf,
        Self::MissingScope,
        Self::StepUpRequired,
        Self::NotFound,
        Self::NoTransaction,
        Self::NoCookie,
        Self::MethodNotAllowed,
        Self::StaleStep,
        Self::FlowExpired,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::AccountRefused,
        Self::WrongHost,
        Self::RateLimited,
        Self::Internal,
        Self::OrgUnreachable,
        Self::OrgRefused,
        Self::StoreUnavailable,
        Self::Overloaded,
        Self::OrgTimeout,
        Self::UpstreamUnreachable,
        Self::UpstreamTimeout,
    ];

    /// Its HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::NotSignedIn => 401,
            Self::Csrf | Self::MissingScope | Self::StepUpRequired => 403,
            Self::NotFound | Self::NoTransaction | Self::NoCookie => 404,
            Self::MethodNotAllowed => 405,
            Self::StaleStep => 409,
            Self::FlowExpired => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::WrongHost => 421,
            Self::AccountRefused => 422,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::OrgUnreachable | Self::OrgRefused | Self::UpstreamUnreachable => 502,
            Self::StoreUnavailable | Self::Overloaded => 503,
            Self::OrgTimeout | Self::UpstreamTimeout => 504,
        }
    }

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::NotSignedIn => "not_signed_in",
            Self::Csrf => "csrf",
            Self::MissingScope => "missing_scope",
            Self::StepUpRequired => "step_up_required",
            Self::NotFound => "not_found",
            Self::NoTransaction => "no_transaction",
            Self::NoCookie => "no_cookie",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::StaleStep => "stale_step",
            Self::FlowExpired => "flow_expired",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::AccountRefused => "account_refused",
            Self::WrongHost => "wrong_host",
            Self::RateLimited => "rate_limited",
            Self::Internal => "internal",
            Self::OrgUnreachable => "org_unreachable",
            Self::OrgRefused => "org_refused",
            Self::StoreUnavailable => "store_unavailable",
            Self::Overloaded => "overloaded",
            Self::OrgTimeout => "org_timeout",
            Self::UpstreamUnreachable => "upstream_unreachable",
            Self::UpstreamTimeout => "upstream_timeout",
        }
    }

    /// The code of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}
