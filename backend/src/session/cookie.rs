//! The one cookie: what comes in is taken apart, what goes out carries every attribute, removals too.

use crate::{
    app::App,
    config::is_loopback,
    http::{ApiError, Device},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, header};
use latchkey_contract::ProblemCode;
use latchkey_vault::{KeyHalf, SessionHandle};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tower_sessions::session::Id;
use url::Url;

/// What our cookies are called and which attributes they carry, by the address that people reach us at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// Over https. Browsers that know the prefix take such a cookie from a server only, and only whole.
    HostPrefixed,
    /// Over plain http on this machine, where WebKit drops every `Secure` cookie, and with it every prefix. The names are
    /// others, so that a cookie of this kind never stands in for one of the other.
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

    /// The cookie that names the device to the org, so that it knows it again. It is no secret, and made of chance alone.
    fn device(self) -> &'static str {
        match self {
            Self::HostPrefixed => "__Host-Http-dt",
            Self::Loopback => "loopback-dt",
        }
    }

    /// Without all of these, a browser that knows the prefix ignores the cookie, a removal as well.
    fn attributes(self) -> &'static str {
        match self {
            Self::HostPrefixed => "Path=/; Secure; HttpOnly; SameSite=Strict",
            Self::Loopback => "Path=/; HttpOnly; SameSite=Strict",
        }
    }
}

const MAX_AGE_ONE_YEAR: &str = "Max-Age=31536000";

/// What the browser brought, and the key half it gets if this answer names a new session.
#[derive(Clone)]
pub(super) struct SessionCookie {
    pub(super) handle: Option<SessionHandle>,
    /// Whether it brought the name of its device, which outlives each session.
    pub(super) device: bool,
    pub(super) next: KeyHalf,
    /// Whether there is a record under that name.
    pub(super) adopted: Arc<AtomicBool>,
}

/// Hands the session layer the name alone, and puts the key half back on the way out.
pub async fn with_session_cookie(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let kind = app.cookies;
    let handle = session_cookie(kind, request.headers())?;
    let device = device(kind, request.headers());
    let half = KeyHalf::random(&app.random).map_err(|_| ProblemCode::Internal)?;
    request.headers_mut().remove(header::COOKIE);
    if let Some(name) =
        handle.as_ref().and_then(|handle| cookie(kind, &Id(i128::from_le_bytes(handle.id())).to_string()))
    {
        request.headers_mut().insert(header::COOKIE, name);
    }
    let adopted = Arc::<AtomicBool>::default();
    request.extensions_mut().insert(SessionCookie {
        handle,
        device: device.is_some(),
        next: half.clone(),
        adopted: adopted.clone(),
    });
    let fresh = device.is_none();
    let device = device.map_or_else(|| app.random.hex::<16>().map_err(|_| ProblemCode::Internal), Ok)?;
    request.extensions_mut().insert(Device(device.clone()));
    let mut response = next.run(request).await;
    let half = adopted.load(Ordering::Acquire).then_some(&half);
    complete(kind, response.headers_mut(), half);
    // A device gets its name with its first session.
    if fresh && response.headers().contains_key(header::SET_COOKIE) {
        let line = format!("{}={device}; {}; {MAX_AGE_ONE_YEAR}", kind.device(), kind.attributes());
        response
            .headers_mut()
            .extend(HeaderValue::from_str(&line).ok().map(|line| (header::SET_COOKIE, line)));
    }
    Ok(response)
}

fn device(kind: CookieKind, headers: &HeaderMap) -> Option<String> {
    let plain = |value: &&str| value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    cookies(headers, kind.device()).next().filter(plain).map(str::to_owned)
}

/// The values of the cookies of this name. A line is split as bytes, since a sibling's cookie may hold any; what is not
/// text in a cookie of ours is none of ours.
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

/// The ticket in the request. Two of them are one too many: some other page has planted one.
fn session_cookie(kind: CookieKind, headers: &HeaderMap) -> Result<Option<SessionHandle>, ApiError> {
    let mut ours = cookies(headers, kind.session());
    match (ours.next(), ours.next()) {
        (session_cookie, None) => Ok(session_cookie.and_then(SessionHandle::read)),
        (_, Some(_)) => Err(ApiError::invalid("the session cookie is there twice")),
    }
}

