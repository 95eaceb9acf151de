//! Requests for our own host only, so that a host name from outside never gets into an address.

use super::captcha_frame::{self, CaptchaFrame};
use super::{ApiError, Origins, RequestPurpose};
use axum::extract::Request;
use http::header;
use latchkey_contract::ProblemCode;

/// A longer address is refused.
const MAX_ADDRESS_BYTES: usize = 4 * 1024;
/// For all header names and values together. The connection's own buffer holds more.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Checks that a request names our own host. A health check comes by address and may name any.
///
/// The frame of a CAPTCHA has a host of its own, at which nothing else is answered.
pub(super) fn check(
    purpose: RequestPurpose,
    request: &Request,
    origins: &Origins,
    frame: Option<&CaptchaFrame>,
) -> Result<(), ApiError> {
    let address = request.uri();
    if address.path().len() + address.query().map_or(0, str::len) > MAX_ADDRESS_BYTES {
        return Err(ApiError::invalid("the address is too long"));
    }
    let head = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    if head.sum::<usize>() > MAX_HEAD_BYTES {
        return Err(ApiError::invalid("the headers are too long"));
    }
    if purpose == RequestPurpose::Health {
        return Ok(());
    }
    let is_our_host = |host: &str| match address.path().starts_with(captcha_frame::PATH) {
        true => frame.is_some_and(|frame| frame.is_host(host)),
        false => origins.is_our_host(host),
    };
    let mut named = request.headers().get_all(header::HOST).iter();
    let is_ours = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_our_host),
        _ => false,
    };
    // A target in absolute form has a host, too, and another program may use that one instead of the header.
    let is_ours_in_address = address.authority().is_none_or(|named| is_our_host(named.as_str()));
    if is_ours && is_ours_in_address { Ok(()) } else { Err(ProblemCode::WrongHost.into()) }
}
