//! Passkeys: requests to the device by `passkey.js`, which is fetched when it is needed.

use super::on_demand;
use crate::text::Phrase;
use crate::{read_contract, values};
use latchkey_contract::{Value, Values};

/// Why there is no passkey.
pub(crate) enum PasskeyRefusal {
    /// The person cancelled, or the request timed out.
    Cancelled,
    /// This device is enrolled already.
    Known,
    /// The browser has no passkeys.
    Missing,
    /// The org's passkeys are for another domain than this page's.
    Domain,
    /// The passkey has no user handle.
    Invalid,
}

impl PasskeyRefusal {
    /// The message about it.
    pub(crate) fn phrase(&self) -> Phrase {
        match self {
            Self::Cancelled => Phrase::PasskeyFailed,
            Self::Known => Phrase::PasskeyKnown,
            Self::Missing => Phrase::PasskeyMissing,
            Self::Domain => Phrase::PasskeyOtherDomain,
            Self::Invalid => Phrase::PasskeyInvalid,
        }
    }
}

/// Creates a passkey on a device without one of `known`.
pub(crate) async fn make(data: &Value, known: &[String]) -> Result<Values, PasskeyRefusal> {
    ask("make", data, known).await
}

/// Makes a passkey without asking the person, where the browser can: right after a password manager has filled in a password.
pub(crate) async fn upgrade(data: &Value, known: &[String]) -> Result<Values, PasskeyRefusal> {
    ask("upgrade", data, known).await
}

/// Has the person pick any of the passkeys that the device has for this site.
pub(crate) async fn pick(data: &Value) -> Result<Values, PasskeyRefusal> {
    ask("pick", data, &[]).await
}
/// Uses one of the passkeys in `known`, or any passkey of this site.
pub(crate) async fn get(data: &Value, known: &[String]) -> Result<Values, PasskeyRefusal> {
    ask("use", data, known).await
}

/// Offers the passkeys of this site by autofill in the username field, until one is chosen.
pub(crate) async fn offer(data: &Value) -> Result<Values, PasskeyRefusal> {
    ask("offer", data, &[]).await
}

/// Tells the browser that a passkey is gone, and which ones are left, so that it offers it no more. Not every browser has
/// these calls.
pub(crate) async fn forget(data: &Values) {
    let _ = ask("forget", &Value::Object(data.clone()), &[]).await;
}

/// Cancels the pending request.
pub(crate) async fn stop() {
    let _ = on_demand::ask(&values::one("ask", "stop")).await;
}

async fn ask(what: &str, data: &Value, known: &[String]) -> Result<Values, PasskeyRefusal> {
    let mut question = values::one("ask", what);
    question.insert("data".to_owned(), data.clone());
    question.insert("known".to_owned(), Value::List(known.iter().map(|id| id.as_str().into()).collect()));
    let answer = on_demand::ask(&question).await.map_err(|_| PasskeyRefusal::Cancelled)?;
    match answer.as_string().as_deref() {
        None => Ok(read_contract::user(&answer)),
        Some("known") => Err(PasskeyRefusal::Known),
        Some("missing") => Err(PasskeyRefusal::Missing),
        Some("domain") => Err(PasskeyRefusal::Domain),
        Some("invalid") => Err(PasskeyRefusal::Invalid),
        Some(_) => Err(PasskeyRefusal::Cancelled),
    }
}
