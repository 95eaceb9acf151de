//! The addresses of a sign-in on the org's own page: the page, and the app with a code.

use super::url::with_query;
use crate::oauth::discovery;
use crate::org::transaction::Transaction;

/// The address of the page of a transaction.
pub(super) fn address(origin: &str, transaction: &Transaction) -> String {
    format!("{origin}/signin/{}", transaction.handle)
}

/// The address of the app with a code (RFC 6749, RFC 9207), or without one after an enrolment that the app asked for.
pub(super) fn granted_address(origin: &str, transaction: &Transaction, code: &str) -> String {
    let request = &transaction.request;
    if !request.enroll.is_empty() {
        return with_query(&request.redirect_uri, &[("state", &request.state)]);
    }
    let issuer = discovery::issuer(origin, &request.server);
    with_query(&request.redirect_uri, &[("code", code), ("state", &request.state), ("iss", &issuer)])
}
