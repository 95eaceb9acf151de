//! The screens: the closed set of pages that a person sees.

use super::alternative::{Alternative, Provider};
use super::ended::Ended;
use super::field::Field;
use super::form_kind::FormKind;
use crate::text::{Phrase, Wording};
use latchkey_contract::{ConsentDetail, IdentifiedUser, Value, Values};

/// A screen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Screen {
    /// Before the first reply.
    Starting,
    /// The sign-in page of a person who is signed in.
    SignedInAlready(SignedInAlready),
    /// A form to fill in.
    Form(StepForm),
    /// Waiting for another device.
    Wait(Wait),
    /// Okta Verify on this device.
    Device(DeviceStep),
    /// Asking for a passkey.
    Passkey(Passkey),
    /// Another site asks.
    Elsewhere(Elsewhere),
    /// The end of a flow.
    Ended(Ended),
    /// The signed-in page.
    SignedIn(SignedInPerson),
}

/// The screens of the first part of the program, which are enough up to the username.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FirstScreen {
    Starting,
    SignIn(StepForm),
}

/// A form: its kind, its fields and its alternatives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepForm {
    pub(crate) kind: FormKind,
    pub(crate) fields: Vec<Field>,
    /// The two buttons of a decision, in place of the button that sends the form.
    pub(crate) decision: Option<Box<DecisionButtons>>,
    /// Values to send besides the fields.
    pub(crate) fixed_values: Values,
    /// The label of the button that goes on without an answer.
    pub(crate) skip: Option<Phrase>,
    pub(crate) alternatives: Vec<Alternative>,
    pub(crate) providers: Vec<Provider>,
}

/// The two buttons of a decision: a consent, or whether to stay signed in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DecisionButtons {
    /// The label of the button that sends the form.
    pub(crate) allow: Wording,
    /// The label of the other button.
    pub(crate) decline: Wording,
    /// What the other button sends besides the fields.
    pub(crate) declined_values: Values,
}

/// A wait for another device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wait {
    pub(crate) reason: WaitReason,
    pub(crate) name: String,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
}

/// What the person does on the other device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WaitReason {
    /// Approve a push, with a number challenge if there is one.
    Approve(Option<String>),
    /// Scan a QR code with the app.
    Scan { picture: String, secret: Option<String> },
    /// Open a link that was sent.
    Open(Option<String>),
    /// Set the app up on the device that the browser runs on, as a message says.
    SetUpHere,
    /// Hold a card to the reader. An app reads it, which this address opens.
    Card { href: Option<String> },
    /// The org needs a moment, or the step is one that the program does not know.
    Other,
}

/// A step that Okta Verify on this device completes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DeviceStep {
    pub(crate) task: DeviceTask,
    /// The step that leaves it.
    pub(crate) cancel: Option<String>,
    pub(crate) alternatives: Vec<Alternative>,
}

/// What is done with Okta Verify.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DeviceTask {
    /// It gets this challenge from the page.
    Pass(Value),
    /// It is opened by this address, or downloaded.
    Open { href: String, download: Option<String> },
    /// The org is asked to challenge it, after it was opened by this address.
    Launch { href: Option<String> },
}

/// A step at another site.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Elsewhere {
    pub(crate) question: ElsewhereQuestion,
    /// What the site or its authenticator is called.
    pub(crate) name: String,
    /// The address of ours that leads there.
    pub(crate) href: String,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
}

/// What is asked at another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ElsewhereQuestion {
    /// The vendor of an authenticator asks in its own way.
    Vendor { enrolls: bool },
    /// The browser asks for the certificate of a smart card.
    Certificate { enrolls: bool },
    /// A service verifies who the person is, by these terms.
    Identity { terms: Vec<ConsentDetail> },
}

/// The input for whose a passkey is.
pub(crate) const USER_HANDLE: &str = "userHandle";

/// A request for a passkey.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Passkey {
    pub(crate) ceremony: Ceremony,
    pub(crate) name: PasskeyName,
    /// The ids of existing passkeys: not to create again, or to use.
    pub(crate) known: Vec<String>,
    /// Whether the org asks whose the passkey is.
    pub(crate) has_user_handle: bool,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
}

/// Whether to create or to use a passkey, with the options for the browser.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ceremony {
    Make(Value),
    /// One is offered after the sign-in, which can do without.
    Promote(Value),
    Use(Value),
}

/// What the org calls its passkeys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PasskeyName {
    /// As Okta named them first: a security key or biometric.
    Default,
    /// Passkeys.
    Passkeys,
    /// A name of the org's own.
    Own(String),
}

/// A person who is signed in and opens the sign-in page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignedInAlready {
    pub(crate) account: IdentifiedUser,
    /// Where the person goes without signing in again.
    pub(crate) href: String,
    /// The step that signs another account in.
    pub(crate) step: String,
}

/// The signed-in person.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignedInPerson {
    pub(crate) name: String,
    /// What the person signs in with.
    pub(crate) username: String,
}
