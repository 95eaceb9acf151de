//! Translates what the page passes on to Okta Verify, and why it cannot.

use super::verification_terms::is_secure;
use latchkey_contract as contract;
use latchkey_contract::Value;
use latchkey_idx as idx;

/// Why the step is not the one that the person chose.
pub(super) fn left_device(transaction: &idx::Transaction) -> Option<contract::Message> {
    transaction.has_left_device.then(|| contract::Message {
        class: contract::MessageClass::Warning,
        message: "Okta FastPass cannot be used from this page. Choose another way.".to_owned(),
        i18n: Some(contract::I18n { key: "latchkey.fastpass.unreachable".to_owned(), params: Vec::new() }),
        ..contract::Message::default()
    })
}

/// The text of a message. An error that has a key alone and no words of ours is still said, in words that have translations.
pub(super) fn text_of(message: &idx::Message) -> String {
    if message.text.is_empty() && message.severity == Some(idx::Severity::Error) {
        "Something went wrong with this request. Start again, or contact your administrator.".to_owned()
    } else {
        message.text.clone()
    }
}

/// How the person sets Okta Verify up on this device, or has the device managed.
pub(super) fn set_up(transaction: &idx::Transaction) -> Option<contract::Message> {
    if let Some(enrollment) = &transaction.device_enrollment {
        return Some(match enrollment {
            idx::DeviceEnrollment::Managed { vendor, link } => {
                let text = "To sign in, enroll this device in the device management of your organization.";
                instruction("latchkey.device.managed", text, vendor.as_deref(), link.as_deref())
            }
            idx::DeviceEnrollment::Registered(address) => with_address(address, None),
        });
    }
    let context = &transaction.next_step.as_ref()?.authenticator.as_ref()?.context;
    // A link is all that a person needs.
    let set_up = context.set_up.as_ref().filter(|_| context.device_challenge.is_none())?;
    Some(match set_up {
        idx::DeviceSetUp::WithAddress { org, download_href } => with_address(org, download_href.as_deref()),
        idx::DeviceSetUp::FromDevices(devices) => {
            let text = "Open Okta Verify on the device that has your account, and add your account to another device.";
            instruction("latchkey.set.up.from.device", text, Some(devices), None)
        }
    })
}

fn with_address(address: &str, link: Option<&str>) -> contract::Message {
    let text =
        format!("Install Okta Verify on this device, and add an account there with the address {address}.");
    instruction("latchkey.set.up.with.address", &text, Some(address), link)
}

/// A message of ours with one parameter, and with a link if it is safe to follow.
fn instruction(key: &str, text: &str, param: Option<&str>, link: Option<&str>) -> contract::Message {
    let link = link.filter(|link| is_secure(link));
    contract::Message {
        class: contract::MessageClass::Warning,
        message: text.to_owned(),
        i18n: Some(contract::I18n {
            key: key.to_owned(),
            params: param.into_iter().map(Value::from).collect(),
        }),
        links: link
            .map(|url| contract::MessageLink { url: url.to_owned(), label: None })
            .into_iter()
            .collect(),
        ..contract::Message::default()
    }
}

/// The page passes the challenge on to the device that it runs on, which no server can reach.
pub(super) fn device_challenge(challenge: &idx::DeviceChallenge) -> Value {
    let revealed = |secret: &Option<idx::Secret>| secret.as_ref().map(|secret| secret.reveal().into());
    let text = |text: &Option<String>| text.as_ref().map(|text| text.as_str().into());
    object([
        ("method", Some(challenge.method.as_str().into())),
        ("challengeRequest", revealed(&challenge.challenge_request)),
        ("addresses", Some(texts(&challenge.addresses))),
        ("probeTimeout", challenge.probe_timeout.try_into().ok().map(Value::Integer)),
        ("needsPermission", Some(challenge.needs_permission.into())),
        ("permissionHelp", text(&challenge.permission_help)),
        ("href", revealed(&challenge.href)),
        ("downloadHref", text(&challenge.download_href)),
    ])
}

/// How the page has an app on the device make it fulfil a policy.
pub(super) fn device_call(call: &idx::DeviceCall) -> Value {
    let fallback = call.fallback.as_deref();
    object([
        ("addresses", Some(texts(&call.addresses))),
        ("path", Some(call.path.as_str().into())),
        ("probeTimeout", call.probe_timeout.try_into().ok().map(Value::Integer)),
        ("fallback", fallback.map(|message| message.text.as_str().into())),
        ("fallbackKey", fallback.and_then(|message| message.key.as_deref()).map(Into::into)),
    ])
}

fn texts(all: &[String]) -> Value {
    Value::List(all.iter().map(|text| text.as_str().into()).collect())
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    Value::Object(members.into_iter().filter_map(|(name, member)| Some((name.to_owned(), member?))).collect())
}
