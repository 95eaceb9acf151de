//! Links in mails: what happens when one is opened.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::pages;
use super::url::with_query;
use crate::flow::Walk;
use crate::shared::SharedState;

/// `GET /email/verify/{client}?token=…`: back to the app with the code, or, if the app has no page for it, done here.
pub(crate) async fn open(
    State(site): State<Arc<SharedState>>,
    Path(client): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let token = query.get("token").cloned().unwrap_or_default();
    let now = site.now();
    let mut world = site.world();
    let found = world.transactions.find(|at| {
        at.request.client_id == client
            && at.code().is_some_and(|code| code.link.as_deref() == Some(&token) && now < code.expires_at)
    });
    let Some(handle) = found.map(|at| at.handle.clone()) else {
        return pages::page(
            400,
            "This link is no longer valid",
            "Ask for a new mail in the app, or return to the page you came from.",
        );
    };
    let callback = world.app(&client).and_then(|app| app.email_callback.clone());
    let Some(mut at) = world.transactions.take(&handle) else {
        return super::response::typed(404, "text/plain", "");
    };
    let digits = at.code().map(|code| code.digits.clone()).unwrap_or_default();
    if let Some(callback) = callback {
        if let Some(code) = at.code_mut() {
            code.opened = true;
        }
        let callback = if callback == "redirect_uri" { at.request.redirect_uri.clone() } else { callback };
        let back = with_query(&callback, &[("state", &at.request.state), ("otp", &digits)]);
        world.transactions.put(at);
        return Redirect::to(&back).into_response();
    }
    let mut chance = site.chance();
    let opened =
        Walk { world: &mut world, at: &mut at, origin: &site.origin, now, chance: &mut chance }.open_link();
    world.transactions.put(at);
    drop(world);
    site.tell();
    match opened {
        Ok(()) => pages::page(200, "Success!", "Return to the original tab or window to continue."),
        Err(_) => {
            pages::page(400, "Something went wrong", "Return to the original tab and enter the code there.")
        }
    }
}
