//! Consent, device assurance and grace periods.

use std::collections::BTreeMap;

use serde_json::json;

use super::{IdentityEngine, Outcome};
use crate::org::message::{self, Message, MessageTarget, Refusal};
use crate::org::settings::access::ConsentPolicy;
use crate::org::transaction::{EnrollmentOffer, Skipped, Step};

/// The common part of the keys about devices.
const DEVICE: &str = "idx.error.code.access_denied.device_assurance.remediation";
/// The key of the message after a refused consent.
const CONSENT_REFUSED: &str = "idx.operation.cancelled.by.user";
/// A page for administrators' help, which does not exist.
const HELP: &str = "https://help.example.com/devices";

impl IdentityEngine<'_> {
    /// The user allowed the scopes, or some of them, or none.
    pub(super) fn consent(&mut self, allow: bool, scopes: &BTreeMap<String, bool>) -> Outcome {
        let policy = match self.transaction.step.clone() {
            Step::Consent(policy) => policy,
            Step::EmailConsent(opened) => return self.decide_email_link(opened, allow),
            _ => return Err(message::bad_request()),
        };
        if let (false, Some(device_code)) = (allow, self.transaction.device_code.clone()) {
            self.device_denied(&device_code);
            return Ok(());
        }
        if !allow {
            self.transaction.move_to(Step::Ended { messages: vec![consent_refused()], cancel: true });
            return Ok(());
        }
        if policy == ConsentPolicy::Granular {
            let is_granted = |scope: &String| is_fixed_scope(scope) || scopes.get(scope) == Some(&true);
            self.transaction.request.scopes.retain(is_granted);
        }
        let (client, granted) =
            (self.transaction.request.client_id.clone(), self.transaction.request.scopes.clone());
        self.require_user()?.consents.insert(client, granted);
        self.transaction.consented = true;
        self.advance()
    }

    /// What the user skipped by not enrolling. In a grace period each authenticator counts its skips.
    pub(super) fn skip_enrolment(&mut self, offer: &EnrollmentOffer) -> Result<Skipped, Refusal> {
        let now = self.now;
        let graces = self.app()?.enrollment_grace.clone();
        let user = self.require_user()?;
        let mut skipped = Skipped::Enrolment;
        for key in &offer.keys {
            let count = user.grace_skips.get(key).copied().unwrap_or_default();
            if graces.get(key).is_some_and(|grace| grace.is_active(now, count)) {
                user.grace_skips.insert(*key, count + 1);
                skipped = Skipped::GraceEnrolment;
            }
        }
        Ok(skipped)
    }

    /// Warns that the device does not fulfil the policy.
    pub(super) fn warn_of_device(&mut self, grace_days: u64) {
        let until = self.now.after(crate::clock::minutes(grace_days * 24 * 60));
        self.transaction.move_to(Step::DeviceWarning);
        let day: String = until.iso().chars().take(10).collect();
        let text = format!("Your device doesn't meet the security requirements. Fix the issue by {day}.");
        let key = "idx.device_assurance.grace_period.warning.title.due_by_date";
        let title = Message::warning(key, text).with_param(until.iso());
        let messages = std::iter::once(title).chain(self.device_messages());
        let messages: Vec<Message> = messages.collect();
        self.transaction.notices.extend(messages.into_iter().map(|message| (MessageTarget::Top, message)));
    }

    /// Access is denied because of the device, with what to do.
    pub(super) fn refusal_of_device(&self) -> Refusal {
        let title = "Your device doesn't meet the security requirements";
        let title = Message::error(&format!("{DEVICE}.title"), title);
        let messages = std::iter::once(title).chain(self.device_messages());
        Refusal {
            status: 403,
            messages: messages.map(|message| (MessageTarget::Top, message)).collect(),
            terminal: true,
        }
    }

    /// What is wrong with the device, with a heading for each way to make it right.
    fn device_messages(&self) -> Vec<Message> {
        let policy = self.app().ok().and_then(|app| app.device_assurance.as_ref());
        let ports = policy.map(|policy| policy.app_ports.as_slice()).unwrap_or_default();
        device_messages(ports)
    }
}

/// The path at which the app listens on the device, and what it is asked to do.
pub(crate) const APP_PATH: &str = "azt";
pub(crate) const APP_ACTION: &str = "install-android-device-policy";
/// How long a page waits for the app at one port.
const PROBE_TIMEOUT_MS: u64 = 3_000;

/// What an app at these ports can do about the device.
fn by_app(ports: &[u16]) -> Option<Message> {
    let text = "Install the Android Device Policy app";
    let key = format!("{DEVICE}.android.zero.trust.android_device_policy_app_required");
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    let remediation = json!({
        "name": APP_ACTION,
        "remediationType": "LOOPBACK",
        "remediationPath": APP_PATH,
        "action": APP_ACTION,
        "platform": "ANDROID",
        "domain": "http://localhost",
        "ports": ports,
        "probeTimeoutMillis": PROBE_TIMEOUT_MS,
        "fallback": { "type": "APP_LINK", "href": HELP },
    });
    let message = Message { device_remediation: Some(remediation), ..Message::error(&key, text) };
    (!ports.is_empty()).then_some(message)
}

fn device_messages(ports: &[u16]) -> Vec<Message> {
    let message = |key: &str, text: &str| Message::error(&format!("{DEVICE}.{key}"), text);
    let second = by_app(ports).unwrap_or_else(|| {
        message("windows.use_biometric_lock_screen", "Turn on a lock screen with biometrics")
    });
    vec![
        message("explanation_multiple_rules", "To sign in, pick one of the following options and make the updates. Then, access the app again."),
        message("option_index", "Option 1:").with_param("1"),
        message("windows.upgrade_os_version", "Update to Windows 11").with_param("11").with_link(HELP),
        message("option_index", "Option 2:").with_param("2"),
        second,
        message("additional_help_default", "For more information, follow the instructions on the help page or contact your administrator for help.")
            .with_link(HELP),
    ]
}

/// The message of a consent that was refused.
pub(super) fn consent_refused() -> Message {
    Message::info(CONSENT_REFUSED, "Operation cancelled by user.")
}

/// Whether the flow ended because the user did not allow the scopes.
pub(crate) fn is_consent_refused(step: &Step) -> bool {
    matches!(step, Step::Ended { messages, .. } if messages.iter().any(|message| message.key == CONSENT_REFUSED))
}

/// Whether a scope cannot be refused on its own.
pub(crate) fn is_fixed_scope(scope: &str) -> bool {
    scope == "openid"
}
