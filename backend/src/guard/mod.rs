//! What stands before every route: whose page calls, for which host, and how the answer leaves.

mod context;
mod door;
mod headers;
mod host;
mod journal;
mod origin;
mod pass;

pub use context::{Network, Peer, Person, TrustedProxies, counted_as};
pub use headers::{CONTENT_SECURITY_POLICY, with_headers};
pub use origin::{Caller, Origins, check as check_origin};
pub use pass::pass;
