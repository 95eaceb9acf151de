//! The edge: how connections are taken, what every request passes, and how an answer leaves.

mod access_log;
mod admission;
pub mod assets;
mod client_context;
mod connection_limit;
mod csrf;
mod headers;
mod host;
pub mod json_body;
mod pipeline;
mod server;

pub use admission::{Admission, Permit};
pub use client_context::{ClientContext, Peer, TrustedProxies, counted_as};
pub use connection_limit::ConnectionLimit;
pub use csrf::{CallingOrigin, Origins, check as check_origin};
pub use headers::{CONTENT_SECURITY_POLICY, with_headers};
pub use pipeline::pass;
pub use server::{Timeouts, listen, serve};
