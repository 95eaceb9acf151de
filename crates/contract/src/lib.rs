//! The types of Latchkey's API: the JSON under `/api`, by the names of Okta's guides for embedded sign-in.
//!
//! The server writes a [`Transaction`] and reads [`Values`]; the client program does the opposite. A member of the org's
//! documents that is not in these types does not reach the browser. Both know the addresses of the pages: see [`route`].
//!
//! With the feature `schema` the types also describe themselves as JSON Schema: see `schema::schemas`.

mod account;
mod authenticator;
mod captcha;
mod consent;
mod message;
mod problem;
pub mod route;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(feature = "schema")]
mod schema_types;
mod session;
mod step;
mod step_up;
mod transaction;
mod value;

pub use account::{
    Account, AccountAuthenticator, AccountEmail, AccountEnrollment, AccountPasskey, AccountPassword,
    AccountPhone, EmailChallenge, PasskeyRegistrationOptions,
};
pub use authenticator::{
    Authenticator, AuthenticatorMethod, AuthenticatorSettings, Complexity, ContextualData, Enrollment,
    Profile, QrCode, Question,
};
pub use captcha::{AltchaTask, Captcha, CaptchaMethod, CaptchaTask};
pub use consent::{ConsentDetail, ConsentRequest, ConsentScope};
pub use message::{I18n, Message, MessageClass, MessageLink};
pub use problem::{AccountReason, Problem, ProblemCode};
pub use session::{OwnSession, OwnSessions, Session, User};
pub use step::{Choice, ChoiceValue, Form, GracePeriod, Idp, Input, InputKind, Poll, Step};
pub use step_up::StepUp;
pub use transaction::{Feature, IdentifiedUser, Status, Transaction};
pub use value::{Value, Values};

/// Compiles and tests the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExample;
