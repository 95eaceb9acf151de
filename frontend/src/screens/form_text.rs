//! The words around a form: what it is called, what stands above the fields, what its button says.

use crate::flow::page::{Page, Via};
use crate::text::{Line, Text};

/// The heading of a page.
pub(crate) fn heading(page: &Page, text: Text) -> String {
    let line = match page {
        Page::SignIn => Line::SignIn,
        Page::SignUp => Line::SignUp,
        Page::Profile => Line::Profile,
        Page::ResetPassword => Line::ResetPassword,
        Page::UnlockAccount => Line::UnlockAccount,
        Page::Choose => Line::Choose,
        Page::MessageType => Line::MessageType,
        Page::HowToVerify(name) => return text.with(Line::HowToVerify, name),
        Page::Channel(name) => return text.with(Line::HowToSetUp, name),
        Page::ChannelAddress(name) => return text.with(Line::WhereToSend, name),
        Page::Phone => Line::Phone,
        Page::Password => Line::EnterPassword,
        Page::SetPassword => Line::SetPassword,
        Page::ExpiredPassword => Line::PasswordExpired,
        Page::ExpiringPassword(_) => Line::PasswordExpires,
        Page::Code(_) => Line::EnterCode,
        Page::EnrollApp { name, .. } => return text.with(Line::SetUpApp, name),
        Page::EnrollQuestion => Line::EnrollQuestion,
        Page::Answer(_) => Line::AnswerQuestion,
        Page::Consent => Line::Consent,
        Page::StaySignedIn => Line::StaySignedIn,
        Page::General(_) => Line::General,
    };
    text.line(line)
}

/// What stands between the heading and the fields.
pub(crate) fn lead(page: &Page, text: Text) -> Vec<String> {
    let line = match page {
        Page::MessageType => Line::MessageTypeLead,
        Page::ExpiredPassword => Line::PasswordExpiredLead,
        Page::ExpiringPassword(Some(days)) => {
            return vec![text.with(Line::PasswordExpiresIn, &text.ahead(*days, "day"))];
        }
        Page::EnrollApp { picture: Some(_), .. } => Line::SetUpAppLead,
        Page::EnrollApp { picture: None, .. } => Line::SecretLead,
        Page::Answer(question) => return vec![question.clone()],
        Page::Code(via) => return sent(via, text),
        Page::SignIn
        | Page::SignUp
        | Page::Profile
        | Page::ResetPassword
        | Page::UnlockAccount
        | Page::Choose
        | Page::HowToVerify(_)
        | Page::Channel(_)
        | Page::ChannelAddress(_)
        | Page::Phone
        | Page::Password
        | Page::SetPassword
        | Page::ExpiringPassword(None)
        | Page::EnrollQuestion
        | Page::Consent
        | Page::StaySignedIn
        | Page::General(_) => return Vec::new(),
    };
    vec![text.line(line)]
}

fn sent(via: &Via, text: Text) -> Vec<String> {
    match via {
        Via::Sms(_) => vec![text.line(Line::SmsSent)],
        Via::Voice(_) => vec![text.line(Line::VoiceSent)],
        Via::Given => vec![text.line(Line::CodeGiven)],
        Via::App(name) => vec![text.with(Line::CodeFrom, name)],
        Via::Email { to, link } => {
            let sent = match to {
                Some(to) => text.with(Line::EmailSent, to),
                None => text.line(Line::EmailSentPlain),
            };
            core::iter::once(sent).chain(link.then(|| text.line(Line::EmailLink))).collect()
        }
    }
}

/// What the button says that sends a page.
pub(crate) fn button(page: &Page) -> Line {
    match page {
        Page::SignUp => Line::SignUp,
        Page::Code(_)
        | Page::Password
        | Page::SetPassword
        | Page::ExpiredPassword
        | Page::ExpiringPassword(_)
        | Page::EnrollApp { .. }
        | Page::EnrollQuestion
        | Page::Answer(_) => Line::Submit,
        Page::SignIn
        | Page::Profile
        | Page::ResetPassword
        | Page::UnlockAccount
        | Page::Choose
        | Page::MessageType
        | Page::HowToVerify(_)
        | Page::Channel(_)
        | Page::ChannelAddress(_)
        | Page::Phone
        | Page::Consent
        | Page::StaySignedIn
        | Page::General(_) => Line::Next,
    }
}
