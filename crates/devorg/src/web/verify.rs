//! Plain pages of the org's own: what a link ends at, and the phone that has no app.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::{Site, reply};
use crate::transaction::{Enrolling, Stage};
use crate::user::Proof;
use crate::walk::Walk;

/// What the console allows itself: its own style and script, and nothing else.
pub(crate) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the plain pages do. A form may lead anywhere: an identity provider's ends at the app, and browsers hold a form
/// to this rule over every redirect.
const PLAIN_CSP: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page that says one thing.
pub(crate) fn page(status: u16, heading: &str, text: &str) -> Response {
    html(status, heading, &format!("<h1>{}</h1><p>{}</p>", escape(heading), escape(text)))
}

/// A page with a body of its own, which is markup already.
pub(crate) fn html(status: u16, title: &str, body: &str) -> Response {
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/dev/console.css\"></head>\
         <body class=\"plain\"><main>{body}<p class=\"banner\">{BANNER}</p></main></body></html>",
        escape(title)
    );
    let mut response = reply::typed(status, "text/html; charset=utf-8", text);
    response.headers_mut().insert("content-security-policy", http::HeaderValue::from_static(PLAIN_CSP));
    response.headers_mut().insert("referrer-policy", http::HeaderValue::from_static("no-referrer"));
    response
}

/// What nobody may overlook.
pub(crate) const BANNER: &str =
    "This is a development org. It runs on this machine only and holds no real accounts.";

/// Text as markup.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `GET /dev/okta-verify/{token}`: what the app on a phone would show after scanning the code.
pub(crate) async fn show(Path(token): Path<String>) -> Response {
    let body = format!(
        "<h1>Okta Verify</h1><p>This page stands in for the app on a phone.</p>\
         <form method=\"post\" action=\"/dev/okta-verify/{}\"><button>Add account</button></form>",
        escape(&token)
    );
    html(200, "Okta Verify", &body)
}

/// `POST /dev/okta-verify/{token}`: the phone is paired.
pub(crate) async fn pair(State(site): State<Arc<Site>>, Path(token): Path<String>) -> Response {
    let mut world = site.world();
    let found = world.transactions.find(|at| pairing(&at.stage).is_some_and(|(known, _)| known == token));
    let Some(handle) = found.map(|at| at.handle.clone()) else {
        return page(404, "Nothing to pair", "The code was used, or has expired.");
    };
    let Some(mut at) = world.transactions.take(&handle) else { return page(404, "Nothing to pair", "") };
    let secret = pairing(&at.stage).map(|(_, secret)| secret.to_owned()).unwrap_or_default();
    let (now, mut chance) = (site.now(), site.chance());
    let proof = Proof::OktaVerify { secret, last: None, device: "Dev phone".to_owned() };
    let paired =
        Walk { world: &mut world, at: &mut at, origin: &site.origin, now, chance: &mut chance }.paired(proof);
    world.transactions.put(at);
    drop(world);
    site.tell();
    match paired {
        Ok(()) => page(200, "Account added", "The sign-in page goes on by itself."),
        Err(_) => page(400, "Something went wrong", "Return to the sign-in page."),
    }
}

fn pairing(stage: &Stage) -> Option<(&str, &str)> {
    match stage {
        Stage::Enrolling { what: Enrolling::OktaVerify(pairing), .. } => {
            Some((&pairing.token, &pairing.secret))
        }
        _ => None,
    }
}
