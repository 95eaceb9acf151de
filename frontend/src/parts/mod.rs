//! What it looks like: parts that know neither the contract's steps nor the flow.

pub(crate) mod banner;
pub(crate) mod button;
pub(crate) mod look;
pub(crate) mod picture;
