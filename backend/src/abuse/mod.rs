//! What protects accounts and the server: limits of calls, permits by key, and known devices.

mod address;
pub mod identifier;
pub mod known_device;
pub mod permits;
pub mod rate;
pub mod rate_limit;

pub use address::counted_address;
