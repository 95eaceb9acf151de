//! Magic links in mails.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::pages;
use super::url::with_query;
use crate::org::state::OrgState;
use crate::org::transaction::Transaction;
use crate::shared::SharedState;

type Fields = HashMap<String, String>;

/// `GET /email/verify/{client}?token=…`: redirects to the app with the code. If the app has no page for it, completes the
/// step here, or leads to a page that asks first whether to.
pub(crate) async fn open(
    State(shared): State<Arc<SharedState>>,
    Path(client): Path<String>,
    Query(query): Query<Fields>,
) -> Response {
    let mut org = shared.org();
    let Some(mut transaction) = take_transaction(&mut org, &client, &query, &shared) else {
        return expired();
    };
    let app = org.app(&client);
    let callback = app.and_then(|app| app.email_callback.clone());
    if let Some(callback) = callback {
        let passcode = transaction.code().map(|code| code.passcode.clone()).unwrap_or_default();
        if let Some(code) = transaction.code_mut() {
            code.opened = true;
        }
        let callback =
            if callback == "redirect_uri" { transaction.request.redirect_uri.clone() } else { callback };
        let back = with_query(&callback, &[("state", &transaction.request.state), ("otp", &passcode)]);
        org.transactions.put(transaction);
        return Redirect::to(&back).into_response();
    }
    if app.is_some_and(|app| app.email_link_consent) {
        let page = shared.with_engine(&mut org, &mut transaction, |engine| engine.ask_on_page());
        org.transactions.put(transaction);
        return page.map_or_else(
            |_| expired(),
            |state_token| Redirect::to(&format!("/signin/{state_token}")).into_response(),
        );
    }
    let opened = shared.with_engine(&mut org, &mut transaction, |engine| engine.follow_email_link());
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

/// The transaction that a link belongs to, while its code is valid.
fn take_transaction(
    org: &mut OrgState,
    client: &str,
    query: &Fields,
    shared: &SharedState,
) -> Option<Transaction> {
    let (token, now) = (query.get("token")?, shared.now());
    let is_linked = |transaction: &Transaction| {
        let code = transaction.code().filter(|code| now < code.expires_at);
        transaction.request.client_id == client
            && code.is_some_and(|code| code.link.as_deref() == Some(token))
    };
    let handle = org.transactions.find(is_linked).map(|transaction| transaction.handle.clone())?;
    org.transactions.take(&handle)
}

fn expired() -> Response {
    pages::page(
        400,
        "This link is no longer valid",
        "Request a new mail in the app, or return to the page you came from.",
    )
}
