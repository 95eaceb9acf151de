//! Programs that the tests and the client's optimisation need: found on this machine, or installed.

mod apt;
pub(crate) mod cargo_deny;
pub(crate) mod chromium;
pub(crate) mod engines;
pub(crate) mod npm;
