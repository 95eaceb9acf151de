//! Which screen a transaction asks for. Pure, and to the end: what has no page of its own gets the general form.

use super::field::{Control, Field, Label, Opt, Typed, fields};
use super::route::Entry;
use crate::text::Line;
use latchkey_contract::{
    Authenticator, ChoiceValue, Complexity, ContextualData, Feature, Message, MessageClass, OwnSession, Step,
    Transaction, Value, Values,
};

/// What the person sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Screen {
    /// Nothing is known yet.
    Starting,
    /// Something is to be filled in.
    Fill(Fill),
    /// Something happens elsewhere.
    Wait(Wait),
    /// The device is asked.
    Passkey(Passkey),
    /// Nothing more can be answered here.
    Ended(Ended),
    /// Somebody is signed in.
    SignedIn(Person),
}

/// A form: what it is about, what is filled in, and what else can be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fill {
    pub(crate) page: Page,
    pub(crate) fields: Vec<Field>,
    /// What is sent besides the fields.
    pub(crate) always: Values,
    pub(crate) skip: bool,
    pub(crate) ways: Vec<Way>,
    pub(crate) providers: Vec<Provider>,
}

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
    Email { to: Option<String>, link: bool },
    App(String),
}

/// What else can be done at a step, besides answering it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Another way in, with an address of its own.
    Enter(Entry, Line),
    /// A new code.
    Resend,
    /// Another of the steps that are open, shown without asking anybody.
    Show(String, Line),
    /// Another of the steps that are open, taken at once.
    Take(String, Line),
    /// Giving up.
    Cancel,
}

/// Another identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) href: String,
}

/// What happens elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wait {
    pub(crate) what: What,
    pub(crate) name: String,
    pub(crate) skip: bool,
    pub(crate) ways: Vec<Way>,
}

/// What the person does elsewhere while this page waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Approve on the phone, by number if there is one.
    Approve(Option<String>),
    /// Scan a picture with the app.
    Scan { picture: String, secret: Option<String> },
    /// Open a link that was sent.
    Open(Option<String>),
    /// Something nobody has coded for.
    Other,
}

/// What the device is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Passkey {
    pub(crate) ask: Ceremony,
    /// Passkeys that exist: not to be made again, or the ones to use.
    pub(crate) known: Vec<String>,
    pub(crate) skip: bool,
    pub(crate) ways: Vec<Way>,
}

/// Whether a passkey is made or used, with what the device needs for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ceremony {
    Make(Value),
    Use(Value),
}

/// How a flow ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) heading: Line,
    pub(crate) class: MessageClass,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) claims: Vec<(String, Value)>,
    /// Where they are signed in, here and elsewhere.
    pub(crate) sessions: Vec<OwnSession>,
}

/// The screen for `step`, which is one of the transaction's. `given` is what the person has said of this step so far.
pub(crate) fn screen(transaction: &Transaction, step: Option<&Step>, given: &Values) -> Screen {
    let Some(step) = step else { return Screen::Ended(ended(&transaction.messages)) };
    let nothing = ContextualData::default();
    let data = step.authenticator.as_ref().and_then(|held| held.contextual_data.as_ref());
    let about = About { transaction, step, data: data.unwrap_or(&nothing) };
    match step.name.as_str() {
        "challenge-poll" | "enroll-poll" | "poll" | "device-challenge-poll" => Screen::Wait(about.wait()),
        "challenge-authenticator" | "enroll-authenticator" => match about.ceremony() {
            Some(ask) => Screen::Passkey(about.passkey(ask)),
            None => Screen::Fill(about.fill(given)),
        },
        _ => Screen::Fill(about.fill(given)),
    }
}

/// Milliseconds until the org is asked again whether something happened elsewhere.
pub(crate) fn polls(transaction: &Transaction, step: Option<&Step>) -> Option<u32> {
    let step = step?;
    let waits = |other: &Step| other.poll.is_some() || other.name.ends_with("-poll");
    let elsewhere = || transaction.available_steps.iter().find(|other| waits(other));
    let poll = if waits(step) { step.poll } else { elsewhere()?.poll };
    Some(poll.and_then(|poll| poll.refresh).unwrap_or(EVERY).max(SOONEST))
}

/// What an org means when it does not say how often.
const EVERY: u32 = 4_000;
/// No org is asked more often than this.
const SOONEST: u32 = 1_000;

/// A step in its transaction, while it is read.
struct About<'a> {
    transaction: &'a Transaction,
    step: &'a Step,
    data: &'a ContextualData,
}

