//! Retry-After: until when the org asked not to be called, and which calls it counts together.

use latchkey_idx::{FlowId, Request, Response};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The org's highest limit per minute for one client; a higher limit is for all clients of an endpoint.
pub(crate) const MAX_RATE_OF_ONE_CLIENT: u64 = 60;
/// A full table stores no more waits. The org then refuses the call again, which does no harm.
const MAX_ENTRIES: usize = 10_000;

/// Until when each scope is not to be called.
#[derive(Debug, Default)]
pub(crate) struct RetryAfterTable(Mutex<HashMap<QuotaScope, Instant>>);

/// How the org counts the calls of its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientCounting {
    /// Each client's by themselves.
    Each,
    /// Those of all clients together.
    AllAsOne,
}

/// Calls that the org counts together.
#[derive(Debug, PartialEq, Eq, Hash)]
enum QuotaScope {
    /// All calls of one endpoint.
    Endpoint(String),
    /// The calls of a flow from one client: one address and one device.
    Client { address: Option<String>, device: Option<String> },
}

/// A call, by what the org counts it by.
#[derive(Debug)]
pub(crate) struct OrgCall {
    /// The address without its query.
    pub(crate) path: String,
    /// The client's address.
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
    /// How long this call has to wait for the Retry-After of an earlier one.
    pub(crate) fn left(&self, call: &OrgCall, counting: ClientCounting, now: Instant) -> Option<Duration> {
        let until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_empty() {
            return None;
        }
        let of =
            |together: &QuotaScope| until.get(together).and_then(|until| until.checked_duration_since(now));
        let endpoint = of(&QuotaScope::Endpoint(call.path.clone()));
        let client = call.is_of_a_flow.then(|| of(&QuotaScope::client(call, counting))).flatten();
        endpoint.max(client).filter(|left| *left > Duration::ZERO)
    }

    /// Notes the Retry-After in the response to this call.
    pub(crate) fn begin(
        &self,
        call: OrgCall,
        response: &Response,
        counting: ClientCounting,
        wait: Duration,
        now: Instant,
    ) {
        let limit = response.headers().get("x-rate-limit-limit");
        let limit = limit.and_then(|limit| limit.to_str().ok()?.parse::<u64>().ok());
        let together = if call.is_of_a_flow && limit.is_none_or(|limit| limit <= MAX_RATE_OF_ONE_CLIENT) {
            QuotaScope::client(&call, counting)
        } else {
            QuotaScope::Endpoint(call.path)
        };
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, until| *until > now);
        if entries.len() < MAX_ENTRIES {
            entries.insert(together, now + wait);
        }
    }
}

impl QuotaScope {
    /// The scope of this client, or of all clients.
    fn client(call: &OrgCall, counting: ClientCounting) -> Self {
        let part = |part: &Option<String>| part.clone().filter(|_| counting == ClientCounting::Each);
        Self::Client { address: part(&call.address), device: part(&call.device) }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientCounting, OrgCall, RetryAfterTable};
    use http::Request;
    use latchkey_idx::{Body, FlowId, Response, json_response};
    use std::time::Duration;
    use tokio::time::Instant;

    const WAIT: Duration = Duration::from_secs(9);

    /// A call of one person to this path, in a flow if the path is one of a flow.
    fn call(person: &str, path: &str) -> OrgCall {
        let flow = path.starts_with("idp").then(|| FlowId::from_state(person));
        let request = Request::post(format!("https://org.example/{path}?a=b"));
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
    fn rel_33_all_calls_of_one_clients_flow_wait_and_other_clients_do_not() {
        for response in [too_many("60"), too_many("0"), too_many("?"), json_response(429, "")] {
            let (table, now) = (RetryAfterTable::default(), Instant::now());
            assert_eq!(table.left(&call("mary", "idp/idx/identify"), ClientCounting::Each, now), None);
            table.begin(call("mary", "idp/idx/identify"), &response, ClientCounting::Each, WAIT, now);
            for path in ["idp/idx/identify", "idp/idx/challenge/poll", "oauth2/default/v1/interact"] {
                assert_eq!(table.left(&call("mary", path), ClientCounting::Each, now), Some(WAIT), "{path}");
                assert_eq!(table.left(&call("john", path), ClientCounting::Each, now), None, "{path}");
            }
            // Token calls are counted apart, and a code expires within a minute.
            assert_eq!(table.left(&call("mary", "oauth2/default/v1/token"), ClientCounting::Each, now), None);
            let later = now + Duration::from_secs(5);
            let left = table.left(&call("mary", "idp/idx/identify"), ClientCounting::Each, later);
            assert_eq!(left, Some(Duration::from_secs(4)), "the time that remains");
            assert_eq!(table.left(&call("mary", "idp/idx/identify"), ClientCounting::Each, now + WAIT), None);
        }
    }

    #[test]
    fn rel_33_all_clients_wait_where_the_org_counts_them_as_one() {
        let (table, now) = (RetryAfterTable::default(), Instant::now());
        table.begin(call("mary", "idp/idx/identify"), &too_many("60"), ClientCounting::AllAsOne, WAIT, now);
        assert_eq!(
            table.left(&call("john", "idp/idx/introspect"), ClientCounting::AllAsOne, now),
            Some(WAIT)
        );
        assert_eq!(table.left(&call("john", "oauth2/default/v1/token"), ClientCounting::AllAsOne, now), None);
    }

    #[test]
    fn rel_33_all_clients_wait_for_an_endpoint_that_had_too_many_calls() {
        for (path, response) in
            [("idp/idx/identify", too_many("600")), ("oauth2/default/v1/token", too_many("60"))]
        {
            let (table, now) = (RetryAfterTable::default(), Instant::now());
            table.begin(call("mary", path), &response, ClientCounting::Each, WAIT, now);
            assert_eq!(table.left(&call("john", path), ClientCounting::Each, now), Some(WAIT), "{path}");
            assert_eq!(
                table.left(&call("mary", "idp/idx/introspect"), ClientCounting::Each, now),
                None,
                "{path}"
            );
        }
    }
}
