//! The cookies of the server: their names and attributes, how they are read and how they are set.

use super::cookie_store::CookieLifetime;
use crate::{config::is_loopback, http::ApiError};
use http::{HeaderMap, HeaderValue, header};
use latchkey_vault::SessionHandle;
use std::time::Duration;
use url::Url;

/// A device keeps its name for a year.
const DEVICE_LIFETIME: Duration = Duration::from_secs(31_536_000);

/// The names and attributes of the cookies, by the server's public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// Over https. A browser that knows the prefix takes such a cookie only from a server, and only with all attributes.
    HostPrefixed,
    /// Over plain http on this machine, where WebKit drops every `Secure` cookie, and with it every prefix. The names
    /// differ, so that a cookie of this kind is never taken for one of the other.
    Loopback,
}

impl CookieKind {
    /// The kind for a public address: only plain http on loopback goes without `Secure`.
    pub fn of(public_url: &Url) -> Self {
        let is_plain_http = public_url.scheme() == "http" && is_loopback(public_url);
        if is_plain_http { Self::Loopback } else { Self::HostPrefixed }
    }

    /// The name of the session cookie.
    pub fn session(self) -> &'static str {
        match self {
            Self::HostPrefixed => "__Host-Http-sid",
            Self::Loopback => "loopback-sid",
        }
    }

    /// The cookie that names the device to the org, which recognises it. It is random and no secret.
    fn device(self) -> &'static str {
        match self {
            Self::HostPrefixed => "__Host-Http-dt",
            Self::Loopback => "loopback-dt",
        }
    }

    /// A browser that knows the prefix ignores a cookie without all of these, and a removal as well.
    fn attributes(self) -> &'static str {
        match self {
            Self::HostPrefixed => "Path=/; Secure; HttpOnly; SameSite=Strict",
            Self::Loopback => "Path=/; HttpOnly; SameSite=Strict",
        }
    }

    /// The handle in the session cookie. Two cookies of that name are refused: another page has planted one.
    pub(super) fn read_session(self, headers: &HeaderMap) -> Result<Option<SessionHandle>, ApiError> {
        let mut values = cookies(headers, self.session());
        match (values.next(), values.next()) {
            (value, None) => Ok(value.and_then(SessionHandle::read)),
            (_, Some(_)) => Err(ApiError::invalid("the request has two session cookies")),
        }
    }

    /// The name in the device cookie.
    pub(super) fn read_device(self, headers: &HeaderMap) -> Option<String> {
        let is_ours = |value: &&str| value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        cookies(headers, self.device()).next().filter(is_ours).map(str::to_owned)
    }

    /// Sets the session cookie.
    pub(super) fn set_session(self, handle: &SessionHandle, lifetime: CookieLifetime) -> Option<HeaderValue> {
        self.set(self.session(), &handle.write(), lifetime)
    }

    /// Removes the session cookie.
    pub(super) fn remove_session(self) -> Option<HeaderValue> {
        self.set(self.session(), "", CookieLifetime::Fixed(Duration::ZERO))
    }

    /// Sets the device cookie.
    pub(super) fn set_device(self, device: &str) -> Option<HeaderValue> {
        self.set(self.device(), device, CookieLifetime::Fixed(DEVICE_LIFETIME))
    }

    fn set(self, name: &str, value: &str, lifetime: CookieLifetime) -> Option<HeaderValue> {
        let max_age = match lifetime {
            CookieLifetime::Browser => String::new(),
            CookieLifetime::Fixed(lifetime) => format!("; Max-Age={}", lifetime.as_secs()),
        };
        let line = format!("{name}={value}; {}{max_age}", self.attributes());
        HeaderValue::from_str(&line).ok()
    }
}

