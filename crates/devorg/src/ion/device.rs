//! Device challenges in Ion, and Okta Verify as three authenticators.

use serde_json::{Value, json};

use super::authenticator::AuthenticatorObject;
use super::builder::{CURRENT, DocumentBuilder, StepParts};
use super::form::{form, polling, related};
use crate::org::authenticator::{Authenticator, Method, SplitAuthenticator};
use crate::org::settings::access::DeviceRequirement;
use crate::org::settings::fastpass::{FastPassPolicy, PassOnMethod};
use crate::org::transaction::DeviceProof;

/// The member with the challenge before the user is known.
const CHALLENGE: &str = "authenticatorChallenge";
/// How long Okta Verify may take to sign.
const SIGNING_SECONDS: u64 = 300;

impl DocumentBuilder<'_> {
    /// The page polls while the device signs.
    pub(super) fn probe_device(&self, proof: &DeviceProof) -> StepParts {
        let policy = self.app.fastpass.clone().unwrap_or_default();
        if let Some(parts) = self.apple_extension(&policy, proof) {
            return parts;
        }
        let mut poll = form(self, "device-challenge-poll", "authenticators/poll", Vec::new());
        if let Some(poll) = poll.as_object_mut() {
            // As in Okta's documents, without a `$.`.
            poll.insert("relatesTo".to_owned(), json!(CHALLENGE));
        }
        let mut challenge = self.device_challenge(&policy, proof);
        if let Some(challenge) = challenge.as_object_mut() {
            challenge.insert("cancel".to_owned(), self.cancel_polling());
        }
        StepParts {
            forms: vec![polling(self, poll)],
            objects: vec![(CHALLENGE, json!({ "type": "object", "value": challenge }))],
        }
    }

    /// The same for an authenticator that the user chose.
    pub(super) fn device_as_authenticator(&self, proof: &DeviceProof) -> StepParts {
        let policy = self.app.fastpass.clone().unwrap_or_default();
        if let Some(parts) = self.apple_extension(&policy, proof) {
            return parts;
        }
        let challenge = json!({ "type": "object", "value": self.device_challenge(&policy, proof) });
        let object = AuthenticatorObject::authenticator(Authenticator::OktaVerify)
            .with_methods(&[Method::SignedNonce])
            .with("contextualData", json!({ "challenge": challenge }))
            .with("cancel", self.cancel_polling());
        let poll = related(self, "challenge-poll", "authenticators/poll", CURRENT, Vec::new());
        StepParts { forms: vec![polling(self, poll)], objects: vec![(CURRENT, object.wrapped())] }
    }

    /// What the device has to be enrolled in. The org plays that it is a phone.
    pub(super) fn device_enrollment(&self, what: DeviceRequirement) -> StepParts {
        let link = "https://devices.example.com/enroll";
        let by_vendor = |name: &str, vendor: &str| json!({ "name": name, "platform": "IOS", "vendor": vendor, "enrollmentLink": link });
        let value = match what {
            DeviceRequirement::Oda => json!({ "name": "oda", "platform": "IOS", "signInUrl": self.origin }),
            DeviceRequirement::Mdm => by_vendor("mdm", "Example Device Management"),
            DeviceRequirement::Ws1 => by_vendor("ws1", "VMware Workspace ONE"),
        };
        let object = json!({ "type": "object", "value": value });
        StepParts { forms: Vec::new(), objects: vec![("deviceEnrollment", object)] }
    }

    /// The button that starts Okta Verify.
    pub(super) fn launch_form(&self) -> Option<Value> {
        let is_offered = self.app.fastpass.as_ref().is_some_and(|fastpass| fastpass.button);
        is_offered
            .then(|| form(self, "launch-authenticator", "authenticators/okta-verify/launch", Vec::new()))
    }

    /// The methods of an authenticator for this user: FastPass on a device only where one is enrolled.
    pub(super) fn methods(&self, key: Authenticator) -> Vec<Method> {
        let has_device =
            self.app.fastpass.is_some() && self.user().is_some_and(|user| !user.device_keys.is_empty());
        let on_device = (key == Authenticator::OktaVerify && has_device).then_some(Method::SignedNonce);
        on_device.into_iter().chain(key.methods().iter().copied()).collect()
    }

    fn cancel_polling(&self) -> Value {
        form(self, "cancel-polling", "authenticators/poll/cancel", Vec::new())
    }

    fn apple_extension(&self, policy: &FastPassPolicy, proof: &DeviceProof) -> Option<StepParts> {
        if policy.method != PassOnMethod::AppleSsoExtension {
            return None;
        }
        let path =
            format!("authenticators/sso_extension/transactions/{}/verify", self.transaction.reference());
        let form = if proof.is_declined {
            form(self, "cancel-transaction", &format!("{path}/cancel"), Vec::new())
        } else {
            let request = json!({ "name": "challengeRequest", "required": true, "visible": false,
                "value": self.challenge_request(proof) });
            form(self, "device-apple-sso-extension", &path, vec![request])
        };
        Some(StepParts { forms: vec![form], objects: Vec::new() })
    }

    fn device_challenge(&self, policy: &FastPassPolicy, proof: &DeviceProof) -> Value {
        let request = self.challenge_request(proof);
        let port = policy.ports.first().copied().unwrap_or_default();
        match policy.method {
            PassOnMethod::Loopback => {
                let ports: Vec<String> = policy.ports.iter().map(u16::to_string).collect();
                let mut challenge = json!({
                    "challengeMethod": policy.method.name(),
                    "challengeRequest": request,
                    "domain": "http://localhost",
                    "ports": ports,
                    "probeTimeoutMillis": policy.probe_timeout_milliseconds,
                });
                if let Some(challenge) = challenge.as_object_mut().filter(|_| policy.chrome_permission) {
                    let help = "https://support.google.com/chrome/answer/114662";
                    let details = json!({ "chromeLNAHelpLink": help });
                    challenge.insert("chromeLocalNetworkAccessDetails".to_owned(), details);
                }
                challenge
            }
            PassOnMethod::CustomUri => json!({
                "challengeMethod": policy.method.name(),
                "href": format!("com-okta-authenticator:/deviceChallenge?challengeRequest={request}"),
                "downloadHref": "https://apps.apple.com/app/okta-verify/id490179405",
            }),
            PassOnMethod::UniversalLink | PassOnMethod::AppLink => json!({
                "challengeMethod": policy.method.name(),
                "href": format!("http://localhost:{port}/open?challengeRequest={request}"),
            }),
            PassOnMethod::ChromeDtc | PassOnMethod::AppleSsoExtension => json!({
                "challengeMethod": policy.method.name(),
                "href": format!("{}/idp/device/trust", self.origin),
            }),
        }
    }

    /// What the device signs: a JWS of the org, which the device verifies first.
    fn challenge_request(&self, proof: &DeviceProof) -> String {
        let since = |after: u64| proof.asked_at.after(std::time::Duration::from_secs(after)).millis() / 1000;
        self.keys.sign(&json!({
            "iss": self.origin,
            "aud": "okta-verify",
            "nonce": proof.nonce,
            "tx": self.transaction.reference(),
            "loginHint": self.transaction.identifier(),
            "iat": since(0),
            "exp": since(SIGNING_SECONDS),
        }))
    }
}

