//! Translates what the page passes on to Okta Verify, and why it cannot.

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
