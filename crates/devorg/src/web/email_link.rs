//! Magic links in mails.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::pages;
use super::url::with_query;
use crate::flow::IdentityEngine;
use crate::shared::SharedState;

/// `GET /email/verify/{client}?token=…`: redirects to the app with the code, or completes the step here if the app has
/// no page for it.
pub(crate) async fn open(
    State(shared): State<Arc<SharedState>>,
    Path(client): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let token = query.get("token").cloned().unwrap_or_default();
    let now = shared.now();
    let mut org = shared.org();
    let found = org.transactions.find(|transaction| {
        transaction.request.client_id == client
            && transaction
                .code()
                .is_some_and(|code| code.link.as_deref() == Some(&token) && now < code.expires_at)
    });
    let Some(handle) = found.map(|transaction| transaction.handle.clone()) else {
        return pages::page(
            400,
            "This link is no longer valid",
            "Request a new mail in the app, or return to the page you came from.",
        );
    };
    let callback = org.app(&client).and_then(|app| app.email_callback.clone());
    let Some(mut transaction) = org.transactions.take(&handle) else {
        return super::response::typed(404, "text/plain", "");
    };
    let digits = transaction.code().map(|code| code.digits.clone()).unwrap_or_default();
    if let Some(callback) = callback {
        if let Some(code) = transaction.code_mut() {
            code.opened = true;
        }
        let callback =
            if callback == "redirect_uri" { transaction.request.redirect_uri.clone() } else { callback };
        let back = with_query(&callback, &[("state", &transaction.request.state), ("otp", &digits)]);
        org.transactions.put(transaction);
        return Redirect::to(&back).into_response();
    }
    let mut random = shared.random();
    let opened = IdentityEngine {
        org: &mut org,
        transaction: &mut transaction,
        origin: &shared.origin,
        now,
        random: &mut random,
    }
    .follow_email_link();
    org.transactions.put(transaction);
    drop(org);
    shared.notify_change();
    match opened {
        Ok(()) => pages::page(200, "Success!", "Return to the original tab or window to continue."),
        Err(_) => {
            pages::page(400, "Something went wrong", "Return to the original tab and enter the code there.")
        }
    }
}
