//! The session of one browser: a cookie that names it, and what is stored under that name.

mod browser;
mod cookie;
pub mod flow_queue;
mod flow_turn;
mod grant;
pub(crate) mod index;
mod lease;
pub(crate) mod moved;
mod record;
pub(crate) mod revocations;
mod signed_in;
mod stored_record;

pub use browser::{Browser, HandleStore};
pub use cookie::{CookieKind, with_session_cookie};
pub use flow_turn::{CurrentFlow, FlowTurn, LeasedFlow};
pub(crate) use grant::under_seal;
pub use grant::{Grant, Lifetimes, SessionLifetime};
pub use lease::Leases;
pub(crate) use record::seconds;
pub use record::{FlowName, Record, Submission};
pub use signed_in::SignedIn;
pub use stored_record::{StoredRecord, ToEnd};
