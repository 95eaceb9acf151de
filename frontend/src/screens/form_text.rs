//! The texts around a form: its heading, its lead and its button; and its icon.

use crate::flow::form_kind::{ChoicePurpose, CodeSource, FormKind, OneMethod};
use crate::parts::icon::Icon;
use crate::text::{Phrase, Text};

/// The heading of a page.
pub(crate) fn heading(kind: &FormKind, text: Text) -> String {
    let line = match kind {
        FormKind::SignIn => Phrase::SignIn,
        FormKind::SignUp => Phrase::SignUp,
        FormKind::Profile => Phrase::Profile,
        FormKind::ResetPassword => Phrase::ResetPassword,
        FormKind::UnlockAccount => Phrase::UnlockAccount,
        FormKind::Choose(_) => Phrase::Choose,
        FormKind::OneMethod(one) => return one_method_heading(one, text),
        FormKind::MessageType(_) => Phrase::MessageType,
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
        FormKind::Choose(ChoicePurpose::Verify) => Phrase::ChooseToVerifyLead,
        FormKind::Choose(ChoicePurpose::Enroll) => Phrase::ChooseToEnrollLead,
        FormKind::Choose(ChoicePurpose::EnrollOptional) => Phrase::ChooseOptionalLead,
        FormKind::MessageType(_) => Phrase::MessageTypeLead,
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
        | FormKind::OneMethod(_)
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
        CodeSource::Sms(None) => vec![text.phrase(Phrase::SmsSent)],
        CodeSource::Sms(Some(to)) => vec![joined(Phrase::SmsSent, Phrase::SmsSentTo, to, text)],
        CodeSource::Voice(None) => vec![text.phrase(Phrase::VoiceSent)],
        CodeSource::Voice(Some(to)) => vec![joined(Phrase::VoiceSent, Phrase::CallGoesTo, to, text)],
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

/// The guides' sentence, and where the code went.
fn joined(sentence: Phrase, target: Phrase, to: &str, text: Text) -> String {
    [text.phrase(sentence), text.phrase_with(target, to)].join(" ")
}

/// The text of the submit button.
pub(crate) fn button(kind: &FormKind, text: Text) -> String {
    let line = match kind {
        FormKind::OneMethod(one) => return one_method_button(one, text),
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
        | FormKind::Choose(_)
        | FormKind::MessageType(_)
        | FormKind::HowToVerify(_)
        | FormKind::Channel(_)
        | FormKind::ChannelAddress(_)
        | FormKind::Phone
        | FormKind::Consent(_)
        | FormKind::EmailConsent(_)
        | FormKind::ActivateDevice
        | FormKind::StaySignedIn
        | FormKind::General(_) => Phrase::Next,
    };
    text.phrase(line)
}

fn one_method_heading(one: &OneMethod, text: Text) -> String {
    let line = match one.purpose {
        ChoicePurpose::Verify => Phrase::VerifyWith,
        ChoicePurpose::Enroll | ChoicePurpose::EnrollOptional => Phrase::SetUpApp,
    };
    text.phrase_with(line, &one.name)
}

/// What the button does, and where it sends.
fn one_method_button(one: &OneMethod, text: Text) -> String {
    match (one.purpose, one.method.value.text(), &one.to) {
        (ChoicePurpose::Verify, Some("email" | "sms"), Some(to)) => text.phrase_with(Phrase::SendCodeTo, to),
        (ChoicePurpose::Verify, Some("email" | "sms"), None) => text.phrase(Phrase::SendCode),
        (ChoicePurpose::Verify, Some("voice"), Some(to)) => text.phrase_with(Phrase::CallWithCode, to),
        _ => text.wording(&one.method.label),
    }
}

/// The icon of a page that is about more than its authenticator, or about another thing.
pub(crate) fn icon(kind: &FormKind) -> Option<Icon> {
    match kind {
        FormKind::SignUp | FormKind::Profile | FormKind::StaySignedIn => Some(Icon::Person),
        FormKind::ResetPassword
        | FormKind::UnlockAccount
        | FormKind::Password
        | FormKind::SetPassword
        | FormKind::ExpiredPassword
        | FormKind::ExpiringPassword(_) => Some(Icon::Password),
        FormKind::Choose(_) => Some(Icon::Key),
        FormKind::MessageType(_) | FormKind::Phone => Some(Icon::Phone),
        FormKind::Code(CodeSource::Sms(_)) => Some(Icon::Sms),
        FormKind::Code(CodeSource::Voice(_)) => Some(Icon::Voice),
        FormKind::ReadCard | FormKind::CardPin | FormKind::NewCardPin => Some(Icon::Card),
        FormKind::Code(CodeSource::Key) => Some(Icon::Token),
        FormKind::EnrollQuestion | FormKind::Answer(_) => Some(Icon::Question),
        FormKind::Consent(_) | FormKind::EmailConsent(_) => Some(Icon::Shield),
        FormKind::DeviceWarning | FormKind::ActivateDevice => Some(Icon::Device),
        FormKind::SignIn
        | FormKind::HowToVerify(_)
        | FormKind::OneMethod(_)
        | FormKind::Channel(_)
        | FormKind::ChannelAddress(_)
        | FormKind::Code(CodeSource::Email { .. } | CodeSource::App(_) | CodeSource::Given)
        | FormKind::EnrollApp { .. }
        | FormKind::General(_) => None,
    }
}
