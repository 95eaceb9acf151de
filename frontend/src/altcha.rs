//! ALTCHA: the solution as the org takes it. The search for the number is `latchkey_altcha`.

use crate::values;
use latchkey_contract::{AltchaTask, Value, Values};

/// The solution as JSON, in the order of Okta's widget. `took` is in milliseconds.
pub(crate) fn solution(task: AltchaTask, number: u32, took: u32) -> String {
    let AltchaTask { algorithm, challenge, salt, signature, max_number: _, expires_in: _ } = task;
    values::json(&Values::from([
        ("algorithm".to_owned(), Value::Text(algorithm)),
        ("challenge".to_owned(), Value::Text(challenge)),
        ("number".to_owned(), Value::Integer(number.into())),
        ("salt".to_owned(), Value::Text(salt)),
        ("signature".to_owned(), Value::Text(signature)),
        ("took".to_owned(), Value::Integer(took.into())),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_is_written_in_the_order_of_the_widget() {
        let task = AltchaTask {
            algorithm: "SHA-256".into(),
            challenge: "c0ffee".into(),
            max_number: 5,
            salt: "pepper".into(),
            signature: "s".into(),
            expires_in: None,
        };
        assert_eq!(
            solution(task, 1, 12),
            r#"{"algorithm":"SHA-256","challenge":"c0ffee","number":1,"salt":"pepper","signature":"s","took":12}"#
        );
    }
}
