//! The kind of a form, which decides its heading, lead and button.

use super::field::SelectOption;
use super::step_reader::StepReader;
use latchkey_contract::{ConsentRequest, ConsentScope, Values};

/// The kind of a form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FormKind {
    SignIn,
    SignUp,
    Profile,
    ResetPassword,
    UnlockAccount,
    Choose(ChoicePurpose),
    /// With the number, if the org tells it.
    MessageType(Option<String>),
    HowToVerify(String),
    /// The only method of an authenticator: one button says what it does and where it sends.
    OneMethod(Box<OneMethod>),
    Channel(String),
    ChannelAddress(String),
    Phone,
    Password,
    SetPassword,
    ExpiredPassword,
    ExpiringPassword(Option<u32>),
    Code(CodeSource),
    EnrollApp {
        name: String,
        picture: Option<String>,
        secret: Option<String>,
    },
    EnrollQuestion,
    CardPin,
    NewCardPin,
    /// An app on the device has to read a card.
    ReadCard,
    Answer(String),
    Consent(ConsentRequest),
    /// Whether a mailed link is opened by the person who signs in.
    EmailConsent(ConsentRequest),
    /// The device does not fulfil the org's policy, and access is still granted.
    DeviceWarning,
    /// The code that another device shows.
    ActivateDevice,
    StaySignedIn,
    General(String),
}

/// What an authenticator is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChoicePurpose {
    Verify,
    Enroll,
    /// The person can do without.
    EnrollOptional,
}

/// The only method of an authenticator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OneMethod {
    pub(crate) purpose: ChoicePurpose,
    /// The name of the authenticator.
    pub(crate) name: String,
    pub(crate) method: SelectOption,
    /// The masked address or number.
    pub(crate) to: Option<String>,
}

/// The channel and the address of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodeSource {
    Sms(Option<String>),
    Voice(Option<String>),
    Email {
        to: Option<String>,
        link: bool,
    },
    App(String),
    /// From an administrator.
    Given,
    /// A key types it.
    Key,
}

impl StepReader<'_> {
    pub(super) fn kind(&self, given: &Values) -> FormKind {
        match self.step.name.as_str() {
            "identify-recovery" => FormKind::ResetPassword,
            "enroll-profile" => FormKind::SignUp,
            "profile-update" => FormKind::Profile,
            "select-authenticator-authenticate" => FormKind::Choose(ChoicePurpose::Verify),
            "select-authenticator-enroll" if self.can_skip() => {
                FormKind::Choose(ChoicePurpose::EnrollOptional)
            }
            "select-authenticator-enroll" => FormKind::Choose(ChoicePurpose::Enroll),
            "select-authenticator-unlock-account" | "unlock-account" => FormKind::UnlockAccount,
            "select-enrollment-channel" => FormKind::Channel(self.name()),
            "enrollment-channel-data" => FormKind::ChannelAddress(self.name()),
            "authenticator-verification-data" if self.key() == "phone_number" => {
                FormKind::MessageType(self.profile().phone_number)
            }
            "authenticator-verification-data" => FormKind::HowToVerify(self.name()),
            "authenticator-enrollment-data" => self.enrollment_data(given),
            "reset-authenticator" if matches!(self.key(), "" | "okta_password") => FormKind::SetPassword,
            "reenroll-authenticator" | "reenroll-custom-password-expiry" => FormKind::ExpiredPassword,
            "reenroll-authenticator-warning" | "reenroll-custom-password-expiry-warning" => {
                FormKind::ExpiringPassword(self.settings().and_then(|settings| settings.days_to_expiry))
            }
            "consent" | "admin-consent" | "granular-consent" => FormKind::Consent(self.consent()),
            "email-challenge-consent" => FormKind::EmailConsent(self.consent()),
            "device-assurance-grace-period" => FormKind::DeviceWarning,
            "launch-nfc-authenticator" => FormKind::ReadCard,
            "user-code" => FormKind::ActivateDevice,
            "keep-me-signed-in" => FormKind::StaySignedIn,
            "challenge-authenticator" => self.challenge(),
            "enroll-authenticator" | "reset-authenticator" => self.enrollment(),
            other => FormKind::General(other.to_owned()),
        }
    }

    /// What is asked for. Scopes that cannot be refused on their own are listed with those that are allowed all at once.
    fn consent(&self) -> ConsentRequest {
        let mut request = self.step.consent.clone().unwrap_or_default();
        if request.app.is_empty() {
            request.app.clone_from(&self.transaction.app);
        }
        let opted =
            self.step.inputs.iter().filter_map(|input| input.form.as_ref()).flat_map(|form| &form.value);
        request.scopes.extend(opted.filter(|scope| scope.mutable == Some(false)).map(|scope| ConsentScope {
            label: scope.label.clone().unwrap_or_else(|| scope.name.clone()),
            description: scope.description.clone().unwrap_or_default(),
        }));
        request
    }

    /// Two pages for one step: first the channel, then the address.
    fn enrollment_data(&self, given: &Values) -> FormKind {
        let method = self.step.inputs.iter().find(|input| input.name == "methodType");
        let open = method.is_some_and(|input| input.options.len() > 1) && !given.contains_key("methodType");
        let phone = self.step.inputs.iter().any(|input| input.name == "phoneNumber");
        match (open, phone) {
            (true, true) => FormKind::MessageType(None),
            (false, true) => FormKind::Phone,
            (_, false) => FormKind::HowToVerify(self.name()),
        }
    }

    fn challenge(&self) -> FormKind {
        match self.key() {
            "okta_password" => FormKind::Password,
            "nfc_pin" => FormKind::CardPin,
            "security_question" => {
                let held = self.data().and_then(|data| data.enrolled_question.as_ref());
                FormKind::Answer(held.map(|held| held.question.clone()).unwrap_or_default())
            }
            _ => self.code(),
        }
    }

    fn enrollment(&self) -> FormKind {
        let data = self.data();
        let code = data.and_then(|data| data.qrcode.as_ref()).filter(|code| is_picture(&code.href));
        let picture = code.map(|code| code.href.clone());
        let secret = data.and_then(|data| data.shared_secret.clone());
        match self.key() {
            "okta_password" => FormKind::SetPassword,
            "nfc_pin" => FormKind::NewCardPin,
            "security_question" => FormKind::EnrollQuestion,
            _ if picture.is_some() || secret.is_some() => {
                FormKind::EnrollApp { name: self.name(), picture, secret }
            }
            _ => self.code(),
        }
    }

    fn code(&self) -> FormKind {
        let Some(authenticator) = &self.step.authenticator else {
            return FormKind::General(self.step.name.clone());
        };
        if !self.step.inputs.iter().any(|input| input.name == "verificationCode") {
            return FormKind::General(self.step.name.clone());
        }
        let profile = self.profile();
        let method = authenticator.methods.first().map_or("", |method| &method.kind);
        FormKind::Code(match (authenticator.kind.as_str(), method) {
            ("tac", _) => CodeSource::Given,
            ("email", _) => CodeSource::Email {
                to: profile.email,
                link: self.data().and_then(|data| data.use_email_magic_link) == Some(true),
            },
            ("phone", "voice") => CodeSource::Voice(profile.phone_number),
            ("phone", _) => CodeSource::Sms(profile.phone_number),
            _ if self.key() == "yubikey_token" => CodeSource::Key,
            _ => CodeSource::App(self.name()),
        })
    }
}

/// A picture that the page's policy allows.
pub(super) fn is_picture(href: &str) -> bool {
    href.starts_with("data:image/")
}
