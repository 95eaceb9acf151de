//! The session of a browser: its cookie, and the record that the cookie opens.

mod browser;
mod cookie;
mod cookie_store;
pub mod flow_queue;
mod flow_turn;
mod grant;
pub(crate) mod index;
mod lease;
pub(crate) mod moved_sessions;
mod record;
mod refresh;
pub(crate) mod revocations;
mod sessions;
mod signed_in;
mod step_comparison;
mod stored_record;
mod unstored_grants;

pub use browser::{Browser, SessionCookies, with_session};
pub use cookie::CookieKind;
pub use cookie_store::CookieLifetime;
pub use flow_turn::{CurrentFlow, FlowTurn, LeasedFlow, SignedInFlow};
pub use grant::{Grant, Lifetimes, SessionLifetime};
pub(crate) use grant::{seconds, under_seal};
pub use lease::Leases;
pub use record::{FlowName, Record, Submission};
pub use sessions::Sessions;
pub use signed_in::SignedIn;
pub use stored_record::{SessionToEnd, StoredRecord};
pub use unstored_grants::UnstoredGrants;
