//! The reader gives what serde gives.

use super::*;
use latchkey_contract::Problem;
use serde_json::{Value as Json, json};

impl JsonNode for Json {
    fn get(&self, key: &str) -> Option<Self> {
        Json::get(self, key).filter(|inner| !inner.is_null()).cloned()
    }
    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }
    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }
    fn number(&self) -> Option<f64> {
        self.as_f64()
    }
    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }
    fn members(&self) -> Option<Vec<(String, Self)>> {
        Some(self.as_object()?.iter().map(|(key, inner)| (key.clone(), inner.clone())).collect())
    }
}

/// A transaction with every member of the contract.
fn full() -> Json {
    serde_json::from_str(include_str!("../../crates/contract/tests/transaction.json")).unwrap()
}

/// All but the CAPTCHA, for which its control asks the server.
fn as_read_here(transaction: Transaction) -> Transaction {
    Transaction { captcha: None, ..transaction }
}

#[test]
fn every_member_is_read_as_serde_reads_it() {
    let by_serde: Transaction = serde_json::from_value(full()).unwrap();
    assert_eq!(transaction(&full()).unwrap(), as_read_here(by_serde.clone()));
    assert_eq!(serde_json::to_value(&by_serde).unwrap(), full(), "the example holds every member");
}

#[test]
fn a_session_is_read_as_serde_reads_it() {
    let signed_in = json!({
        "authenticated": true, "expiresAt": 1_800_000_000,
        "user": { "name": "Mary", "email_verified": true, "groups": ["a", "b"], "address": { "country": "US" } }
    });
    assert_eq!(session(&signed_in), serde_json::from_value(signed_in).unwrap());
    assert_eq!(session(&json!({ "authenticated": false })).unwrap().user, None);
}

#[test]
fn the_task_of_a_captcha_is_read_as_serde_reads_it() {
    let work = json!({ "algorithm": "SHA-256", "challenge": "ab", "maxNumber": 9, "salt": "s", "signature": "cd", "expiresIn": 7 });
    for task in [
        json!({ "altcha": work }),
        json!({ "frame": "https://a.example/b" }),
        json!({ "missingSetting": "x" }),
    ] {
        let by_serde: CaptchaTask = serde_json::from_value(task.clone()).unwrap();
        assert_eq!(captcha_task(&task), by_serde);
    }
}

#[test]
fn a_problem_has_the_members_that_the_page_uses() {
    let stale =
        json!({ "code": "stale_step", "status": 409, "title": "Answered already", "transaction": full() });
    let by_serde: Problem = serde_json::from_value(stale.clone()).unwrap();
    let read = problem(&stale);
    assert_eq!(
        (read.code, read.transaction),
        (Some(by_serde.code), by_serde.transaction.map(|inner| as_read_here(*inner)))
    );
    assert_eq!(problem(&json!({ "code": "rate_limited", "retryAfter": 9 })).retry_after, Some(9));
    assert_eq!(problem(&json!("a proxy's own words")).code, None);
}

#[test]
fn an_unknown_status_is_an_error() {
    assert_eq!(transaction(&json!({ "transaction": "t", "status": "LATER" })), None);
    assert_eq!(transaction(&json!([])), None);
}

#[test]
fn an_unknown_feature_is_ignored() {
    let newer = json!({ "transaction": "t", "status": "TERMINAL", "enabledFeatures": ["levitate", "unlock-account"] });
    assert_eq!(transaction(&newer).unwrap().enabled_features, [Feature::UnlockAccount]);
}
