//! The way to an identity provider: its address is the org's, and is told to a browser only when it goes there.

use crate::{app::App, problem::ApiError, session::Browser, session::Conversation, translate};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Redirect,
};
use latchkey_contract::Code;
use url::Url;

/// `GET /login/redirect/{transaction}/{which}`: to the identity provider of that id, or the link of that name.
pub(super) async fn leave(
    State(app): State<App>,
    browser: Browser,
    way: Result<Path<(String, String)>, PathRejection>,
) -> Result<Redirect, ApiError> {
    let Path((transaction, which)) = way.map_err(|_| Code::NotFound)?;
    let name = transaction.parse().map_err(|()| Code::NotFound)?;
    let conversation = Conversation::named(&app, &browser, Some(name)).await?;
    let transaction = conversation.flow()?.transaction();
    let href = translate::way_out(&transaction, &which).ok_or(Code::NotFound)?;
    let safe = Url::parse(href).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    if safe { Ok(Redirect::to(href)) } else { Err(Code::NotFound.into()) }
}
