//! What stands before every route: whose page calls, for which host, and how the answer leaves.

mod context;
mod headers;
mod host;
mod journal;
mod origin;

pub use context::{Network, Peer, Person, TrustedProxies};
pub use headers::{CONTENT_SECURITY_POLICY, add as add_headers};
pub use host::check as check_host;
pub use journal::keep as keep_journal;
pub use origin::{Caller, Origins, check as check_origin};