/// Without the key half there is no record under a new name: it does not go out, and the browser keeps the name it has.
fn complete(kind: CookieKind, headers: &mut HeaderMap, half: Option<&KeyHalf>) {
    let Some(set) = headers.remove(header::SET_COOKIE) else { return };
    let (name, attributes) = (kind.session(), kind.attributes());
    let value = set
        .to_str()
        .ok()
        .and_then(|set| set.split(';').next())
        .and_then(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_default();
    let line = match (value.parse::<Id>(), half) {
        (Ok(_), None) => return,
        (Ok(id), Some(half)) => {
            format!("{name}={}; {attributes}", SessionHandle::new(id.0.to_le_bytes(), half.clone()).write())
        }
        (Err(_), _) => format!("{name}=; {attributes}; Max-Age=0"),
    };
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.insert(header::SET_COOKIE, line);
    }
}

fn cookie(kind: CookieKind, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{}={value}", kind.session())).ok()
}

#[cfg(test)]
mod tests {
    use super::{CookieKind, complete, session_cookie};
    use http::{HeaderMap, HeaderValue, header};
    use latchkey_vault::{KeyHalf, RandomSource, SessionHandle};
    use tower_sessions::session::Id;

    const KINDS: [CookieKind; 2] = [CookieKind::HostPrefixed, CookieKind::Loopback];

    fn lines(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, line.parse().unwrap())).collect()
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
    fn sec_12_a_second_session_cookie_is_refused_and_a_twin_is_ignored() {
        let handle = SessionHandle::random(&RandomSource::system()).unwrap().write();
        for (kind, other) in [(KINDS[0], KINDS[1]), (KINDS[1], KINDS[0])] {
            let (name, session_cookie) =
                (kind.session(), |cookies: &[&str]| session_cookie(kind, &lines(cookies)));
            let ours = format!("{name}={handle}");
            let variant = name.to_uppercase();
            let foreign = other.session();
            let twins =
                format!("sid={handle}; __Host-sid={handle}; {variant}={handle}; {foreign}={handle}; x");
            assert!(session_cookie(&[&twins]).unwrap().is_none());
            assert_eq!(session_cookie(&[&format!("{twins}; {ours}")]).unwrap().unwrap().write(), handle);
            assert!(session_cookie(&[&ours, &ours]).is_err());
            assert!(session_cookie(&[&format!("{ours}; {name}=")]).is_err());
            assert!(session_cookie(&[&format!("{name}=nonsense")]).unwrap().is_none());
            assert!(session_cookie(&[]).unwrap().is_none());
        }
    }

    #[test]
    fn sec_212_a_cookie_of_a_sibling_hides_ours_with_no_byte() {
        let handle = SessionHandle::random(&RandomSource::system()).unwrap().write();
        let device = "0123456789abcdef0123456789abcdef";
        let kind = CookieKind::HostPrefixed;
        let (session_name, device_cookie) = (kind.session(), kind.device());
        for byte in 0x80..=0xff {
            let sibling = [b"theme=caf", &[byte][..], b"; "].concat();
            let ours = format!("{session_name}={handle}; {device_cookie}={device}; lang=");
            let line = [&sibling[..], ours.as_bytes(), &[byte]].concat();
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(&line).unwrap())]);
            assert_eq!(session_cookie(kind, &headers).unwrap().unwrap().write(), handle, "{byte:x}");
            assert_eq!(super::device(kind, &headers).as_deref(), Some(device), "{byte:x}");
            let broken = [format!("{session_name}={handle}").as_bytes(), &[byte]].concat();
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(&broken).unwrap())]);
            assert!(session_cookie(kind, &headers).unwrap().is_none(), "{byte:x}");
        }
    }

    #[test]
    fn sec_11_what_goes_out_has_every_attribute() {
        let half = KeyHalf::random(&RandomSource::system()).unwrap();
        let handle = SessionHandle::new(5_i128.to_le_bytes(), half.clone()).write();
        let wanted = ["Path=/; Secure; HttpOnly; SameSite=Strict", "Path=/; HttpOnly; SameSite=Strict"];
        for (kind, attributes) in KINDS.into_iter().zip(wanted) {
            let name = kind.session();
            let out = |set: &str| {
                let mut headers = HeaderMap::new();
                headers.insert(header::SET_COOKIE, set.parse().unwrap());
                complete(kind, &mut headers, Some(&half));
                headers[header::SET_COOKIE].to_str().unwrap().to_owned()
            };
            let set = out(&format!("{name}={}; HttpOnly", Id(5)));
            assert_eq!(set, format!("{name}={handle}; {attributes}"));
            let removal = out(&format!("{name}=; Max-Age=0; Path=/"));
            assert_eq!(removal, format!("{name}=; {attributes}; Max-Age=0"));
        }
    }
}
