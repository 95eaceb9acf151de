//! The options of a flow that come beside the first answer: assurance, identity provider, and where to return.

use super::{answer_check, return_to::ReturnAddresses};
use crate::http::ApiError;
use crate::session::{Browser, Sessions, SignedIn};
use crate::translate;
use latchkey_contract::{ProblemCode, Value, Values};
use latchkey_idx::{BeginOptions, FlowSecrets, Secret};
use latchkey_vault::RandomSource;
use std::time::SystemTime;

/// The names of the options that a sign-in may begin with.
pub(crate) const SIGN_IN_OPTIONS: [&str; 6] =
    ["acrValues", "idp", "loginHint", "maxAge", "prompt", RETURN_TO];
/// The name of the option that every flow may begin with.
pub(crate) const RETURN_TO: &str = "returnTo";

/// The options of one flow.
#[derive(Debug, Default)]
pub(super) struct FlowOptions {
    /// For the org.
    pub(super) begin: BeginOptions,
    /// The id of the identity provider to sign in with.
    pub(super) idp: Option<String>,
    /// Whether the org shows its own page, such as `login`.
    pub(super) prompt: Option<String>,
    /// Where the browser goes after signing in.
    pub(super) return_to: Option<String>,
}

impl FlowOptions {
    /// Takes the options of a sign-in out of the values.
    pub(super) fn of_sign_in(values: &mut Values, allowed: &ReturnAddresses) -> Result<Self, ApiError> {
        let begin = BeginOptions {
            acr_values: text(values, "acrValues")?,
            login_hint: text(values, "loginHint")?,
            max_age: seconds(values, "maxAge")?,
            ..BeginOptions::default()
        };
        let (idp, prompt) = (text(values, "idp")?, text(values, "prompt")?);
        Ok(Self { begin, idp, prompt, ..Self::of_flow(values, allowed)? })
    }

    /// Takes the options of a sign-up out of the values.
    pub(super) fn of_sign_up(values: &mut Values, allowed: &ReturnAddresses) -> Result<Self, ApiError> {
        let activation_token = text(values, "activationToken")?.map(Secret::from);
        let begin = BeginOptions { activation_token, ..BeginOptions::default() };
        Ok(Self { begin, ..Self::of_flow(values, allowed)? })
    }

    /// Takes the options of a password recovery out of the values.
    pub(super) fn of_recovery(values: &mut Values, allowed: &ReturnAddresses) -> Result<Self, ApiError> {
        let recovery_token = text(values, "recoveryToken")?.map(Secret::from);
        let begin = BeginOptions { recovery_token, ..BeginOptions::default() };
        Ok(Self { begin, ..Self::of_flow(values, allowed)? })
    }

    /// Takes the code of a device out of the values.
    pub(super) fn of_activation(values: &mut Values) -> Result<Self, ApiError> {
        let begin = BeginOptions { user_code: text(values, "userCode")?, ..BeginOptions::default() };
        Ok(Self { begin, ..Self::default() })
    }

    /// Takes the options of any flow out of the values.
    pub(super) fn of_flow(values: &mut Values, allowed: &ReturnAddresses) -> Result<Self, ApiError> {
        let return_to = text(values, RETURN_TO)?.map(|requested| {
            allowed.check(&requested).ok_or_else(|| {
                ApiError::invalid(
                    "`returnTo` is neither a path of this server nor an address of an origin in LATCHKEY_RETURN_TO or \
                     LATCHKEY_ALLOWED_ORIGINS",
                )
            })
        });
        Ok(Self { return_to: return_to.transpose()?, ..Self::default() })
    }

    /// Fills in who signs in again, unless the page says so: a step-up is about the account that is signed in.
    pub(super) async fn name_account(
        &mut self,
        sessions: &Sessions,
        browser: &Browser,
        now: SystemTime,
    ) -> Result<(), ApiError> {
        let BeginOptions { acr_values, login_hint, max_age, .. } = &mut self.begin;
        if login_hint.is_none() && (acr_values.is_some() || max_age.is_some()) {
            let signed_in = SignedIn::find_unattended(sessions, browser, now).await?;
            *login_hint = signed_in.and_then(|one| translate::username(&one.claims).map(str::to_owned));
        }
        Ok(())
    }

    /// Whether the org shows its usual first form, because nothing else is requested of it.
    pub(super) fn are_usual(&self) -> bool {
        let BeginOptions { acr_values, login_hint, max_age, .. } = &self.begin;
        acr_values.is_none() && login_hint.is_none() && max_age.is_none() && self.idp.is_none()
    }
}

/// The random values of a new flow.
pub(super) fn secrets(random: &RandomSource) -> Result<FlowSecrets, ApiError> {
    let bytes = || random.bytes().map_err(|_| ApiError::from(ProblemCode::Internal));
    Ok(FlowSecrets::from_bytes([bytes()?, bytes()?, bytes()?]))
}

fn text(values: &mut Values, name: &str) -> Result<Option<String>, ApiError> {
    let taken = values.remove(name);
    taken.map(|value| answer_check::text(name, &value).map(str::to_owned)).transpose()
}

/// A number of seconds; a page that reads it from its address has it as text.
fn seconds(values: &mut Values, name: &str) -> Result<Option<u64>, ApiError> {
    let Some(value) = values.remove(name) else { return Ok(None) };
    let seconds = match &value {
        Value::Integer(seconds) => u64::try_from(*seconds).ok(),
        other => other.text().and_then(|text| text.parse().ok()),
    };
    seconds.map(Some).ok_or_else(|| ApiError::invalid(format!("`{name}` is not a number of seconds")))
}
