//! What applies to every request.

pub(super) mod cors;
pub(crate) mod faults;
pub(super) mod journal;
pub(crate) mod rate_limit;
