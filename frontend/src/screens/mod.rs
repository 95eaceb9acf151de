//! What is asked, screen by screen.

pub(crate) mod ended;
pub(crate) mod fill;
mod frame;
pub(crate) mod passkey;
pub(crate) mod signed_in;
pub(crate) mod starting;
pub(crate) mod wait;
mod ways;
mod words;
