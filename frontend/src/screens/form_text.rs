//! The texts around a form: its heading, its lead and its button.

use crate::flow::form_kind::{CodeSource, FormKind};
use crate::text::{Phrase, Text};

/// The heading of a page.
pub(crate) fn heading(kind: &FormKind, text: Text) -> String {
    let line = match kind {
        FormKind::SignIn => Phrase::SignIn,
        FormKind::SignUp => Phrase::SignUp,
        FormKind::Profile => Phrase::Profile,
        FormKind::ResetPassword => Phrase::ResetPassword,
        FormKind::UnlockAccount => Phrase::UnlockAccount,
        FormKind::Choose => Phrase::Choose,
        FormKind::MessageType => Phrase::MessageType,
        FormKind::HowToVerify(name) => return text.phrase_with(Phrase::HowToVerify, name),
        FormKind::Channel(name) => return text.phrase_with(Phrase::HowToSetUp, name),
        FormKind::ChannelAddress(name) => return text.phrase_with(Phrase::WhereToSend, name),
        FormKind::Phone => Phrase::Phone,
        FormKind::Password => Phrase::EnterPassword,
        FormKind::SetPassword => Phrase::SetPassword,
        FormKind::ExpiredPassword => Phrase::PasswordExpired,
        FormKind::ExpiringPassword(_) => Phrase::PasswordExpires,
        FormKind::Code(_) => Phrase::EnterCode,
        FormKind::EnrollApp { name, .. } => return text.phrase_with(Phrase::SetUpApp, name),
        FormKind::EnrollQuestion => Phrase::EnrollQuestion,
        FormKind::CardPin => Phrase::CardPin,
        FormKind::NewCardPin => Phrase::NewCardPin,
        FormKind::Answer(_) => Phrase::AnswerQuestion,
        FormKind::Consent(_) => Phrase::Consent,
        FormKind::EmailConsent(_) => Phrase::EmailConsent,
        FormKind::DeviceWarning => Phrase::DeviceWarning,
        FormKind::ActivateDevice => Phrase::ActivateDevice,
        FormKind::StaySignedIn => Phrase::StaySignedIn,
        FormKind::ReadCard | FormKind::General(_) => Phrase::General,
    };
    text.phrase(line)
}

/// The lead: the text between the heading and the fields.
pub(crate) fn lead(kind: &FormKind, text: Text) -> Vec<String> {
    let line = match kind {
        FormKind::MessageType => Phrase::MessageTypeLead,
        FormKind::ActivateDevice => Phrase::ActivateDeviceLead,
        FormKind::ReadCard => Phrase::CardLead,
        FormKind::ExpiredPassword => Phrase::PasswordExpiredLead,
        FormKind::ExpiringPassword(Some(days)) => {
            return vec![text.phrase_with(Phrase::PasswordExpiresIn, &text.ahead(*days, "day"))];
        }
        FormKind::EnrollApp { picture: Some(_), .. } => Phrase::SetUpAppLead,
        FormKind::EnrollApp { picture: None, .. } => Phrase::SecretLead,
        FormKind::Answer(question) => return vec![question.clone()],
        FormKind::Code(via) => return sent(via, text),
        FormKind::Consent(request) if !request.app.is_empty() => {
            return vec![text.phrase_with(Phrase::ConsentLead, &request.app)];
        }
        FormKind::SignIn
        | FormKind::SignUp
        | FormKind::Profile
        | FormKind::ResetPassword
        | FormKind::UnlockAccount
        | FormKind::Choose
        | FormKind::HowToVerify(_)
        | FormKind::Channel(_)
        | FormKind::ChannelAddress(_)
        | FormKind::Phone
        | FormKind::Password
        | FormKind::SetPassword
        | FormKind::ExpiringPassword(None)
        | FormKind::EnrollQuestion
        | FormKind::CardPin
        | FormKind::NewCardPin
        | FormKind::Consent(_)
        | FormKind::EmailConsent(_)
        | FormKind::DeviceWarning
        | FormKind::StaySignedIn
        | FormKind::General(_) => return Vec::new(),
    };
    vec![text.phrase(line)]
}

fn sent(via: &CodeSource, text: Text) -> Vec<String> {
    match via {
        CodeSource::Sms(_) => vec![text.phrase(Phrase::SmsSent)],
        CodeSource::Voice(_) => vec![text.phrase(Phrase::VoiceSent)],
        CodeSource::Key => vec![text.phrase(Phrase::KeyLead)],
        CodeSource::Given => vec![text.phrase(Phrase::CodeGiven)],
        CodeSource::App(name) => vec![text.phrase_with(Phrase::CodeFrom, name)],
        CodeSource::Email { to, link } => {
            let sent = match to {
                Some(to) => text.phrase_with(Phrase::EmailSent, to),
                None => text.phrase(Phrase::EmailSentPlain),
            };
            core::iter::once(sent).chain(link.then(|| text.phrase(Phrase::EmailLink))).collect()
        }
    }
}

/// The text of the submit button.
pub(crate) fn button(kind: &FormKind) -> Phrase {
    match kind {
        FormKind::SignUp => Phrase::SignUp,
        FormKind::DeviceWarning | FormKind::ReadCard => Phrase::Continue,
        FormKind::Code(_)
        | FormKind::Password
        | FormKind::SetPassword
        | FormKind::ExpiredPassword
        | FormKind::ExpiringPassword(_)
        | FormKind::EnrollApp { .. }
        | FormKind::EnrollQuestion
        | FormKind::CardPin
        | FormKind::NewCardPin
        | FormKind::Answer(_) => Phrase::Submit,
        FormKind::SignIn
        | FormKind::Profile
        | FormKind::ResetPassword
        | FormKind::UnlockAccount
        | FormKind::Choose
        | FormKind::MessageType
        | FormKind::HowToVerify(_)
        | FormKind::Channel(_)
        | FormKind::ChannelAddress(_)
        | FormKind::Phone
        | FormKind::Consent(_)
        | FormKind::EmailConsent(_)
        | FormKind::ActivateDevice
        | FormKind::StaySignedIn
        | FormKind::General(_) => Phrase::Next,
    }
}
