//! The edge: accepts connections, checks and admits every request, and completes every response.

mod access_log;
mod admission;
pub mod assets;
mod captcha_frame;
mod client_context;
mod connection_limit;
mod csrf;
mod edge;
mod headers;
mod host;
pub mod json_body;
mod pipeline;
mod problem;
mod server;
mod trusted_proxies;

pub use admission::{Admission, Permit, RequestPurpose};
pub use captcha_frame::CaptchaFrame;
pub(crate) use captcha_frame::CaptchaVendor;
pub(crate) use client_context::Device;
pub use client_context::{ClientContext, Peer};
pub use connection_limit::ConnectionLimit;
pub use csrf::{CallingOrigin, CheckedCall, CorsHeaders, Origins, check as check_origin};
pub use edge::Edge;
pub(crate) use headers::policy_of_pages;
pub use headers::{CONTENT_SECURITY_POLICY, with_headers};
pub use pipeline::with_pipeline;
pub use problem::{ApiError, problem};
pub use server::{Timeouts, listen, serve};
pub use trusted_proxies::TrustedProxies;
