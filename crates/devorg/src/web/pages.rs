//! Plain pages of the org's own, such as what a link in a mail ends at.

use axum::response::Response;

use super::response;

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
    let mut response = response::typed(status, "text/html; charset=utf-8", text);
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
