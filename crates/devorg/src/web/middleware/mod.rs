//! What applies to every request.

pub(crate) mod cors;
pub(crate) mod faults;
pub(super) mod journal;
pub(crate) mod rate_limit;
