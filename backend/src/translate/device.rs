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
        links: Vec::new(),
    })
}

/// The page passes the challenge on to the device that it runs on, which no server can reach.
pub(super) fn device_challenge(challenge: &idx::DeviceChallenge) -> Value {
    let revealed = |secret: &Option<idx::Secret>| secret.as_ref().map(|secret| secret.reveal().into());
    let text = |text: &Option<String>| text.as_ref().map(|text| text.as_str().into());
    let members = [
        ("method", Some(challenge.method.as_str().into())),
        ("challengeRequest", revealed(&challenge.challenge_request)),
        ("addresses", Some(Value::List(challenge.addresses.iter().map(|it| it.as_str().into()).collect()))),
        ("probeTimeout", challenge.probe_timeout.try_into().ok().map(Value::Integer)),
        ("needsPermission", Some(challenge.needs_permission.into())),
        ("permissionHelp", text(&challenge.permission_help)),
        ("href", revealed(&challenge.href)),
        ("downloadHref", text(&challenge.download_href)),
    ];
    Value::Object(members.into_iter().filter_map(|(name, member)| Some((name.to_owned(), member?))).collect())
}
