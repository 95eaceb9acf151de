//! The errors of a call to the org. A wrong password is not among them: the org answers it with the next step.

use std::fmt;
use std::time::Duration;

use crate::intent::Intent;

/// The longest error code of the org that is logged.
const MAX_CODE_BYTES: usize = 64;

/// Why a call did not lead to a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The org could not be reached; nothing was sent.
    Unreachable(String),
    /// The org did not answer in time. Whether it processed the request is unknown.
    Timeout,
    /// The connection broke before the response was complete. Whether the org processed the request is unknown.
    Broken(String),
    /// The org limits the rate of calls (429).
    RateLimited {
        /// How long to wait before the next call.
        retry_after: Duration,
    },
    /// A concurrency limit of the transport is reached, so the request was not sent.
    Busy,
    /// The response is not an Identity Engine document: garbage, a web page or a truncated document.
    NotIon(String),
    /// The document has a version that this crate does not support.
    UnknownVersion,
    /// A `relatesTo` reference inside the document leads nowhere.
    UnresolvedReference(String),
    /// The org refused the request with an error of its API.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The org's error code, such as `E0000009`.
        code: Option<String>,
        /// The org's error summary.
        summary: String,
    },
    /// The org lets no request through from this network (403 `Forbidden`), for example because a network zone is blocked.
    Forbidden,
    /// The org refused the request with an OAuth error.
    OAuth {
        /// The code, such as `invalid_grant`.
        error: String,
        /// The description, for a log.
        description: String,
    },
    /// The flow has expired at the org. Begin a new one.
    FlowExpired,
    /// The org does not offer this intent.
    NotSupported(Intent),
    /// None of the document's forms (listed here) is usable for the intent.
    NoRemediation(Vec<String>),
    /// The document has no step of that name.
    UnknownStep(String),
    /// The step of that name is a link, not a form.
    NotSubmittable(String),
    /// The org answered every form with another one that needs no person, more often than any real flow does.
    Endless,
    /// An address in the document does not belong to the org.
    ForeignAddress(String),
    /// The org's discovery document contradicts the configuration.
    Discovery(String),
    /// There is nothing to redeem: no interaction code (yet), or no refresh token.
    NoCode,
    /// The token failed a check.
    Token(TokenError),
    /// A key cannot be used.
    Key(String),
    /// The operating system gave no random bytes.
    NoRandomness,
}

/// Why a signed token is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// It is not a signed token, or it is larger than the limit.
    Shape,
    /// Its header asks for a feature that is not supported.
    Header,
    /// It is not signed with RS256.
    Algorithm,
    /// It is signed with a key that is not in the org's key set.
    UnknownKey,
    /// The signature is wrong.
    Signature,
    /// A member occurs twice.
    Duplicate,
    /// It is from another issuer.
    Issuer,
    /// It is for another client.
    Audience,
    /// Its nonce belongs to another flow.
    Nonce,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYet,
    /// It was issued too long ago, or in the future.
    IssuedAt,
    /// It is valid for longer than the limit.
    Lifetime,
    /// It has no subject, or another one than expected.
    Subject,
    /// Its hash does not match the access token or the code it came with.
    Hash,
    /// The sign-in is older than the requested `max_age`.
    AuthTime,
    /// The sign-in does not reach the requested `acr_values`.
    Acr,
    /// There is no id token, although the scope `openid` was requested.
    Missing,
    /// It is not a logout token.
    Event,
}

impl Error {
    /// Whether the org may have processed the request, although no usable response arrived.
    #[must_use]
    pub fn leaves_outcome_unknown(&self) -> bool {
        matches!(self, Self::Timeout | Self::Broken(_) | Self::NotIon(_))
    }

    /// The error for a log. Of the org's texts it contains the code only: its sentences and addresses may repeat what a person
    /// has typed.
    #[must_use]
    pub fn for_log(&self) -> String {
        match self {
            Self::NotIon(_) => "the org's response cannot be read".to_owned(),
            Self::UnresolvedReference(_) => {
                "the org's response refers to a member that it does not contain".to_owned()
            }
            Self::Refused { status, code, .. } => {
                format!(
                    "the org refused with {status} {}",
                    code.as_deref().map_or("(no code)", loggable_code)
                )
            }
            Self::OAuth { error, .. } => format!("the org refused with {}", loggable_code(error)),
            Self::NoRemediation(_) => "none of the org's forms is usable".to_owned(),
            Self::UnknownStep(_) => "there is no step of that name".to_owned(),
            Self::NotSubmittable(_) => "the step of that name is a link, not a form".to_owned(),
            Self::ForeignAddress(_) => {
                "an address in the org's response does not belong to the org".to_owned()
            }
            Self::Discovery(_) => "the org's discovery document is wrong".to_owned(),
            Self::Unreachable(_)
            | Self::Timeout
            | Self::Broken(_)
            | Self::RateLimited { .. }
            | Self::Busy
            | Self::UnknownVersion
            | Self::Forbidden
            | Self::FlowExpired
            | Self::NotSupported(_)
            | Self::Endless
            | Self::NoCode
            | Self::Token(_)
            | Self::Key(_)
            | Self::NoRandomness => self.to_string(),
        }
    }
}

