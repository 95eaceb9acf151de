//! What a step is about, so that the words around its fields can be chosen.

use super::screen::{About, is_picture};
use latchkey_contract::Values;

/// What a form is about; it decides the words around the fields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Page {
    SignIn,
    SignUp,
    Profile,
    ResetPassword,
    UnlockAccount,
    Choose,
    MessageType,
    HowToVerify(String),
    Channel(String),
    ChannelAddress(String),
    Phone,
    Password,
    SetPassword,
    ExpiredPassword,
    ExpiringPassword(Option<u32>),
    Code(Via),
    EnrollApp { name: String, picture: Option<String>, secret: Option<String> },
    EnrollQuestion,
    Answer(String),
    Consent,
    StaySignedIn,
    General(String),
}

/// How a code reaches the person, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Sms(Option<String>),
    Voice(Option<String>),
    Email {
        to: Option<String>,
        link: bool,
    },
    App(String),
    /// Somebody who may has given it.
    Given,
}

impl About<'_> {
    pub(super) fn page(&self, given: &Values) -> Page {
        match self.step.name.as_str() {
            "identify" | "redirect-idp" => Page::SignIn,
            "identify-recovery" => Page::ResetPassword,
            "enroll-profile" => Page::SignUp,
            "profile-update" => Page::Profile,
            "select-authenticator-authenticate" | "select-authenticator-enroll" => Page::Choose,
            "select-authenticator-unlock-account" | "unlock-account" => Page::UnlockAccount,
            "select-enrollment-channel" => Page::Channel(self.name()),
            "enrollment-channel-data" => Page::ChannelAddress(self.name()),
            "authenticator-verification-data" if self.key() == "phone_number" => Page::MessageType,
            "authenticator-verification-data" => Page::HowToVerify(self.name()),
            "authenticator-enrollment-data" => self.enrollment_data(given),
            "reset-authenticator" => Page::SetPassword,
            "reenroll-authenticator" | "reenroll-custom-password-expiry" => Page::ExpiredPassword,
            "reenroll-authenticator-warning" | "reenroll-custom-password-expiry-warning" => {
                Page::ExpiringPassword(self.settings().and_then(|settings| settings.days_to_expiry))
            }
            "consent" | "admin-consent" | "granular-consent" | "email-challenge-consent" => Page::Consent,
            "keep-me-signed-in" => Page::StaySignedIn,
            "challenge-authenticator" => self.challenge(),
            "enroll-authenticator" => self.enrollment(),
            other => Page::General(other.to_owned()),
        }
    }

    /// Two pages for one step: first how, and when that is known, where to.
    fn enrollment_data(&self, given: &Values) -> Page {
        let method = self.step.inputs.iter().find(|input| input.name == "methodType");
        let open = method.is_some_and(|input| input.options.len() > 1) && !given.contains_key("methodType");
        let phone = self.step.inputs.iter().any(|input| input.name == "phoneNumber");
        match (open, phone) {
            (true, true) => Page::MessageType,
            (false, true) => Page::Phone,
            (_, false) => Page::HowToVerify(self.name()),
        }
    }

    fn challenge(&self) -> Page {
        match self.key() {
            "okta_password" => Page::Password,
            "security_question" => {
                let held = self.data.enrolled_question.as_ref();
                Page::Answer(held.map(|held| held.question.clone()).unwrap_or_default())
            }
            _ => self.code(),
        }
    }

    fn enrollment(&self) -> Page {
        let code = self.data.qrcode.as_ref().filter(|code| is_picture(&code.href));
        let picture = code.map(|code| code.href.clone());
        let secret = self.data.shared_secret.clone();
        match self.key() {
            "okta_password" => Page::SetPassword,
            "security_question" => Page::EnrollQuestion,
            _ if picture.is_some() || secret.is_some() => {
                Page::EnrollApp { name: self.name(), picture, secret }
            }
            _ => self.code(),
        }
    }

    fn code(&self) -> Page {
        let Some(authenticator) = &self.step.authenticator else {
            return Page::General(self.step.name.clone());
        };
        if !self.step.inputs.iter().any(|input| input.name == "verificationCode") {
            return Page::General(self.step.name.clone());
        }
        let profile = authenticator.profile.clone().unwrap_or_default();
        let method = authenticator.methods.first().map_or("", |method| &method.kind);
        Page::Code(match (authenticator.kind.as_str(), method) {
            ("tac", _) => Via::Given,
            ("email", _) => {
                Via::Email { to: profile.email, link: self.data.use_email_magic_link == Some(true) }
            }
            ("phone", "voice") => Via::Voice(profile.phone_number),
            ("phone", _) => Via::Sms(profile.phone_number),
            _ => Via::App(self.name()),
        })
    }
}
