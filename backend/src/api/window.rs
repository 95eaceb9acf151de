//! The page of a window that an element opens for a sign-in elsewhere, so that the page around the element stays.

use super::server_page::ServerPage;
use crate::app::App;
use axum::{
    extract::State,
    response::{Html, IntoResponse},
};
use http::header;

/// The page, whose content is shown at the end, in browsers that close a window only by hand.
const PAGE: ServerPage = ServerPage {
    title: "You can close this page",
    script: "window.js",
    main: include_str!("../../../frontend/callback/window.html"),
};

/// `GET /login/window`: the page. It leads to the identity provider, and at the end it closes the window.
pub(super) async fn page(State(app): State<App>) -> Html<String> {
    Html(PAGE.draw(&app.brand))
}

/// `GET /login/window.js`: its script.
pub(super) async fn script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../frontend/callback/window.js"),
    )
}
