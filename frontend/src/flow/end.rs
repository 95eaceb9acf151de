//! How a flow ended, from what the org says last.

use crate::text::Line;
use latchkey_contract::{Message, MessageClass};

/// How a flow ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) heading: Line,
    pub(crate) class: MessageClass,
}

/// How a flow ended, from what the org says last.
pub(super) fn ended(messages: &[Message]) -> Ended {
    let class = messages.first().map_or(MessageClass::Error, |message| message.class);
    let key =
        messages.iter().filter_map(|message| message.i18n.as_ref()).map(|i18n| i18n.key.as_str()).next();
    let heading = match key.unwrap_or_default() {
        "idx.session.expired" | "core.system.transaction_resource_not_found" => Line::EndedExpired,
        "idx.recovery.completed" => Line::EndedPasswordReset,
        "oie.selfservice.unlock_user.success.message" => Line::EndedUnlocked,
        "idx.email.verification.required" | "idx.request.activation.email" => Line::EndedCheckEmail,
        "idx.return.link.expired" | "idx.return.stale" | "idx.expired.activation.token" => {
            Line::EndedLinkExpired
        }
        "idx.return.to.original.tab" | "idx.transferred.to.new.tab" | "idx.enter.otp.in.original.tab" => {
            Line::EndedOtherTab
        }
        "idx.operation.cancelled.by.user" | "idx.operation.cancelled.on.other.device" => Line::EndedCancelled,
        _ => match class {
            MessageClass::Error => Line::EndedError,
            MessageClass::Warning | MessageClass::Info => Line::EndedInfo,
        },
    };
    Ended { heading, class }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::I18n;

    fn said(class: MessageClass, key: &str) -> Message {
        let i18n = (!key.is_empty()).then(|| I18n { key: key.into(), params: vec![] });
        Message { class, message: "…".into(), i18n }
    }

    #[test]
    fn a_known_end_has_a_heading_of_its_own() {
        for (key, heading) in [
            ("idx.session.expired", Line::EndedExpired),
            ("idx.recovery.completed", Line::EndedPasswordReset),
            ("oie.selfservice.unlock_user.success.message", Line::EndedUnlocked),
            ("idx.request.activation.email", Line::EndedCheckEmail),
            ("idx.return.link.expired", Line::EndedLinkExpired),
            ("idx.enter.otp.in.original.tab", Line::EndedOtherTab),
            ("idx.operation.cancelled.by.user", Line::EndedCancelled),
        ] {
            assert_eq!(ended(&[said(MessageClass::Info, key)]).heading, heading, "{key}");
        }
    }

    #[test]
    fn any_other_end_is_as_good_or_bad_as_what_is_said_first() {
        let end = |messages: &[Message]| (ended(messages).heading, ended(messages).class);
        assert_eq!(end(&[]), (Line::EndedError, MessageClass::Error));
        assert_eq!(end(&[said(MessageClass::Error, "new.key")]), (Line::EndedError, MessageClass::Error));
        let both = [said(MessageClass::Info, ""), said(MessageClass::Error, "new.key")];
        assert_eq!(end(&both), (Line::EndedInfo, MessageClass::Info));
    }
}
