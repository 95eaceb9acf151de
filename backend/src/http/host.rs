//! Answers for our own host only, so that a host name from outside never gets into an address.

use super::Origins;
use crate::problem::ApiError;
use axum::extract::Request;
use http::header;
use latchkey_contract::ProblemCode;

/// The longest address that is looked at.
const MAX_ADDRESS_BYTES: usize = 4 * 1024;
/// All names and values of a head together. What reads it from the connection takes in more at a time.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Lets a request for our own host through. A health check comes by address and may use any.
pub(super) fn check(request: &Request, origins: &Origins) -> Result<(), ApiError> {
    let address = request.uri();
    if address.path().len() + address.query().map_or(0, str::len) > MAX_ADDRESS_BYTES {
        return Err(ApiError::invalid("the address is too long"));
    }
    let head = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    if head.sum::<usize>() > MAX_HEAD_BYTES {
        return Err(ApiError::invalid("the headers are too long"));
    }
    if matches!(address.path(), "/healthz" | "/readyz") {
        return Ok(());
    }
    let mut named = request.headers().get_all(header::HOST).iter();
    let ours = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().is_ok_and(|host| origins.is_our_host(host)),
        _ => false,
    };
    // An address may name a host, too: what then stands in the header is not what others go by.
    let also = address.authority().is_none_or(|named| origins.is_our_host(named.as_str()));
    if ours && also { Ok(()) } else { Err(ProblemCode::WrongHost.into()) }
}
