//! The path of each step.

use crate::percent;
use latchkey_contract::route::{Entry, HOME, TERMINAL};
use latchkey_contract::{Status, Step, Transaction};

/// The path of a step of a flow.
pub(crate) fn path(transaction: &Transaction, step: Option<&Step>) -> String {
    match (transaction.status, step) {
        (Status::Success, _) => HOME.to_owned(),
        (Status::Canceled, _) => Entry::SignIn.path().to_owned(),
        (Status::Terminal, _) | (Status::Pending, None) => TERMINAL.to_owned(),
        (Status::Pending, Some(step)) => step_path(step),
    }
}

fn step_path(step: &Step) -> String {
    let key = step.authenticator.as_ref().map_or("", |authenticator| &authenticator.key);
    match step.name.as_str() {
        "identify" | "redirect-idp" => Entry::SignIn.path().to_owned(),
        "identify-recovery" => Entry::RecoverPassword.path().to_owned(),
        "enroll-profile" => Entry::SignUp.path().to_owned(),
        "select-authenticator-unlock-account" | "unlock-account" => Entry::UnlockAccount.path().to_owned(),
        "select-authenticator-authenticate" | "select-authenticator-enroll" => {
            "/select-authenticator".to_owned()
        }
        "user-code" => Entry::Activate.path().to_owned(),
        "reset-authenticator" => "/reset-password".to_owned(),
        "challenge-authenticator" => at("/challenge-authenticator", key, ""),
        "challenge-poll" => at("/challenge-authenticator", key, "/poll"),
        "authenticator-verification-data" => at("/verify-authenticator", key, ""),
        "enroll-authenticator" => at("/enroll-authenticator", key, ""),
        "authenticator-enrollment-data" => at("/enroll-authenticator", key, "/enrollment-data"),
        "enroll-poll" => at("/enroll-authenticator", key, "/poll"),
        "select-enrollment-channel" => at("/enroll-authenticator", key, "/select-enrollment-channel"),
        "enrollment-channel-data" => at("/enroll-authenticator", key, "/enrollment-channel-data"),
        other => at("/step", other, ""),
    }
}

fn at(room: &str, name: &str, rest: &str) -> String {
    [room, "/", &percent::encoded(name), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::{Authenticator, route::is_page};

    fn pending(name: &str, key: &str) -> String {
        let step = Step {
            name: name.into(),
            authenticator: Some(Authenticator { key: key.into(), ..Authenticator::default() }),
            ..Step::default()
        };
        path(&transaction(Status::Pending), Some(&step))
    }

    fn transaction(status: Status) -> Transaction {
        Transaction { status, ..Transaction::default() }
    }

    #[test]
    fn every_step_has_its_path() {
        for (name, expected) in [
            ("identify", "/login"),
            ("identify-recovery", "/recover-password"),
            ("enroll-profile", "/register"),
            ("select-authenticator-authenticate", "/select-authenticator"),
            ("select-authenticator-enroll", "/select-authenticator"),
            ("challenge-authenticator", "/challenge-authenticator/okta_email"),
            ("challenge-poll", "/challenge-authenticator/okta_email/poll"),
            ("authenticator-verification-data", "/verify-authenticator/okta_email"),
            ("enroll-authenticator", "/enroll-authenticator/okta_email"),
            ("authenticator-enrollment-data", "/enroll-authenticator/okta_email/enrollment-data"),
            ("enroll-poll", "/enroll-authenticator/okta_email/poll"),
            ("select-enrollment-channel", "/enroll-authenticator/okta_email/select-enrollment-channel"),
            ("enrollment-channel-data", "/enroll-authenticator/okta_email/enrollment-channel-data"),
            ("reset-authenticator", "/reset-password"),
            ("select-authenticator-unlock-account", "/unlock-account"),
            ("unlock-account", "/unlock-account"),
            ("user-code", "/activate"),
            ("consent", "/step/consent"),
        ] {
            assert_eq!(pending(name, "okta_email"), expected);
            assert!(is_page(expected), "{expected}");
        }
    }

    #[test]
    fn an_end_has_a_path_too() {
        assert_eq!(path(&transaction(Status::Terminal), None), "/terminal");
        assert_eq!(path(&transaction(Status::Success), None), "/");
        assert_eq!(path(&transaction(Status::Canceled), None), "/login");
    }

    #[test]
    fn a_name_from_the_org_cannot_leave_its_segment_of_the_path() {
        assert_eq!(pending("a/../b?c#d", ""), "/step/a%2F..%2Fb%3Fc%23d");
    }
}