impl About<'_> {
    fn fill(&self, given: &Values) -> Fill {
        let page = self.page(given);
        Fill {
            fields: self.fields(&page),
            always: self.always(),
            skip: self.step.can_skip && self.step.name != "skip",
            ways: self.ways(&page),
            providers: self.providers(),
            page,
        }
    }

    fn wait(&self) -> Wait {
        let data = self.data;
        let sent_to = data.email.as_ref().or(data.phone_number.as_ref()).cloned();
        let what = match (self.step.name.as_str(), &data.qrcode) {
            ("challenge-poll", _) => What::Approve(data.correct_answer.clone()),
            (_, Some(code)) if is_picture(&code.href) => {
                What::Scan { picture: code.href.clone(), secret: data.shared_secret.clone() }
            }
            ("enroll-poll", _) => What::Open(sent_to),
            _ => What::Other,
        };
        Wait { what, name: self.name(), skip: self.step.can_skip, ways: self.ways_on() }
    }

    fn ceremony(&self) -> Option<Ceremony> {
        match (&self.data.challenge_data, &self.data.activation_data) {
            (Some(challenge), _) => Some(Ceremony::Use(challenge.clone())),
            (None, Some(activation)) => Some(Ceremony::Make(activation.clone())),
            (None, None) => None,
        }
    }

    fn passkey(&self, ask: Ceremony) -> Passkey {
        let known = self
            .step
            .authenticator_enrollments
            .iter()
            .filter_map(|held| held.credential_id.clone())
            .collect();
        Passkey { ask, known, skip: self.step.can_skip, ways: self.ways_on() }
    }

    fn page(&self, given: &Values) -> Page {
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
                Page::ExpiringPassword(self.settings(|settings| settings.days_to_expiry))
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
            ("email", _) => {
                Via::Email { to: profile.email, link: self.data.use_email_magic_link == Some(true) }
            }
            ("phone", "voice") => Via::Voice(profile.phone_number),
            ("phone", _) => Via::Sms(profile.phone_number),
            _ => Via::App(self.name()),
        })
    }

    fn fields(&self, page: &Page) -> Vec<Field> {
        let all = fields(&self.step.inputs, self.rules(page).as_ref());
        match page {
            // The guides ask for a question in three inputs of which two exclude each other.
            Page::EnrollQuestion => questions(self.data, all),
            Page::MessageType => named(all, &["methodType"]),
            Page::Phone => named(all, &["phoneNumber"]),
            Page::ResetPassword => all.into_iter().map(by_email).collect(),
            Page::SignUp
            | Page::SignIn
            | Page::Profile
            | Page::UnlockAccount
            | Page::Choose
            | Page::HowToVerify(_)
            | Page::Channel(_)
            | Page::ChannelAddress(_)
            | Page::Password
            | Page::SetPassword
            | Page::ExpiredPassword
            | Page::ExpiringPassword(_)
            | Page::Code(_)
            | Page::EnrollApp { .. }
            | Page::Answer(_)
            | Page::Consent
            | Page::StaySignedIn
            | Page::General(_) => all,
        }
    }

    /// The rules for a new password; on a page that asks for an old one there are none.
    fn rules(&self, page: &Page) -> Option<Complexity> {
        match page {
            Page::SetPassword | Page::ExpiredPassword | Page::ExpiringPassword(_) | Page::SignUp => {
                Some(self.settings(|settings| settings.complexity.clone()).unwrap_or_default())
            }
            _ => None,
        }
    }

    fn always(&self) -> Values {
        let mut values = Values::new();
        let name = self.step.name.as_str();
        if name == "skip" {
            values.insert("skip".to_owned(), true.into());
        } else if self.transaction.next_step.as_ref().is_none_or(|next| next.name != name) {
            values.insert("step".to_owned(), name.into());
        }
        // An authenticator's method that leaves no choice is sent without being asked for.
        for input in &self.step.inputs {
            if let ("methodType", [only]) = (input.name.as_str(), input.options.as_slice())
                && self.step.name == "authenticator-enrollment-data"
                && let Some(ChoiceValue::Plain(value)) = &only.value
            {
                values.insert(input.name.clone(), value.clone());
            }
        }
        values
    }

    fn ways(&self, page: &Page) -> Vec<Way> {
        let back = Way::Enter(Entry::SignIn, Line::BackToSignIn);
        match page {
            Page::SignIn => self.entries(),
            Page::SignUp | Page::ResetPassword => vec![back],
            Page::UnlockAccount => vec![back],
            _ => self.ways_on(),
        }
    }

    fn entries(&self) -> Vec<Way> {
        let offers = [
            (Feature::RecoverPassword, Entry::RecoverPassword, Line::ForgotPassword),
            (Feature::EnrollProfile, Entry::SignUp, Line::SignUp),
            (Feature::UnlockAccount, Entry::UnlockAccount, Line::UnlockAccount),
        ];
        let enabled = |feature: &Feature| self.transaction.enabled_features.contains(feature);
        offers
            .into_iter()
            .filter(|(feature, _, _)| enabled(feature))
            .map(|(_, entry, line)| Way::Enter(entry, line))
            .collect()
    }

    fn ways_on(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.step.can_resend {
            ways.push(Way::Resend);
        }
        for other in self.transaction.available_steps.iter().filter(|other| other.name != self.step.name) {
            match other.name.as_str() {
                "select-authenticator-authenticate" if self.leads_elsewhere(other) => {
                    ways.push(Way::Show(other.name.clone(), Line::VerifyWithSomethingElse));
                }
                "select-authenticator-enroll" if self.leads_elsewhere(other) => {
                    ways.push(Way::Show(other.name.clone(), Line::SetUpSomethingElse));
                }
                "select-enrollment-channel" => {
                    ways.push(Way::Show(other.name.clone(), Line::SetUpAnotherWay));
                }
                name if name.ends_with("-recover") => {
                    ways.push(Way::Take(other.name.clone(), Line::ForgotPassword));
                }
                _ => {}
            }
        }
        ways.push(Way::Cancel);
        ways
    }

    /// A list in which the current authenticator stands alone leads nowhere.
    fn leads_elsewhere(&self, other: &Step) -> bool {
        let here = self.key();
        other.inputs.iter().flat_map(|input| &input.options).any(|option| match &option.value {
            Some(ChoiceValue::Plain(value)) => value.text() != Some(here),
            Some(ChoiceValue::Form { .. }) | None => true,
        })
    }

    fn providers(&self) -> Vec<Provider> {
        let all = self.transaction.available_steps.iter().chain(&self.transaction.next_step);
        let mut providers: Vec<Provider> = Vec::new();
        for step in all.filter(|step| step.name == "redirect-idp") {
            let Some(href) = step.href.clone().filter(|href| is_address(href)) else { continue };
            let name = step.idp.as_ref().map(|idp| idp.name.clone()).filter(|name| !name.is_empty());
            let provider =
                Provider { name: name.or_else(|| step.kind.clone()).unwrap_or_else(|| href.clone()), href };
            if !providers.contains(&provider) {
                providers.push(provider);
            }
        }
        providers
    }

    fn key(&self) -> &str {
        self.step.authenticator.as_ref().map_or("", |authenticator| &authenticator.key)
    }

    fn name(&self) -> String {
        self.step.authenticator.as_ref().map(|held| held.display_name.clone()).unwrap_or_default()
    }

    fn settings<T>(&self, read: impl Fn(&latchkey_contract::Settings) -> Option<T>) -> Option<T> {
        let authenticator: Option<&Authenticator> = self.step.authenticator.as_ref();
        authenticator.and_then(|held| held.settings.as_ref()).and_then(read)
    }
}

