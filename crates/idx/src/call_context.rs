//! The caller on whose behalf the org is called, and the HTTP headers that tell the org about it.

use std::net::IpAddr;

use http::header::{ACCEPT_LANGUAGE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

const MAX_USER_AGENT_CHARS: usize = 512;
const MAX_ACCEPT_LANGUAGE_CHARS: usize = 256;
/// Okta takes no longer device token.
const MAX_DEVICE_TOKEN_CHARS: usize = 32;

/// The person's side of a call. The org evaluates its policies with it, so it goes with every call.
#[derive(Debug, Clone, Default)]
pub struct CallContext {
    /// The person's IP address, as the app's server sees it.
    pub address: Option<IpAddr>,
    /// The person's browser.
    pub user_agent: Option<String>,
    /// The device, by an id that the app has given it. The org accepts it from confidential clients only.
    pub device_token: Option<String>,
    /// The languages the person reads.
    pub accept_language: Option<String>,
}

impl CallContext {
    /// The headers of the context. Characters that a header cannot carry are left out.
    pub(crate) fn headers(&self, is_confidential_client: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static("x-okta-user-agent-extended"),
            HeaderValue::from_static(concat!("latchkey-idx/", env!("CARGO_PKG_VERSION"))),
        );
        let address = self.address.map(|address| address.to_string());
        let device = self.device_token.as_ref().filter(|_| is_confidential_client);
        for (name, text, max_chars) in [
            (HeaderName::from_static("x-forwarded-for"), address.as_ref(), usize::MAX),
            (USER_AGENT, self.user_agent.as_ref(), MAX_USER_AGENT_CHARS),
            (ACCEPT_LANGUAGE, self.accept_language.as_ref(), MAX_ACCEPT_LANGUAGE_CHARS),
            (HeaderName::from_static("x-device-token"), device, MAX_DEVICE_TOKEN_CHARS),
        ] {
            if let Some(value) = text.and_then(|text| header_value(text, max_chars)) {
                headers.insert(name, value);
            }
        }
        headers
    }
}

fn header_value(text: &str, max_chars: usize) -> Option<HeaderValue> {
    let visible: String =
        text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(max_chars).collect();
    let trimmed = visible.trim();
    HeaderValue::from_str(trimmed).ok().filter(|_| !trimmed.is_empty())
}
