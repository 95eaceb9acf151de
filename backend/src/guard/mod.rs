//! What stands before every route: whose page calls, for which host, and how the answer leaves.

mod admission;
mod context;
mod headers;
mod host;
mod journal;
mod origin;
mod pass;

pub use admission::{Admission, Permit};
pub use context::{Network, Peer, Person, TrustedProxies, counted_as};
pub use headers::{CONTENT_SECURITY_POLICY, with_headers};
pub use origin::{Caller, Origins, check as check_origin};
pub use pass::pass;
