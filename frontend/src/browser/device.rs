//! Okta Verify on this device: requests to it by `device.js`, which is fetched when it is needed.

use super::on_demand;
use crate::{read_contract, values};
use latchkey_contract::{Value, Values};

/// The browser's permission for the page to call other programs on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// The browser will ask the person.
    Prompt,
    /// The person has refused.
    Denied,
    /// Granted, or the browser does not ask.
    Free,
}

/// The permission as it is now.
pub(crate) async fn permission() -> Permission {
    let answer = on_demand::ask(&values::one("device", "permission")).await;
    let answer = answer.map(|answer| read_contract::user(&answer)).unwrap_or_default();
    match answer.get("state").and_then(Value::text) {
        Some("prompt") => Permission::Prompt,
        Some("denied") => Permission::Denied,
        _ => Permission::Free,
    }
}

/// The end of passing a challenge on.
#[derive(Debug)]
pub(crate) enum PassOutcome {
    /// Okta Verify has answered the org, and a poll shows how.
    Answered,
    /// The page gives up. The cancel form takes the reason.
    Failed(Values),
    /// The page has left the step.
    Stopped,
}

/// Passes a challenge on.
pub(crate) async fn pass(challenge: &Value) -> PassOutcome {
    let mut question = values::one("device", "pass");
    question.insert("challenge".to_owned(), challenge.clone());
    let Ok(answer) = on_demand::ask(&question).await else {
        return PassOutcome::Failed(values::one("reason", "OV_UNREACHABLE_BY_LOOPBACK"));
    };
    let answer = read_contract::user(&answer);
    if answer.contains_key("reason") {
        PassOutcome::Failed(answer)
    } else if answer.contains_key("stopped") {
        PassOutcome::Stopped
    } else {
        PassOutcome::Answered
    }
}

/// Has an app on this device do something. Returns whether an app has taken the call.
pub(crate) async fn ask_app(call: &Value) -> bool {
    let mut question = values::one("device", "app");
    question.insert("call".to_owned(), call.clone());
    let answer = on_demand::ask(&question).await.map(|answer| read_contract::user(&answer));
    answer.is_ok_and(|answer| answer.get("asked") == Some(&Value::Bool(true)))
}

/// Stops passing a challenge on.
pub(crate) async fn stop() {
    let _ = on_demand::ask(&values::one("device", "stop")).await;
}
