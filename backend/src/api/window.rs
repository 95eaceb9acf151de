//! The page of a window that an element opens for a sign-in elsewhere, so that the page around the element stays.

use crate::app::App;
use axum::{
    extract::State,
    response::{Html, IntoResponse},
};
use http::header;

/// `GET /login/window`: the page. It leads to the identity provider, and at the end it closes the window.
pub(super) async fn page(State(app): State<App>) -> Html<String> {
    Html(app.brand.page(include_str!("../../../frontend/callback/window.html")))
}

/// `GET /login/window.js`: its script.
pub(super) async fn script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../frontend/callback/window.js"),
    )
}