/// The values of the cookies of this name. A header is split as bytes, since a sibling domain's cookie may hold any; a
/// value that is not text cannot be ours.
fn cookies<'a>(headers: &'a HeaderMap, wanted: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    lines
        .flat_map(|line| line.split(|byte| *byte == b';'))
        .filter_map(|pair| {
            let mut sides = pair.trim_ascii().splitn(2, |byte| *byte == b'=');
            Some((sides.next()?, sides.next()?))
        })
        .filter(move |(name, _)| *name == wanted.as_bytes())
        .map(|(_, value)| str::from_utf8(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{CookieKind, CookieLifetime};
    use http::{HeaderMap, HeaderValue, header};
    use latchkey_vault::{RandomSource, SessionHandle};
    use std::time::Duration;

    const KINDS: [CookieKind; 2] = [CookieKind::HostPrefixed, CookieKind::Loopback];

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, line.parse().unwrap())).collect()
    }

    fn handle() -> SessionHandle {
        SessionHandle::random(&RandomSource::system()).unwrap()
    }

    #[test]
    fn only_plain_http_on_loopback_goes_without_secure() {
        for (address, kind) in [
            ("http://localhost:8080/", CookieKind::Loopback),
            ("http://app.localhost:8080/", CookieKind::Loopback),
            ("http://127.0.0.1:8080/", CookieKind::Loopback),
            ("http://[::1]/", CookieKind::Loopback),
            ("https://localhost:8080/", CookieKind::HostPrefixed),
            ("https://login.example.com/", CookieKind::HostPrefixed),
            ("http://login.example.com/", CookieKind::HostPrefixed),
            ("http://localhost.example.com/", CookieKind::HostPrefixed),
            ("http://192.168.0.7/", CookieKind::HostPrefixed),
        ] {
            assert_eq!(CookieKind::of(&address.parse().unwrap()), kind, "{address}");
        }
    }

    #[test]
    fn sec_12_a_second_session_cookie_is_refused_and_other_names_are_ignored() {
        let handle = handle().write();
        for (kind, other) in [(KINDS[0], KINDS[1]), (KINDS[1], KINDS[0])] {
            let name = kind.session();
            let read = |lines: &[&str]| kind.read_session(&headers(lines));
            let ours = format!("{name}={handle}");
            let variant = name.to_uppercase();
            let foreign = other.session();
            let others =
                format!("sid={handle}; __Host-sid={handle}; {variant}={handle}; {foreign}={handle}; x");
            assert!(read(&[&others]).unwrap().is_none());
            assert_eq!(read(&[&format!("{others}; {ours}")]).unwrap().unwrap().write(), handle);
            assert!(read(&[&ours, &ours]).is_err());
            assert!(read(&[&format!("{ours}; {name}=")]).is_err());
            assert!(read(&[&format!("{name}=nonsense")]).unwrap().is_none());
            assert!(read(&[]).unwrap().is_none());
        }
    }

    #[test]
    fn sec_212_no_byte_in_a_sibling_domains_cookie_hides_ours() {
        let handle = handle().write();
        let device = "0123456789abcdef0123456789abcdef";
        let kind = CookieKind::HostPrefixed;
        let (session_name, device_name) = (kind.session(), kind.device());
        for byte in 0x80..=0xff {
            let sibling = [b"theme=caf", &[byte][..], b"; "].concat();
            let ours = format!("{session_name}={handle}; {device_name}={device}; lang=");
            let line = [&sibling[..], ours.as_bytes(), &[byte]].concat();
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(&line).unwrap())]);
            assert_eq!(kind.read_session(&headers).unwrap().unwrap().write(), handle, "{byte:x}");
            assert_eq!(kind.read_device(&headers).as_deref(), Some(device), "{byte:x}");
            let broken = [format!("{session_name}={handle}").as_bytes(), &[byte]].concat();
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(&broken).unwrap())]);
            assert!(kind.read_session(&headers).unwrap().is_none(), "{byte:x}");
        }
    }

    #[test]
    fn sec_11_every_cookie_that_is_set_or_removed_has_every_attribute() {
        let handle = handle();
        let wanted = ["Path=/; Secure; HttpOnly; SameSite=Strict", "Path=/; HttpOnly; SameSite=Strict"];
        for (kind, attributes) in KINDS.into_iter().zip(wanted) {
            let (name, value) = (kind.session(), handle.write());
            assert_eq!(
                kind.set_session(&handle, CookieLifetime::Browser).unwrap(),
                format!("{name}={value}; {attributes}")
            );
            assert_eq!(
                kind.set_session(&handle, CookieLifetime::Fixed(Duration::from_secs(60))).unwrap(),
                format!("{name}={value}; {attributes}; Max-Age=60")
            );
            assert_eq!(kind.remove_session().unwrap(), format!("{name}=; {attributes}; Max-Age=0"));
            assert_eq!(
                kind.set_device("d").unwrap(),
                format!("{}=d; {attributes}; Max-Age=31536000", kind.device())
            );
        }
    }
}