fn questions(data: &ContextualData, asked: Vec<Field>) -> Vec<Field> {
    if data.questions.is_empty() {
        return asked;
    }
    let field = |name: &str, label, control| Field {
        path: vec![name.to_owned()],
        label,
        required: true,
        control,
        start: String::new(),
    };
    let answer = || field("answer", Label::Ours(Line::Answer), Control::Text(Typed::Plain));
    let known = data
        .questions
        .iter()
        .map(|known| Opt {
            label: Label::Org(known.question.clone()),
            value: known.question_key.as_str().into(),
        })
        .collect();
    let pick = vec![field("questionKey", Label::Ours(Line::Question), Control::List(known)), answer()];
    let write = vec![
        field("questionKey", Label::Ours(Line::Question), Control::Fixed("custom".into())),
        field("question", Label::Ours(Line::OwnQuestion), Control::Text(Typed::Plain)),
        answer(),
    ];
    let forms = vec![(Label::Ours(Line::PickQuestion), pick), (Label::Ours(Line::WriteQuestion), write)];
    vec![Field {
        path: vec!["questions".to_owned()],
        label: Label::Ours(Line::EnrollQuestion),
        required: true,
        control: Control::Forms(forms.into()),
        start: String::new(),
    }]
}

fn named(fields: Vec<Field>, names: &[&str]) -> Vec<Field> {
    fields.into_iter().filter(|field| names.iter().any(|name| field.id() == *name)).collect()
}

fn by_email(field: Field) -> Field {
    match field.control {
        Control::Text(Typed::Username) => Field { label: Label::Ours(Line::Email), ..field },
        _ => field,
    }
}

/// How a flow ended, from what the org says last.
fn ended(messages: &[Message]) -> Ended {
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

/// A picture that the page's policy lets through.
fn is_picture(href: &str) -> bool {
    href.starts_with("data:image/")
}

/// An address that a link may have; never a script.
fn is_address(href: &str) -> bool {
    href.starts_with("https://")
        || href.starts_with("http://")
        || (href.starts_with('/') && !href.starts_with("//"))
}
