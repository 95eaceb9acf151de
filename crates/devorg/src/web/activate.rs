//! The hosted page on which a code of a device is entered.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;

use super::pages;
use crate::flow;
use crate::shared::SharedState;

/// `GET /activate?user_code=…`: the page, with the state token of a transaction that asks for the code.
pub(crate) async fn page(
    State(shared): State<Arc<SharedState>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let title = "Activate your device";
    let user_code = query.get("user_code").map(String::as_str).unwrap_or_default();
    let begun = {
        let (now, mut random, mut org) = (shared.now(), shared.random(), shared.org());
        flow::activate::begin_activation(&mut org, user_code, now, &mut random)
    };
    let Some(state_token) = begun else {
        return pages::page(404, title, "This org has no apps.");
    };
    let text = "An app that shows the sign-in continues here with the state token of this page.";
    let state_token = pages::with_state_token(&state_token);
    pages::html(200, title, &format!("<h1>{title}</h1><p>{text}</p>{state_token}"))
}
