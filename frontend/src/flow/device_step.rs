//! Steps that Okta Verify on this device completes (FastPass).

use super::alternative::Alternative;
use super::screen::{DeviceStep, DeviceTask};
use super::step_reader::StepReader;
use crate::text::Phrase;
use latchkey_contract::{Step, Transaction, Value};

/// The step that starts Okta Verify.
pub(crate) const LAUNCH: &str = "launch-authenticator";

/// The step of the button that has a card read.
pub(crate) const CARD_BUTTON: &str = "launch-nfc-authenticator";

/// How Okta Verify is started: after it was opened by this address, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Launch {
    pub(crate) href: Option<String>,
}

/// How Okta Verify is started from the first page.
pub(super) fn launch(transaction: &Transaction) -> Option<Launch> {
    let step = transaction.available_steps.iter().find(|step| step.name == LAUNCH)?;
    Some(Launch { href: challenge(step).and_then(|challenge| text(challenge, "href")) })
}

/// The available steps that leave a challenge.
const CANCELS: [&str; 2] = ["authenticatorChallenge-cancel", "currentAuthenticator-cancel"];

/// What Okta Verify signs, or the address that opens it.
pub(super) fn challenge(step: &Step) -> Option<&Value> {
    step.authenticator.as_ref()?.contextual_data.as_ref()?.device_challenge.as_ref()
}

impl StepReader<'_> {
    /// The screen of a challenge. It polls meanwhile.
    pub(super) fn device_step(&self, challenge: &Value) -> DeviceStep {
        let cancel =
            self.transaction.available_steps.iter().find(|step| CANCELS.contains(&step.name.as_str()));
        let cancel = cancel.map(|step| step.name.clone());
        let leave = cancel.clone().map(|step| Alternative::Take(step, Phrase::WithoutFastPass));
        let task = match text(challenge, "href") {
            Some(href) => DeviceTask::Open { href, download: text(challenge, "downloadHref") },
            None => DeviceTask::Pass(challenge.clone()),
        };
        let alternatives = match self.step.name.as_str() {
            "enroll-poll" => self.other_alternatives(),
            _ => leave.into_iter().chain([Alternative::Cancel]).collect(),
        };
        DeviceStep { task, cancel, alternatives }
    }

    /// The screen of an org that takes nothing but FastPass.
    pub(super) fn launch_step(&self) -> DeviceStep {
        let href = challenge(self.step).and_then(|challenge| text(challenge, "href"));
        DeviceStep {
            task: DeviceTask::Launch { href },
            cancel: None,
            alternatives: vec![Alternative::Cancel],
        }
    }
}

/// A text of a challenge.
pub(crate) fn text(challenge: &Value, name: &str) -> Option<String> {
    let Value::Object(members) = challenge else { return None };
    members.get(name)?.text().map(str::to_owned)
}

/// A flag of a challenge.
pub(crate) fn flag(challenge: &Value, name: &str) -> bool {
    matches!(challenge, Value::Object(members) if members.get(name) == Some(&Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use super::super::screen::Screen;
    use super::super::screen_of_step::{screen, sign_in_form};
    use super::*;
    use latchkey_contract::{Authenticator, ContextualData, Status, Values};

    /// A step with a challenge of these members.
    fn asking(name: &str, members: &[(&str, &str)]) -> Step {
        let members = members.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text)));
        let challenge = Some(Value::Object(members.collect()));
        let contextual_data =
            Some(ContextualData { device_challenge: challenge, ..ContextualData::default() });
        let authenticator = Some(Authenticator { contextual_data, ..Authenticator::default() });
        Step { name: name.to_owned(), authenticator, ..Step::default() }
    }

    fn named(name: &str) -> Step {
        Step { name: name.to_owned(), ..Step::default() }
    }

    fn at(next: Step, others: Vec<Step>) -> Transaction {
        Transaction {
            transaction: "t1".into(),
            status: Status::Pending,
            next_step: Some(next),
            available_steps: others,
            ..Transaction::default()
        }
    }

    fn shown(transaction: &Transaction) -> DeviceStep {
        match screen(transaction, transaction.next_step.as_ref(), &Values::new()) {
            Screen::Device(step) => step,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_challenge_is_passed_on_and_its_cancel_form_is_the_way_out() {
        for (name, cancel) in [
            ("device-challenge-poll", "authenticatorChallenge-cancel"),
            ("challenge-poll", "currentAuthenticator-cancel"),
        ] {
            let waiting =
                at(asking(name, &[("challengeRequest", "a.b.c")]), vec![named("cancel"), named(cancel)]);
            let DeviceStep { task, cancel: leave, alternatives } = shown(&waiting);
            assert!(
                matches!(task, DeviceTask::Pass(challenge) if text(&challenge, "challengeRequest").is_some())
            );
            assert_eq!(leave.as_deref(), Some(cancel));
            let out = Alternative::Take(cancel.to_owned(), Phrase::WithoutFastPass);
            assert_eq!(alternatives, [out, Alternative::Cancel]);
        }
    }

    #[test]
    fn a_challenge_with_an_address_opens_the_app() {
        let waiting = at(asking("challenge-poll", &[("href", "com-okta-authenticator:/x")]), vec![]);
        let expected = DeviceTask::Open { href: "com-okta-authenticator:/x".into(), download: None };
        assert_eq!(shown(&waiting).task, expected);
    }

    #[test]
    fn okta_verify_is_started_by_a_button_beside_the_username_or_by_a_page_of_its_own() {
        let first =
            at(named("identify"), vec![named("identify"), asking(LAUNCH, &[("href", "https://a.example/")])]);
        assert_eq!(launch(&first), Some(Launch { href: Some("https://a.example/".into()) }));
        assert_eq!(sign_in_form(&first, first.next_step.as_ref()), None, "the late part has the button");
        assert_eq!(launch(&at(named("identify"), vec![])), None);
        let alone = at(named(LAUNCH), vec![]);
        assert_eq!(shown(&alone).task, DeviceTask::Launch { href: None });
    }
}
