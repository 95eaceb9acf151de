//! The one cookie: what comes in is taken apart, what goes out carries every attribute, removals too.

use super::record::hex;
use crate::{
    problem::ApiError,
    vault::{Half, Ticket},
};
use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderValue, header};
use latchkey_contract::Code;
use tower_sessions::session::Id;

/// Browsers that know this prefix take such a cookie from a server only, and only whole.
pub const NAME: &str = "__Host-Http-sid";
/// Names the device to the org, so that it knows it again. It is nobody's secret, and made of chance alone.
const DEVICE: &str = "__Host-Http-dt";
const YEAR: &str = "Max-Age=31536000";
/// Without all of these, a browser that knows the prefix ignores the cookie, a removal as well.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// What the browser brought, and the key half it gets if this answer names a new session.
#[derive(Clone)]
pub(super) struct Carried {
    pub(super) ticket: Option<Ticket>,
    pub(super) next: Half,
}

/// Hands the session layer the name alone, and puts the key half back on the way out.
pub async fn carry(mut request: Request, next: Next) -> Result<Response, ApiError> {
    let ticket = held(request.headers())?;
    let device = device(request.headers());
    let half = Half::fresh().map_err(|_| Code::Internal)?;
    request.headers_mut().remove(header::COOKIE);
    if let Some(name) = ticket.as_ref().and_then(|ticket| cookie(&ticket.id().to_string())) {
        request.headers_mut().insert(header::COOKIE, name);
    }
    request.extensions_mut().insert(Carried { ticket, next: half.clone() });
    let fresh = device.is_none();
    let device = device.map_or_else(new_device, Ok)?;
    request.extensions_mut().insert(Device(device.clone()));
    let mut response = next.run(request).await;
    complete(response.headers_mut(), &half);
    // A device gets its name with its first session.
    if fresh && response.headers().contains_key(header::SET_COOKIE) {
        let line = format!("{DEVICE}={device}; {ATTRIBUTES}; {YEAR}");
        response
            .headers_mut()
            .extend(HeaderValue::from_str(&line).ok().map(|line| (header::SET_COOKIE, line)));
    }
    Ok(response)
}

/// The name of the device that calls.
#[derive(Clone)]
pub(crate) struct Device(pub(crate) String);

fn device(headers: &HeaderMap) -> Option<String> {
    let plain = |value: &&str| value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    cookies(headers, DEVICE).next().filter(plain).map(str::to_owned)
}

fn new_device() -> Result<String, ApiError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Code::Internal)?;
    Ok(hex(&bytes))
}

fn cookies<'a>(headers: &'a HeaderMap, wanted: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).iter().map(|line| line.to_str().unwrap_or_default());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// The ticket in the request. Two of them are one too many: some other page has planted one.
fn held(headers: &HeaderMap) -> Result<Option<Ticket>, ApiError> {
    let mut ours = cookies(headers, NAME);
    match (ours.next(), ours.next()) {
        (held, None) => Ok(held.and_then(Ticket::read)),
        (_, Some(_)) => Err(ApiError::invalid("the session cookie is there twice")),
    }
}

fn complete(headers: &mut HeaderMap, half: &Half) {
    let Some(set) = headers.remove(header::SET_COOKIE) else { return };
    let value = set
        .to_str()
        .ok()
        .and_then(|set| set.split(';').next())
        .and_then(|pair| pair.strip_prefix(NAME)?.strip_prefix('='))
        .unwrap_or_default();
    let line = match value.parse::<Id>() {
        Ok(id) => format!("{NAME}={}; {ATTRIBUTES}", Ticket::new(id, half.clone()).write()),
        Err(_) => format!("{NAME}=; {ATTRIBUTES}; Max-Age=0"),
    };
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.insert(header::SET_COOKIE, line);
    }
}

fn cookie(value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{NAME}={value}")).ok()
}

#[cfg(test)]
mod tests {
    use super::{NAME, complete, held};
    use crate::vault::{Half, Ticket};
    use http::{HeaderMap, header};
    use tower_sessions::session::Id;

    fn lines(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, line.parse().unwrap())).collect()
    }

    #[test]
    fn sec_12_a_second_session_cookie_is_refused_and_a_twin_is_ignored() {
        let ticket = Ticket::new(Id(5), Half::fresh().unwrap()).write();
        let ours = format!("{NAME}={ticket}");
        let twins = format!("sid={ticket}; __Host-sid={ticket}; __host-http-sid={ticket}; x; {ours}");
        assert_eq!(held(&lines(&[&twins])).unwrap().unwrap().write(), ticket);
        assert!(held(&lines(&[&ours, &ours])).is_err());
        assert!(held(&lines(&[&format!("{ours}; {NAME}=")])).is_err());
        assert!(held(&lines(&[&format!("{NAME}=nonsense")])).unwrap().is_none());
        assert!(held(&lines(&[])).unwrap().is_none());
    }

    #[test]
    fn sec_11_what_goes_out_has_every_attribute() {
        let half = Half::fresh().unwrap();
        let out = |set: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::SET_COOKIE, set.parse().unwrap());
            complete(&mut headers, &half);
            headers[header::SET_COOKIE].to_str().unwrap().to_owned()
        };
        let ticket = Ticket::new(Id(5), half.clone()).write();
        let set = out(&format!("{NAME}={}; HttpOnly", Id(5)));
        assert_eq!(set, format!("{NAME}={ticket}; Path=/; Secure; HttpOnly; SameSite=Strict"));
        let removal = out(&format!("{NAME}=; Max-Age=0; Path=/"));
        assert_eq!(removal, format!("{NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"));
    }
}
