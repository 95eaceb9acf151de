//! Redirects to an identity provider: the page gets only our own address, and the redirect has the org's.

use crate::{app::App, http::ApiError, session::Browser, session::CurrentFlow, translate};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Redirect,
};
use latchkey_contract::ProblemCode;
use url::Url;

/// `GET /login/redirect/{transaction}/{which}`: to the identity provider of that id, or the link of that name.
pub(super) async fn leave(
    State(app): State<App>,
    browser: Browser,
    way: Result<Path<(String, String)>, PathRejection>,
) -> Result<Redirect, ApiError> {
    let Path((transaction, which)) = way.map_err(|_| ProblemCode::NotFound)?;
    let name = transaction.parse().map_err(|()| ProblemCode::NotFound)?;
    let current = CurrentFlow::named(&app.sessions, &browser, name).await?;
    let transaction = current.flow()?.transaction();
    let href = translate::way_out(&transaction, &which).ok_or(ProblemCode::NotFound)?;
    to(href).ok_or_else(|| ProblemCode::NotFound.into())
}

/// A redirect to a web address as browsers read it: without line breaks, and in ASCII. There is none for other schemes,
/// such as `javascript:`.
pub(super) fn to(href: &str) -> Option<Redirect> {
    let url = Url::parse(href).ok()?;
    let is_of_the_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    is_of_the_web.then(|| Redirect::to(url.as_str()))
}

#[cfg(test)]
mod tests {
    use super::to;
    use axum::response::IntoResponse;
    use http::{StatusCode, header};

    #[test]
    fn sec_35_a_way_out_is_a_place_of_the_web() {
        assert!(to("https://idp.example/authorize?state=1").is_some());
        for href in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "blob:https://idp.example/1",
            "okta-verify://enrol",
            "//idp.example",
            "/login",
            "",
        ] {
            assert!(to(href).is_none(), "{href}");
        }
    }

    #[test]
    fn sec_226_an_address_with_a_line_break_leads_where_a_browser_would_go() {
        for href in [
            "https://idp.example/a\r\nx: y",
            "https://idp.example/a\tx: y",
            "\nhttps://idp.example/ax: y\u{1}",
        ] {
            let response = to(href).unwrap().into_response();
            assert_eq!(response.status(), StatusCode::SEE_OTHER, "{href:?}");
            assert_eq!(response.headers()[header::LOCATION], "https://idp.example/ax:%20y", "{href:?}");
        }
        let response = to("https://idp.example/caf\u{e9}").unwrap().into_response();
        assert_eq!(response.headers()[header::LOCATION], "https://idp.example/caf%C3%A9");
    }
}
