//! How a flow ended, from the org's last messages.

use crate::text::Phrase;
use latchkey_contract::route::Entry;
use latchkey_contract::{Message, MessageClass};

/// How a flow ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) heading: Phrase,
    pub(crate) class: MessageClass,
}

impl Ended {
    /// Where the person can start again. What is left to do is elsewhere if the org says so; an end that is unknown has a way on.
    pub(crate) fn entry(&self) -> Option<Entry> {
        match self.heading {
            Phrase::EndedDeviceActivated | Phrase::EndedOtherTab => None,
            Phrase::EndedDeviceNotActivated => Some(Entry::Activate),
            _ => Some(Entry::SignIn),
        }
    }
}

/// How the keys of our server's messages about this device begin.
const OF_THIS_DEVICE: &str = "latchkey.";

/// How a flow ended, from the org's last messages.
pub(super) fn ended(messages: &[Message]) -> Ended {
    let class = messages.first().map_or(MessageClass::Error, |message| message.class);
    let key =
        messages.iter().filter_map(|message| message.i18n.as_ref()).map(|i18n| i18n.key.as_str()).next();
    let heading = match key.unwrap_or_default() {
        "idx.session.expired" | "core.system.transaction_resource_not_found" => Phrase::EndedExpired,
        "idx.recovery.completed" => Phrase::EndedPasswordReset,
        "oie.selfservice.unlock_user.success.message"
        | "oie.selfservice.unlock_user.landing.to.app.success.message" => Phrase::EndedUnlocked,
        key if key.starts_with(OF_THIS_DEVICE) => Phrase::DeviceWarning,
        "idx.device.activated" => Phrase::EndedDeviceActivated,
        "idx.device.not.activated.consent.denied" | "idx.device.not.activated.internal.error" => {
            Phrase::EndedDeviceNotActivated
        }
        "idx.email.verification.required" | "idx.request.activation.email" => Phrase::EndedCheckEmail,
        "idx.return.link.expired" | "idx.return.stale" | "idx.expired.activation.token" => {
            Phrase::EndedLinkExpired
        }
        "idx.return.error"
        | "idx.missing.activation.token"
        | "idx.invalid.reset.password.token"
        | "idx.invalid.forgot.password.token"
        | "oie.invalid.recovery.token" => Phrase::EndedLinkInvalid,
        "idx.return.to.original.tab" | "idx.transferred.to.new.tab" | "idx.enter.otp.in.original.tab" => {
            Phrase::EndedOtherTab
        }
        "idx.operation.cancelled.by.user" | "idx.operation.cancelled.on.other.device" => {
            Phrase::EndedCancelled
        }
        _ => match class {
            MessageClass::Error => Phrase::EndedError,
            MessageClass::Warning | MessageClass::Info => Phrase::EndedInfo,
        },
    };
    Ended { heading, class }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::I18n;

    fn notices(class: MessageClass, key: &str) -> Message {
        let i18n = (!key.is_empty()).then(|| I18n { key: key.into(), params: vec![] });
        Message { class, message: "…".into(), i18n, ..Message::default() }
    }

    #[test]
    fn a_known_end_has_a_heading_of_its_own() {
        for (key, heading) in [
            ("idx.session.expired", Phrase::EndedExpired),
            ("idx.recovery.completed", Phrase::EndedPasswordReset),
            ("idx.device.activated", Phrase::EndedDeviceActivated),
            ("oie.selfservice.unlock_user.success.message", Phrase::EndedUnlocked),
            ("oie.selfservice.unlock_user.landing.to.app.success.message", Phrase::EndedUnlocked),
            ("latchkey.device.managed", Phrase::DeviceWarning),
            ("idx.request.activation.email", Phrase::EndedCheckEmail),
            ("idx.return.link.expired", Phrase::EndedLinkExpired),
            ("idx.invalid.reset.password.token", Phrase::EndedLinkInvalid),
            ("idx.enter.otp.in.original.tab", Phrase::EndedOtherTab),
            ("idx.operation.cancelled.by.user", Phrase::EndedCancelled),
        ] {
            assert_eq!(ended(&[notices(MessageClass::Info, key)]).heading, heading, "{key}");
        }
    }

    #[test]
    fn any_other_end_has_the_severity_of_its_first_message() {
        let end = |messages: &[Message]| (ended(messages).heading, ended(messages).class);
        assert_eq!(end(&[]), (Phrase::EndedError, MessageClass::Error));
        assert_eq!(
            end(&[notices(MessageClass::Error, "new.key")]),
            (Phrase::EndedError, MessageClass::Error)
        );
        let unknown = ended(&[notices(MessageClass::Info, "new.key")]);
        assert_eq!(unknown.entry(), Some(Entry::SignIn), "no dead end");
        assert_eq!(ended(&[notices(MessageClass::Info, "idx.return.to.original.tab")]).entry(), None);
        let both = [notices(MessageClass::Info, ""), notices(MessageClass::Error, "new.key")];
        assert_eq!(end(&both), (Phrase::EndedInfo, MessageClass::Info));
    }
}
