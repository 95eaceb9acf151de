//! Requests the org itself sends.

pub(crate) mod http_client;
pub(crate) mod logout_notices;
