//! Why a call of the account page failed, and what that means for the person.

use super::phrase;
use crate::read_contract::{JsonNode, problem, step_up};
use crate::text::Phrase;
use latchkey_contract::{ProblemCode, StepUp};

/// Why a call failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AccountFailure {
    /// The server could not be reached.
    Offline,
    NotSignedIn,
    NotFound,
    /// The org wants a sign-in that is newer or stronger.
    StepUp(StepUp),
    WrongCode,
    /// The address or number belongs to the account already.
    Duplicate,
    /// A value is not valid, in the org's words. They may begin with the name of the field.
    Invalid(String),
    /// The seconds to wait.
    RateLimited(u32),
    MissingScope,
    /// The browser made no passkey, for this reason.
    NoPasskey(Phrase),
    /// Any other.
    Other,
}

/// A sentence for the person.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sentence {
    Ours(Phrase),
    /// A sentence of ours about something.
    About(Phrase, String),
    /// A sentence of ours with a time, such as "in 20 seconds".
    In(Phrase, i32),
    /// A sentence of the org.
    Org(String),
}

/// How long to wait if the server does not say it.
const DEFAULT_WAIT_SECONDS: u32 = 30;

impl AccountFailure {
    /// Reads a problem (RFC 9457).
    pub(crate) fn read(node: &impl JsonNode) -> Self {
        let read = problem(node);
        let text = |name| node.get(name).and_then(|inner| inner.text());
        match read.code {
            Some(ProblemCode::NotSignedIn) => Self::NotSignedIn,
            Some(ProblemCode::NotFound) => Self::NotFound,
            Some(ProblemCode::MissingScope) => Self::MissingScope,
            Some(ProblemCode::StepUpRequired) => Self::StepUp(step_up(node).unwrap_or_default()),
            Some(ProblemCode::RateLimited) => {
                Self::RateLimited(read.retry_after.unwrap_or(DEFAULT_WAIT_SECONDS))
            }
            Some(ProblemCode::AccountRefused) => match text("reason").as_deref() {
                Some("wrong_code") => Self::WrongCode,
                Some("duplicate") => Self::Duplicate,
                _ => Self::Invalid(text("detail").unwrap_or_default()),
            },
            _ => Self::Other,
        }
    }

    /// What it means for the person.
    pub(super) fn sentence(&self) -> Sentence {
        match self {
            Self::WrongCode => Sentence::Ours(phrase::WRONG_CODE),
            Self::Duplicate => Sentence::Ours(phrase::DUPLICATE),
            Self::Invalid(detail) if !detail.is_empty() => {
                Sentence::Org(named_field(detail).map_or(detail.as_str(), |(_, rest)| rest).to_owned())
            }
            Self::RateLimited(seconds) => {
                Sentence::In(phrase::TOO_MANY, i32::try_from(*seconds).unwrap_or(i32::MAX))
            }
            Self::MissingScope => Sentence::Ours(phrase::MISSING_SCOPE),
            Self::Offline => Sentence::Ours(phrase::OFFLINE),
            Self::NoPasskey(why) => Sentence::Ours(*why),
            Self::NotSignedIn | Self::NotFound | Self::StepUp(_) | Self::Invalid(_) | Self::Other => {
                Sentence::Ours(phrase::FAILED)
            }
        }
    }

    /// Whether a value of the form is refused, and the name of its field if the org says it.
    pub(super) fn refused_field(&self) -> Option<Option<&str>> {
        match self {
            Self::WrongCode | Self::Duplicate => Some(None),
            Self::Invalid(detail) => Some(named_field(detail).map(|(name, _)| name)),
            _ => None,
        }
    }
}

/// The name of the field that the org's words begin with, and the rest of them.
fn named_field(detail: &str) -> Option<(&str, &str)> {
    let (name, rest) = detail.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    Some((name, rest.strip_prefix(' ')?)).filter(|_| is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_org_names_the_field_with_the_value_that_breaks_a_rule() {
        let failure = AccountFailure::read(&json!({
            "code": "account_refused", "reason": "invalid", "detail": "password: At least 8 characters",
        }));
        assert_eq!(failure.refused_field(), Some(Some("password")));
        assert_eq!(failure.sentence(), Sentence::Org("At least 8 characters".to_owned()));
        let unnamed = AccountFailure::Invalid("Not now: really".to_owned());
        assert_eq!(unnamed.refused_field(), Some(None));
        assert_eq!(unnamed.sentence(), Sentence::Org("Not now: really".to_owned()));
    }

    #[test]
    fn a_refusal_without_words_of_the_org_has_ours() {
        let failure = AccountFailure::read(&json!({ "code": "account_refused" }));
        assert_eq!(failure.sentence(), Sentence::Ours(phrase::FAILED));
        for (reason, expected) in [("wrong_code", phrase::WRONG_CODE), ("duplicate", phrase::DUPLICATE)] {
            let failure = AccountFailure::read(&json!({ "code": "account_refused", "reason": reason }));
            assert_eq!(failure.sentence(), Sentence::Ours(expected));
            assert_eq!(failure.refused_field(), Some(None));
        }
    }

    #[test]
    fn a_step_up_has_what_the_sign_in_must_fulfil() {
        let failure = AccountFailure::read(&json!({
            "code": "step_up_required", "stepUp": { "acrValues": "urn:okta:loa:2fa:any", "maxAge": 300 },
        }));
        let needed = StepUp { acr_values: Some("urn:okta:loa:2fa:any".to_owned()), max_age: Some(300) };
        assert_eq!(failure, AccountFailure::StepUp(needed));
        assert_eq!(failure.refused_field(), None);
    }

    #[test]
    fn an_unknown_problem_is_said_plainly_and_a_wait_has_its_seconds() {
        assert_eq!(AccountFailure::read(&json!({ "code": "new_one" })), AccountFailure::Other);
        let wait = |problem| AccountFailure::read(&problem).sentence();
        let again_in = |seconds| Sentence::In(phrase::TOO_MANY, seconds);
        assert_eq!(wait(json!({ "code": "rate_limited", "retryAfter": 7 })), again_in(7));
        assert_eq!(wait(json!({ "code": "rate_limited" })), again_in(30));
    }
}
