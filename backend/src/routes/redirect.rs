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
    if is_of_the_web(href) { Ok(Redirect::to(href)) } else { Err(Code::NotFound.into()) }
}

/// Whether it is a place to go to, and nothing that a browser would do.
fn is_of_the_web(href: &str) -> bool {
    Url::parse(href).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::is_of_the_web;

    #[test]
    fn sec_35_a_way_out_is_a_place_of_the_web() {
        assert!(is_of_the_web("https://idp.example/authorize?state=1"));
        for href in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "blob:https://idp.example/1",
            "okta-verify://enrol",
            "//idp.example",
            "/login",
            "",
        ] {
            assert!(!is_of_the_web(href), "{href}");
        }
    }
}
