//! The screens: the closed set of what the person sees.

use super::alternative::{Alternative, Provider};
use super::ended::Ended;
use super::field::Field;
use super::form_kind::FormKind;
use latchkey_contract::{OwnSession, Value, Values};

/// What the person sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Screen {
    /// Nothing is known yet.
    Starting,
    /// Something is to be filled in.
    Form(StepForm),
    /// Something happens elsewhere.
    Wait(Wait),
    /// The device is asked.
    Passkey(Passkey),
    /// Nothing more can be answered here.
    Ended(Ended),
    /// Somebody is signed in.
    SignedIn(SignedInPerson),
}

/// The screens that the first part of the program can show: nothing else is needed before a person has said who they are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FirstScreen {
    Starting,
    SignIn(StepForm),
}

/// A form: what it is about, what is filled in, and what else can be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepForm {
    pub(crate) kind: FormKind,
    pub(crate) fields: Vec<Field>,
    /// What is sent besides the fields.
    pub(crate) fixed_values: Values,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
    pub(crate) providers: Vec<Provider>,
}

/// What happens elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wait {
    pub(crate) what: WaitReason,
    pub(crate) name: String,
    pub(crate) skip: bool,
    pub(crate) alternatives: Vec<Alternative>,
}

/// What the person does elsewhere while this page waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WaitReason {
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
    pub(crate) alternatives: Vec<Alternative>,
}

/// Whether a passkey is made or used, with what the device needs for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ceremony {
    Make(Value),
    Use(Value),
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignedInPerson {
    pub(crate) name: String,
    pub(crate) claims: Vec<(String, Value)>,
    /// Where they are signed in, here and elsewhere.
    pub(crate) sessions: Vec<OwnSession>,
}
