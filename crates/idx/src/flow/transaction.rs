//! A transaction: the status of a flow, its next step, the other available steps, and the org's messages.

use super::authenticator::owned_text;
use super::captcha::Captcha;
use super::consent::ConsentForm;
use super::device_set_up::DeviceEnrollment;
use super::features::features;
use super::flow_user::FlowUser;
use super::message::Message;
use super::position::Position;
use super::rules::{FormRule, UNKNOWN_FORM, available_rule, rule};
use super::step::Step;
use super::step_draft::{draft_action, draft_step};
use crate::protocol::document::{Document, Remediation};
use crate::protocol::names::{AuthenticatorKey, Feature, Status, StepName};

/// The state of a flow, by the names of Okta's guides.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// Whether a step is waiting, the flow has succeeded, or it has ended.
    pub status: Status,
    /// The step to present to the person.
    pub next_step: Option<Step>,
    /// Every way to continue: the forms that are known or have visible fields, then the actions. An answer chooses one with
    /// `step`.
    pub available_steps: Vec<Step>,
    /// The CAPTCHA of the page, if a step asks for its token.
    pub captcha: Option<Captcha>,
    /// Whether the person chose Okta Verify on this device, and the flow left that step because the page cannot reach it.
    pub has_left_device: bool,
    /// What the org demands of this device before a person signs in on it.
    pub device_enrollment: Option<DeviceEnrollment>,
    /// The account, from the moment that the org knows it.
    pub user: Option<FlowUser>,
    /// The app's name for people.
    pub app: Option<String>,
    /// What the org offers besides signing in.
    pub enabled_features: Vec<Feature>,
    /// The org's messages, about the page and about single inputs.
    pub messages: Vec<Message>,
}

impl Transaction {
    /// `ports` are those at which the page may reach Okta Verify on the person's device.
    pub(crate) fn read(document: &Document, position: Position, ports: &[u16]) -> Self {
        let identifier = document.container("user").and_then(|user| user.text("identifier"));
        let form_step = |form, rule| {
            let mut step = form_step(form, rule);
            if let Some(authenticator) = &mut step.authenticator {
                let is_card = authenticator.key == Some(AuthenticatorKey::NfcPin);
                let needs_ports = !is_card && step.name != StepName::EnrollPoll;
                let challenge = authenticator.context.device_challenge.take();
                let challenge = challenge.and_then(|challenge| match needs_ports {
                    true => challenge.reachable(ports),
                    false => challenge.opened_by_address(),
                });
                authenticator.context.device_challenge =
                    challenge.map(|challenge| challenge.with_login_hint(identifier));
            }
            step
        };
        let action_names: Vec<_> =
            document.actions().into_iter().map(|action| (action, action.full_name())).collect();
        let can_resend = action_names.iter().any(|(_, name)| name.contains("resend"));
        let next_step = match position {
            Position::AtForm(index) => document.form_at(index).map(|form| {
                let can_skip = document.find_form("skip").is_some();
                Step { can_skip, can_resend, ..form_step(form, rule(form)) }
            }),
            Position::NoForm | Position::Canceled => None,
        };
        // These buttons have nothing to fill in. A card needs no port, since an app reads it, and a passkey needs none.
        let launch_rule = |form: Remediation<'_>| {
            let is_offered = match form.name() {
                "launch-authenticator" => !ports.is_empty(),
                "launch-nfc-authenticator" | "launch-webauthn-authenticator" => true,
                _ => false,
            };
            is_offered.then_some(&UNKNOWN_FORM)
        };
        let forms = document
            .forms()
            .filter_map(|form| Some(form_step(form, available_rule(form).or_else(|| launch_rule(form))?)));
        let actions = action_names.iter().map(|(action, name)| Step::read(&draft_action(*action, name)));
        Self {
            status: status(document, position),
            next_step,
            available_steps: forms.chain(actions).collect(),
            captcha: Captcha::read(document),
            has_left_device: false,
            device_enrollment: DeviceEnrollment::read(document),
            user: FlowUser::read(document),
            app: document.container("app").and_then(|app| owned_text(app, "label")),
            enabled_features: features(document),
            messages: document
                .messages()
                .into_iter()
                .map(|message| Message::read_with_ports(message, ports))
                .collect(),
        }
    }
}

fn form_step(form: Remediation<'_>, rule: &'static FormRule) -> Step {
    Step { consent: ConsentForm::read(form), ..Step::read(&draft_step(form, rule)) }
}

/// The status. An ended flow takes precedence over a cancelled one, and that over an interaction code.
pub(crate) fn status(document: &Document, position: Position) -> Status {
    if document.is_terminal() {
        Status::Terminal
    } else if position == Position::Canceled {
        Status::Canceled
    } else if document.interaction_code().is_some() {
        Status::Success
    } else {
        Status::Pending
    }
}
