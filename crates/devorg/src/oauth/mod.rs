//! The authorization server: client authentication, `/interact`, tokens, discovery.

pub(crate) mod client_auth;
pub(crate) mod discovery;
pub(crate) mod error;
pub(crate) mod id_token;
pub(crate) mod interact;
pub(crate) mod jwt;
pub(crate) mod keys;
pub(crate) mod token;
