//! Redirects to the org's pages for an authenticator: the page gets only our own address, and the redirect has the org's.

use super::access::AccountAccess;
use crate::{api::redirect, http::ApiError};
use axum::{
    extract::{Path, rejection::PathRejection},
    response::Redirect,
};
use latchkey_contract::ProblemCode;

/// Names the page that sets an authenticator up, in place of an enrolment.
const SET_UP: &str = "set-up";

/// `GET /account/authenticators/{id}/{which}`: to the org's page that sets an authenticator up, or that removes an enrolment.
pub(crate) async fn leave(
    access: AccountAccess,
    way: Result<Path<(String, String)>, PathRejection>,
) -> Result<Redirect, ApiError> {
    let Path((id, which)) = way.map_err(|_| ProblemCode::NotFound)?;
    let authenticators = access.account().authenticators().await?;
    let authenticator = authenticators.into_iter().find(|one| one.id == id).ok_or(ProblemCode::NotFound)?;
    let page = match which.as_str() {
        SET_UP => authenticator.set_up_page,
        enrollment => {
            let mut enrollments = authenticator.enrollments.into_iter();
            enrollments.find(|one| one.id == enrollment).and_then(|one| one.removal_page)
        }
    };
    page.as_deref().and_then(redirect::to).ok_or_else(|| ProblemCode::NotFound.into())
}