/// A code, if it has the form of one of Okta's or of OAuth's: `E0000011`, `invalid_grant`.
fn loggable_code(code: &str) -> &str {
    let is_loggable = code.len() <= MAX_CODE_BYTES
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    if is_loggable { code } else { "(a malformed code)" }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(cause) => write!(f, "the org cannot be reached: {cause}"),
            Self::Timeout => f.write_str("the org did not answer in time"),
            Self::Broken(cause) => write!(f, "the connection to the org broke: {cause}"),
            Self::RateLimited { retry_after } => {
                write!(f, "the org limits the rate of calls: try again in {} s", retry_after.as_secs())
            }
            Self::Busy => f.write_str("too many calls to the org are in progress"),
            Self::NotIon(cause) => write!(f, "the org's response cannot be read: {cause}"),
            Self::UnknownVersion => f.write_str("the org's response has an unsupported version"),
            Self::UnresolvedReference(path) => {
                write!(f, "the org's response refers to {path}, which it does not contain")
            }
            Self::Refused { status, code, summary } => {
                write!(
                    f,
                    "the org refused with {status} {}: {summary}",
                    code.as_deref().unwrap_or("(no code)")
                )
            }
            Self::Forbidden => f.write_str("the org lets no request through from this network"),
            Self::OAuth { error, description } => write!(f, "the org refused with {error}: {description}"),
            Self::FlowExpired => f.write_str("the flow has expired: begin a new one"),
            Self::NotSupported(intent) => write!(f, "the org does not offer {intent:?}"),
            Self::NoRemediation(forms) => {
                write!(f, "none of the org's forms is usable: {}", forms.join(", "))
            }
            Self::UnknownStep(step) => write!(f, "there is no step called {step}"),
            Self::NotSubmittable(step) => write!(f, "{step} is a link, not a form"),
            Self::Endless => f.write_str("the org keeps answering with forms that need no person"),
            Self::ForeignAddress(address) => write!(f, "{address} does not belong to the org"),
            Self::Discovery(cause) => write!(f, "the org's discovery document is wrong: {cause}"),
            Self::NoCode => f.write_str("there is nothing to redeem"),
            Self::Token(error) => write!(f, "the token is not trusted: {error}"),
            Self::Key(cause) => write!(f, "the key cannot be used: {cause}"),
            Self::NoRandomness => f.write_str("the operating system gave no random bytes"),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "it is not a signed token, or too large",
            Self::Header => "its header asks for an unsupported feature",
            Self::Algorithm => "it is not signed with RS256",
            Self::UnknownKey => "its key is not in the org's key set",
            Self::Signature => "its signature is wrong",
            Self::Duplicate => "a member occurs twice",
            Self::Issuer => "it is from another issuer",
            Self::Audience => "it is for another client",
            Self::Nonce => "its nonce belongs to another flow",
            Self::Expired => "it has expired",
            Self::NotYet => "it is not valid yet",
            Self::IssuedAt => "it was not issued just now",
            Self::Lifetime => "it is valid for too long",
            Self::Subject => "its subject is missing or another one",
            Self::Hash => "it belongs to another access token or code",
            Self::AuthTime => "the sign-in is too old",
            Self::Acr => "the sign-in is too weak",
            Self::Missing => "there is none",
            Self::Event => "it is not a logout token",
        })
    }
}

impl std::error::Error for TokenError {}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn sec_220_a_log_gets_the_code_of_the_org_and_none_of_its_words() {
        let words = || "Mary Major (mary@example.com) \r\n".to_owned();
        let oauth = |error: &str| Error::OAuth { error: error.to_owned(), description: words() };
        let refused =
            |code: &str| Error::Refused { status: 403, code: Some(code.to_owned()), summary: words() };
        assert_eq!(oauth("invalid_grant").for_log(), "the org refused with invalid_grant");
        assert_eq!(refused("E0000006").for_log(), "the org refused with 403 E0000006");
        for error in [
            oauth(&words()),
            refused(&words()),
            oauth("invalid_grant"),
            Error::NotIon(words()),
            Error::UnresolvedReference(words()),
            Error::NoRemediation(vec![words()]),
            Error::UnknownStep(words()),
            Error::NotSubmittable(words()),
            Error::ForeignAddress(words()),
            Error::Discovery(words()),
        ] {
            let logged = error.for_log();
            assert!(!logged.contains("ary") && !logged.contains(char::is_control), "{logged}");
        }
    }
}
