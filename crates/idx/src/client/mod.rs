//! The client: the only room that sends requests, reads the clock and draws random bytes.

pub(crate) mod account_calls;
pub(crate) mod authorize_calls;
mod captcha_calls;
mod device_calls;
pub(crate) mod flow_calls;
pub(crate) mod logout_calls;
pub(crate) mod org_client;
pub(crate) mod random;
pub(crate) mod signing_keys;
pub(crate) mod token_calls;
