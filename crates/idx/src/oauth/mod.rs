//! OAuth and OpenID Connect as pure functions: discovery, keys, tokens and their checks.

pub(crate) mod claims;
pub(crate) mod discovery;
pub(crate) mod id_token;
pub(crate) mod jwt;
pub(crate) mod keys;
pub(crate) mod logout_token;
pub mod serde_tokens;
pub(crate) mod tokens;
