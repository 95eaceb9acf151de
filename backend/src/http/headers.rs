//! The headers that every answer carries, errors included.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// What our pages may load and do. Nothing is inline, and no string becomes markup or a script.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// From then on a browser uses https alone (HSTS). Browsers ignore it on plain http, as on localhost.
const STRICT_TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// Our pages may use passkeys, and no other feature of the device.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), \
    idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), \
    usb=(), xr-spatial-tracking=()";

const ALWAYS: [(HeaderName, HeaderValue); 8] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT)),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
];

/// The policy of our own pages, which may embed the frame of a CAPTCHA and call Okta Verify on the person's own device at these ports.
pub(crate) fn policy_of_pages(frame: Option<&str>, device_ports: &[u16]) -> Option<HeaderValue> {
    if frame.is_none() && device_ports.is_empty() {
        return None;
    }
    let devices: String = device_ports
        .iter()
        .map(|port| format!(" http://localhost:{port} https://*.authenticatorlocaldev.com:{port}"))
        .collect();
    let frame = frame.map_or_else(String::new, |origin| format!("; frame-src {origin}"));
    let policy =
        CONTENT_SECURITY_POLICY.replace("connect-src 'self'", &format!("connect-src 'self'{devices}"));
    HeaderValue::try_from(format!("{policy}{frame}")).ok()
}

/// Adds the headers of every response. A response without `Cache-Control` is not cached.
pub(super) fn add(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(const { HeaderValue::from_static("no-store") });
}

/// The response with the headers of every response.
pub async fn with_headers(mut response: Response) -> Response {
    add(response.headers_mut());
    response
}
