//! The session of one browser: a cookie that names it, and what is kept under that name.

mod browser;
mod conversation;
mod cookie;
mod grant;
mod heart;
mod kept;
mod record;
mod signed_in;

pub use browser::{Browser, Names};
pub use conversation::{Conversation, Turn, Working};
pub(crate) use cookie::Device;
pub use cookie::{CookieKind, carry};
pub(crate) use grant::under_seal;
pub use grant::{Grant, Terms, Within};
pub use heart::Hearts;
pub use kept::{Kept, Next, ToEnd};
pub use record::{FlowName, Record, Submission};
pub(crate) use record::{hex, seconds};
pub use signed_in::SignedIn;
