//! The types of Latchkey's API: the JSON under `/api`, by the names of Okta's guides for embedded sign-in.
//!
//! The server writes a [`Transaction`] and reads [`Values`]; the client program does the opposite. A member of the org's
//! documents that is not in these types does not reach the browser.
//!
//! With the feature `schema` the types also describe themselves as JSON Schema: see `schema::schemas`.

mod problem;
#[cfg(feature = "schema")]
pub mod schema;
mod session;
mod transaction;
mod value;
mod values;

pub use problem::{Code, Problem};
pub use session::{OwnSession, OwnSessions, Session, User};
pub use transaction::{
    Authenticator, Choice, ChoiceValue, Complexity, ContextualData, Enrollment, Feature, Form, I18n, Idp,
    Input, InputKind, Message, MessageClass, Method, Poll, Profile, QrCode, Question, Settings, Status, Step,
    Transaction,
};
pub use value::Value;
pub use values::Values;

/// Compiles and tests the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExample;
