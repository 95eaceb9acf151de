//! Completes a username that was typed without a domain, as configured (`transformUsername` in Okta's widget).

use super::answer_check::USERNAME_INPUTS;
use latchkey_contract::{Value, Values};

/// Appends the configured text to a username that has no `@`.
pub(super) fn complete(values: &mut Values, append: Option<&str>) {
    let Some(append) = append else { return };
    for name in USERNAME_INPUTS {
        let typed = values.get(name).and_then(Value::text).map(str::trim);
        let completed = typed.filter(|typed| !typed.is_empty() && !typed.contains('@'));
        if let Some(completed) = completed.map(|typed| format!("{typed}{append}")) {
            values.insert(name.to_owned(), completed.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::complete;
    use latchkey_contract::{Value, Values};

    #[test]
    fn a_username_without_a_domain_is_completed_and_no_other() {
        let completed = |typed: &str, append| {
            let mut values = Values::from([("username".to_owned(), Value::from(typed))]);
            complete(&mut values, append);
            values.get("username").and_then(Value::text).unwrap().to_owned()
        };
        assert_eq!(completed(" mary ", Some("@example.com")), "mary@example.com");
        assert_eq!(completed("mary@other.example", Some("@example.com")), "mary@other.example");
        assert_eq!(completed("", Some("@example.com")), "");
        assert_eq!(completed("mary", None), "mary");
    }
}
