//! Simple HTML pages, such as the one a magic link opens.

use axum::response::Response;
use serde_json::json;

use super::response;

/// The console's content security policy.
pub(crate) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The content security policy of simple pages. No `form-action`: it also applies to redirects, and a provider's form
/// ends at the app.
const PLAIN_CSP: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page with a heading and a text.
pub(crate) fn page(status: u16, heading: &str, text: &str) -> Response {
    html(status, heading, &format!("<h1>{}</h1><p>{}</p>", escape(heading), escape(text)))
}

/// A page with a body of HTML.
pub(crate) fn html(status: u16, title: &str, body: &str) -> Response {
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/dev/console.css\"></head>\
         <body class=\"plain\"><main>{body}<p class=\"banner\">{BANNER}</p></main></body></html>",
        escape(title)
    );
    let mut response = response::typed(status, "text/html; charset=utf-8", text);
    response.headers_mut().insert("content-security-policy", http::HeaderValue::from_static(PLAIN_CSP));
    // With `no-referrer`, a browser sends `Origin: null` with the page's own forms.
    response.headers_mut().insert("referrer-policy", http::HeaderValue::from_static("same-origin"));
    response
}

/// The state token of a page. As on Okta's pages, the client program of the page finds it here.
pub(crate) fn with_state_token(state_token: &str) -> String {
    let config = json!({ "stateToken": state_token }).to_string().replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"okta-sign-in\">{config}</script>")
}

/// The notice on every page.
pub(crate) const BANNER: &str =
    "This is a development org. It runs on this machine only and holds no real accounts.";

/// Escapes text for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
