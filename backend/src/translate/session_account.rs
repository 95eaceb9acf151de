//! The account of the session beside a flow: who is signed in already, and what a step-up is for.

use latchkey_contract as contract;
use latchkey_idx as idx;
use serde_json::{Map, Value};

/// The transaction with the account that is signed in by these claims. Once the org knows the account of the flow, that one
/// is shown instead.
pub fn beside_session(
    transaction: contract::Transaction,
    flow: &idx::Flow,
    claims: &Map<String, Value>,
) -> contract::Transaction {
    if transaction.status != contract::Status::Pending || transaction.user.is_some() {
        return transaction;
    }
    let signed_in = account(claims);
    let step_up =
        contract::StepUp { acr_values: flow.acr_values().map(str::to_owned), max_age: flow.max_age() };
    let is_step_up = signed_in.is_some() && step_up != contract::StepUp::default();
    contract::Transaction { signed_in, step_up: is_step_up.then_some(step_up), ..transaction }
}

/// The account that the claims are about, if they name it.
fn account(claims: &Map<String, Value>) -> Option<contract::IdentifiedUser> {
    let identifier = username(claims)?.to_owned();
    let name = |claim: &str| text(claims, claim).map(str::to_owned);
    let (first_name, last_name) = (name("given_name"), name("family_name"));
    Some(contract::IdentifiedUser { identifier, first_name, last_name })
}

/// What the person signs in with.
pub fn username(claims: &Map<String, Value>) -> Option<&str> {
    text(claims, "preferred_username").or_else(|| text(claims, "email"))
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
