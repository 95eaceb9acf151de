//! The built client: from a folder while it is made, from the binary when it is shipped.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use rust_embed::RustEmbed;
use std::{borrow::Cow, path::PathBuf};

/// Where the built client is.
#[derive(Clone, Debug)]
pub enum Assets {
    /// In this folder, read each time.
    Folder(PathBuf),
    /// In the binary.
    Embedded,
}

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Client;

/// The caching of a file whose name has a hash: its content never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The caching of the texts of a language. They are found by their English texts, so old ones do no harm.
const SHORT_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// The compressed forms, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

impl Assets {
    /// The file at this path of the address, if there is one.
    pub async fn file(&self, path: &str, request: &HeaderMap) -> Option<Response> {
        let name = path.strip_prefix('/').filter(|name| is_plain(name))?;
        let kind = kind(name)?;
        let (coding, body) = self.best(name, request).await?;
        let mut response = body.into_owned().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if is_hashed(name) {
            headers.insert(header::CACHE_CONTROL, IMMUTABLE);
        } else if name.starts_with("text/") {
            headers.insert(header::CACHE_CONTROL, SHORT_CACHE);
        }
        Some(response)
    }

    /// Whether the client is there. A server whose API alone is used needs none.
    pub async fn has_page(&self) -> bool {
        self.read("index.html").await.is_some()
    }

    /// The page's text, if there is a page.
    pub async fn page_text(&self) -> Option<String> {
        self.text("/index.html").await.and_then(|page| String::from_utf8(page).ok())
    }

    /// The uncompressed content of a file.
    pub async fn text(&self, path: &str) -> Option<Vec<u8>> {
        let name = path.strip_prefix('/').filter(|name| is_plain(name))?;
        self.read(name).await.map(Cow::into_owned)
    }

    async fn best(
        &self,
        name: &str,
        request: &HeaderMap,
    ) -> Option<(Option<&'static str>, Cow<'static, [u8]>)> {
        for (coding, ending) in ENCODINGS {
            if accepts(request, coding)
                && let Some(body) = self.read(&format!("{name}{ending}")).await
            {
                return Some((Some(coding), body));
            }
        }
        self.read(name).await.map(|body| (None, body))
    }

    async fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Folder(folder) => tokio::fs::read(folder.join(name)).await.ok().map(Cow::Owned),
            Self::Embedded => Client::get(name).map(|file| file.data),
        }
    }
}

/// Whether a path asks for a file and not for a route of the client.
pub fn is_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// Names that stay inside the folder: letters, digits, and no part that begins with a dot.
fn is_plain(name: &str) -> bool {
    name.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    })
}

/// Whether the name holds a digest of the content: eight or more hexadecimal digits after a hyphen.
fn is_hashed(name: &str) -> bool {
    let is_digest = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let last = name.rsplit('/').next().unwrap_or_default();
    last.split(['-', '.', '_']).skip(1).any(is_digest)
}

fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// Whether the browser takes this coding; `q=0` means that it does not.
pub fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let lines = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        });
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::{accepts, is_file, is_hashed, is_plain};
    use http::{HeaderMap, header};

    #[test]
    fn a_coding_is_used_only_when_the_browser_takes_it() {
        for (line, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("BR", true),
            ("br;q=0.5", true),
            ("br;q=0", false),
            ("gzip, br; q=0.0", false),
            ("gzip", false),
            ("", false),
            ("brr", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, line.parse().unwrap());
            assert_eq!(accepts(&headers, "br"), expected, "{line}");
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn a_name_stays_inside_the_folder() {
        for name in ["index.html", "app-0a1b2c3d.js", "snippets/a_b/inline0.js"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", "../secret", "a/../b", "/etc/passwd", ".env", "a/.git/b", "a\\b", "a%2fb", "a//b"] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn only_a_name_with_a_digest_is_kept_for_ever() {
        for name in ["app-0a1b2c3d.js", "app-0a1b2c3d4e5f6071_bg.wasm", "style/main-deadbeef01.css"] {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["index.html", "app.js", "deadbeef01.js", "app-beef.js", "app-notahexdigest.js"] {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn a_route_of_the_client_is_not_a_file() {
        assert!(is_file("/app.js") && is_file("/a/b.wasm"));
        assert!(!is_file("/") && !is_file("/challenge-authenticator/okta_email") && !is_file("/v1.2/login"));
    }
}
