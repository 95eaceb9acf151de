//! Retry-After: until when the org has asked not to be called, and which calls it counts together.

use latchkey_idx::{FlowId, Request, Response};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The org allows one client at one address no more than this in a minute; where it allows more, that is for everybody.
pub(crate) const MAX_RATE_OF_ONE_CLIENT: u64 = 60;
/// More are not remembered at once: the org tells whoever is left over again.
const MAX_ENTRIES: usize = 10_000;

/// Until when nobody is to call.
#[derive(Debug, Default)]
pub(crate) struct RetryAfterTable(Mutex<HashMap<QuotaScope, Instant>>);

/// Calls that the org counts together.
#[derive(Debug, PartialEq, Eq, Hash)]
enum QuotaScope {
    /// Everybody's, at one endpoint.
    Endpoint(String),
    /// Those of one person at one device, to all that a flow is made of.
    Client { address: Option<String>, device: Option<String> },
}

/// What a call is counted by.
#[derive(Debug)]
pub(crate) struct OrgCall {
    /// Where it goes, without what it asks there.
    pub(crate) path: String,
    /// Whose it is.
    pub(crate) address: Option<String>,
    device: Option<String>,
    is_of_a_flow: bool,
}

impl OrgCall {
    pub(crate) fn of(request: &Request) -> Self {
        let path = request.uri().to_string().split(['?', '#']).next().unwrap_or_default().to_owned();
        let text =
            |name| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let is_of_a_flow = FlowId::of_request(request).is_some() || path.ends_with("/v1/interact");
        Self { path, address: text("x-forwarded-for"), device: text("x-device-token"), is_of_a_flow }
    }
}

impl RetryAfterTable {
    /// How long this call has to wait for what has been asked of others.
    pub(crate) fn left(&self, call: &OrgCall, as_one: bool, now: Instant) -> Option<Duration> {
        let until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_empty() {
            return None;
        }
        let of =
            |together: &QuotaScope| until.get(together).and_then(|until| until.checked_duration_since(now));
        let endpoint = of(&QuotaScope::Endpoint(call.path.clone()));
        let client = call.is_of_a_flow.then(|| of(&QuotaScope::client(call, as_one))).flatten();
        endpoint.max(client).filter(|left| *left > Duration::ZERO)
    }

    /// Notes that the org has asked for this with its answer to that call.
    pub(crate) fn begin(
        &self,
        call: OrgCall,
        response: &Response,
        as_one: bool,
        wait: Duration,
        now: Instant,
    ) {
        let limit = response.headers().get("x-rate-limit-limit");
        let limit = limit.and_then(|limit| limit.to_str().ok()?.parse::<u64>().ok());
        let together = if call.is_of_a_flow && limit.is_none_or(|limit| limit <= MAX_RATE_OF_ONE_CLIENT) {
            QuotaScope::client(&call, as_one)
        } else {
            QuotaScope::Endpoint(call.path)
        };
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, until| *until > now);
        if held.len() < MAX_ENTRIES {
            held.insert(together, now + wait);
        }
    }
}

impl QuotaScope {
    /// To an org that takes all people for one client, they are.
    fn client(call: &OrgCall, as_one: bool) -> Self {
        let part = |part: &Option<String>| part.clone().filter(|_| !as_one);
        Self::Client { address: part(&call.address), device: part(&call.device) }
    }
}

#[cfg(test)]
mod tests {
    use super::{OrgCall, RetryAfterTable};
    use http::Request;
    use latchkey_idx::{Body, FlowId, Response, json_response};
    use std::time::Duration;
    use tokio::time::Instant;

    const WAIT: Duration = Duration::from_secs(9);

    /// A call of one person to one place, in a flow if the place is one of those.
    fn call(person: &str, place: &str) -> OrgCall {
        let flow = place.starts_with("idp").then(|| FlowId::from_state(person));
        let request = Request::post(format!("https://org.example/{place}?a=b"));
        let request = request.header("x-forwarded-for", person).header("x-device-token", "device");
        let mut request = request.body(Body::default()).unwrap();
        flow.map(|flow| request.extensions_mut().insert(flow));
        OrgCall::of(&request)
    }

    fn too_many(limit: &str) -> Response {
        let mut response = json_response(429, "{}");
        response.headers_mut().insert("x-rate-limit-limit", limit.parse().unwrap());
        response
    }

    #[test]
    fn rel_33_one_client_waits_with_all_that_a_flow_asks_and_nobody_else_does() {
        for answer in [too_many("60"), too_many("0"), too_many("?"), json_response(429, "")] {
            let (hold, now) = (RetryAfterTable::default(), Instant::now());
            assert_eq!(hold.left(&call("mary", "idp/idx/identify"), false, now), None);
            hold.begin(call("mary", "idp/idx/identify"), &answer, false, WAIT, now);
            for place in ["idp/idx/identify", "idp/idx/challenge/poll", "oauth2/default/v1/interact"] {
                assert_eq!(hold.left(&call("mary", place), false, now), Some(WAIT), "{place}");
                assert_eq!(hold.left(&call("john", place), false, now), None, "{place}");
            }
            // A code is worth nothing in a minute, and the org counts these otherwise.
            assert_eq!(hold.left(&call("mary", "oauth2/default/v1/token"), false, now), None);
            let later = now + Duration::from_secs(5);
            let left = hold.left(&call("mary", "idp/idx/identify"), false, later);
            assert_eq!(left, Some(Duration::from_secs(4)), "the time that remains");
            assert_eq!(hold.left(&call("mary", "idp/idx/identify"), false, now + WAIT), None);
        }
    }

    #[test]
    fn rel_33_where_all_people_are_one_client_all_of_them_wait() {
        let (hold, now) = (RetryAfterTable::default(), Instant::now());
        hold.begin(call("mary", "idp/idx/identify"), &too_many("60"), true, WAIT, now);
        assert_eq!(hold.left(&call("john", "idp/idx/introspect"), true, now), Some(WAIT));
        assert_eq!(hold.left(&call("john", "oauth2/default/v1/token"), true, now), None);
    }

    #[test]
    fn rel_33_an_endpoint_that_has_had_too_many_calls_is_left_alone_by_everybody() {
        for (place, answer) in
            [("idp/idx/identify", too_many("600")), ("oauth2/default/v1/token", too_many("60"))]
        {
            let (hold, now) = (RetryAfterTable::default(), Instant::now());
            hold.begin(call("mary", place), &answer, false, WAIT, now);
            assert_eq!(hold.left(&call("john", place), false, now), Some(WAIT), "{place}");
            assert_eq!(hold.left(&call("mary", "idp/idx/introspect"), false, now), None, "{place}");
        }
    }
}
