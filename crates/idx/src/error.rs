//! What can go wrong between us and the org. A wrong password is no error: the org answers it with the next step.

use std::fmt;
use std::time::Duration;

use crate::intent::Intent;
use crate::token::{Flaw, Tokens};

/// The longest code of the org that goes into a log.
const MAX_CODE: usize = 64;

/// Why a call did not lead to a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The org could not be reached; nothing was sent.
    Unreachable(String),
    /// The org did not answer in time. Whether it did what was asked is not known.
    Timeout,
    /// The connection broke before the answer was complete. Whether the org did what was asked is not known.
    Broken(String),
    /// The org asks us to wait.
    RateLimited {
        /// How long.
        retry_after: Duration,
    },
    /// So many calls are under way that this one was not sent.
    Busy,
    /// The answer is none of the Identity Engine's: garbage, a web page, half a document.
    NotIon(String),
    /// The answer is of a version this crate does not speak.
    UnknownVersion,
    /// A reference inside the answer leads nowhere.
    UnresolvedReference(String),
    /// The org refused, in the words of its general interface.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The org's code, such as `E0000009`.
        code: Option<String>,
        /// The org's sentence.
        summary: String,
    },
    /// The org refused, in the words of OAuth.
    OAuth {
        /// The code, such as `invalid_grant`.
        error: String,
        /// The sentence, for a log.
        description: String,
    },
    /// The org has ended the flow because it stood too long. Begin anew.
    FlowExpired,
    /// The org does not offer what was wanted.
    NotSupported(Intent),
    /// None of the forms (these) is of use for what was wanted.
    NoRemediation(Vec<String>),
    /// There is no step of that name.
    UnknownStep(String),
    /// The step of that name is a link, not a form.
    NotSubmittable(String),
    /// The org kept answering with forms that could be sent at once, more often than makes sense.
    Endless,
    /// An address in the org's answer leads somewhere else than the org.
    ForeignAddress(String),
    /// The org's description of itself is not what was configured.
    Discovery(String),
    /// There is nothing to redeem: no interaction code (yet), or no refresh token.
    NoCode,
    /// The id token is not to be trusted.
    Token(Flaw),
    /// A key cannot be used.
    Key(String),
    /// The operating system gave no random bytes.
    NoRandomness,
}

/// Why a code or a refresh token has brought no tokens that can be used.
#[derive(Debug)]
pub struct ExchangeError {
    /// Why.
    pub error: Error,
    /// Tokens that the org has given although the id token fails its check. They are alive until they are revoked.
    pub to_revoke: Option<Box<Tokens>>,
}

impl Error {
    /// Whether the org may have done what was asked, although no answer came.
    #[must_use]
    pub fn leaves_outcome_unknown(&self) -> bool {
        matches!(self, Self::Timeout | Self::Broken(_) | Self::NotIon(_))
    }

    /// The error for a log: in our words. Of the org's there is only the code, since its sentences and addresses may
    /// hold what a person has typed.
    #[must_use]
    pub fn for_log(&self) -> String {
        match self {
            Self::NotIon(_) => "the org's answer cannot be read".to_owned(),
            Self::UnresolvedReference(_) => "the org's answer refers to what it does not hold".to_owned(),
            Self::Refused { status, code, .. } => {
                format!("the org refused with {status} {}", code.as_deref().map_or("(no code)", plain_code))
            }
            Self::OAuth { error, .. } => format!("the org refused with {}", plain_code(error)),
            Self::NoRemediation(_) => "none of the org's forms is of use".to_owned(),
            Self::UnknownStep(_) => "there is no step of that name".to_owned(),
            Self::NotSubmittable(_) => "the step of that name is a link, not a form".to_owned(),
            Self::ForeignAddress(_) => "an address in the org's answer is not the org's".to_owned(),
            Self::Discovery(_) => "the org describes itself wrongly".to_owned(),
            Self::Unreachable(_)
            | Self::Timeout
            | Self::Broken(_)
            | Self::RateLimited { .. }
            | Self::Busy
            | Self::UnknownVersion
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

/// A code, if it looks like one of Okta's or of OAuth's: `E0000011`, `invalid_grant`.
fn plain_code(code: &str) -> &str {
    let is_plain = code.len() <= MAX_CODE
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    if is_plain { code } else { "(a code that is none)" }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "the org cannot be reached: {why}"),
            Self::Timeout => f.write_str("the org did not answer in time"),
            Self::Broken(why) => write!(f, "the connection to the org broke: {why}"),
            Self::RateLimited { retry_after } => {
                write!(f, "the org asks us to wait {} s", retry_after.as_secs())
            }
            Self::Busy => f.write_str("too many calls to the org are under way"),
            Self::NotIon(why) => write!(f, "the org's answer cannot be read: {why}"),
            Self::UnknownVersion => f.write_str("the org's answer is of an unknown version"),
            Self::UnresolvedReference(path) => {
                write!(f, "the org's answer refers to {path}, which is not there")
            }
            Self::Refused { status, code, summary } => {
                write!(
                    f,
                    "the org refused with {status} {}: {summary}",
                    code.as_deref().unwrap_or("(no code)")
                )
            }
            Self::OAuth { error, description } => write!(f, "the org refused with {error}: {description}"),
            Self::FlowExpired => f.write_str("the flow has expired"),
            Self::NotSupported(intent) => write!(f, "the org does not offer {intent:?}"),
            Self::NoRemediation(forms) => {
                write!(f, "none of the org's forms is of use: {}", forms.join(", "))
            }
            Self::UnknownStep(step) => write!(f, "there is no step called {step}"),
            Self::NotSubmittable(step) => write!(f, "{step} is a link, not a form"),
            Self::Endless => f.write_str("the org asks for the same again and again"),
            Self::ForeignAddress(address) => write!(f, "{address} is not the org's"),
            Self::Discovery(why) => write!(f, "the org describes itself wrongly: {why}"),
            Self::NoCode => f.write_str("there is nothing to redeem"),
            Self::Token(flaw) => write!(f, "the id token is not to be trusted: {flaw}"),
            Self::Key(why) => write!(f, "the key cannot be used: {why}"),
            Self::NoRandomness => f.write_str("the system gives no random bytes"),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for ExchangeError {}

impl From<Error> for ExchangeError {
    fn from(error: Error) -> Self {
        Self { error, to_revoke: None }
    }
}

impl From<ExchangeError> for Error {
    fn from(failed: ExchangeError) -> Self {
        failed.error
    }
}

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
