//! What the browser and the server say to each other: the JSON under `/api`, in the words of Okta's embedded-SDK guides.
//!
//! The server writes a [`Transaction`] and reads [`Values`]; the browser does the opposite. Nothing here is free-form:
//! whatever is not named in these types does not reach the browser.

mod problem;
mod session;
mod transaction;
mod value;
mod values;

pub use problem::{Code, Problem};
pub use session::{OwnSession, OwnSessions, Session, User};
pub use transaction::{
    Authenticator, Choice, ChoiceValue, Complexity, ContextualData, Enrollment, Feature, Form, I18n, Idp,
    Input, Kind, Message, MessageClass, Method, Poll, Profile, QrCode, Question, Settings, Status, Step,
    Transaction,
};
pub use value::Value;
pub use values::Values;

/// Compiles and tests the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExample;
