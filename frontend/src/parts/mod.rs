//! Parts: components that know neither the contract nor the flow.

pub(crate) mod banner;
pub(crate) mod button;
pub(crate) mod icon;
pub(crate) mod look;
pub(crate) mod picture;
