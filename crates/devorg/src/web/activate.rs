//! The hosted page on which a code of a device is entered.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::json;

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
    // As on Okta's page, the client program of the page finds the token here.
    let config = json!({ "stateToken": state_token }).to_string().replace('<', "\\u003c");
    let body = format!(
        "<h1>{title}</h1><p>An app that shows the sign-in continues here with the state token of this page.</p>\
         <script type=\"application/json\" id=\"okta-sign-in\">{config}</script>"
    );
    pages::html(200, title, &body)
}
