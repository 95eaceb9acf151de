//! How the org is called: a stack of transports, each a limit around the next.

pub mod circuit_breaker;
pub mod concurrency;
pub mod flow_pacing;
mod retry_after;
pub mod shared_quota;
