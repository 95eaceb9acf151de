//! What protects accounts: limits of calls, and devices that are known.

pub mod identifier;
pub mod known_device;
pub mod rate_limit;