/// Makes three authenticators of Okta Verify, wherever the document has it.
pub(super) fn split_okta_verify(document: &mut Value) {
    for list in ["authenticators", "authenticatorEnrollments"] {
        split_list(document, list);
    }
    split_options(document);
    let Some(current) = document.pointer_mut("/currentAuthenticator/value") else { return };
    let method = current.pointer("/methods/0/type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_of_method = |split: &&SplitAuthenticator| split.method.name() == method;
    if let Some(split) = SplitAuthenticator::ALL.iter().find(is_of_method).filter(|_| is_okta_verify(current))
    {
        rename(current, split);
        set(current, "id", json!(split.id()));
    }
}

fn is_okta_verify(object: &Value) -> bool {
    object.get("key").and_then(Value::as_str) == Some(Authenticator::OktaVerify.name())
}

fn rename(object: &mut Value, split: &SplitAuthenticator) {
    set(object, "key", json!(split.key));
    set(object, "displayName", json!(split.label));
    set(object, "methods", json!([{ "type": split.method.name() }]));
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// The first method takes the place of the whole, and the others come last: other indices stay valid.
fn split_list(document: &mut Value, list: &str) {
    let Some(items) = document.pointer_mut(&format!("/{list}/value")).and_then(Value::as_array_mut) else {
        return;
    };
    let Some(whole) = items.iter().find(|item| is_okta_verify(item)).cloned() else { return };
    for (at, split) in SplitAuthenticator::ALL.iter().enumerate() {
        let mut part = whole.clone();
        rename(&mut part, split);
        // The user has one enrolment, and the org three authenticators.
        if list == "authenticators" {
            set(&mut part, "id", json!(split.id()));
        }
        match items.iter_mut().find(|item| at == 0 && is_okta_verify(item)) {
            Some(place) => *place = part,
            None => items.push(part),
        }
    }
}

/// One option for each authenticator, with its method fixed.
fn split_options(document: &mut Value) {
    let enrolled = document.pointer("/authenticatorEnrollments/value").and_then(Value::as_array);
    let keys: Vec<String> = enrolled
        .into_iter()
        .flatten()
        .map(|item| item.get("key").and_then(Value::as_str).unwrap_or_default().to_owned())
        .collect();
    let forms = document.pointer_mut("/remediation/value").and_then(Value::as_array_mut);
    for form in forms.into_iter().flatten() {
        let Some(options) = form.pointer_mut("/value/0/options").and_then(Value::as_array_mut) else {
            continue;
        };
        let whole = options.iter().position(|option| {
            option.get("label").and_then(Value::as_str) == Some(Authenticator::OktaVerify.label())
        });
        let Some(whole) = whole else { continue };
        let parts = SplitAuthenticator::ALL.iter().filter_map(|split| {
            let at = keys.iter().position(|enrolled| enrolled == split.key)?;
            let fields = json!([
                { "name": "id", "required": true, "value": split.id(), "mutable": false },
                { "name": "methodType", "required": false, "value": split.method.name(), "mutable": false },
            ]);
            Some(json!({
                "label": split.label,
                "value": { "form": { "value": fields } },
                "relatesTo": format!("$.authenticatorEnrollments.value[{at}]"),
            }))
        });
        options.splice(whole..=whole, parts.collect::<Vec<_>>());
    }
}
