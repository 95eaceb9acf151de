//! Observes whether the org counts each client's calls by itself or all clients as one, and applies Retry-After to all that
//! it counts together.

use crate::{
    clock::Clock,
    ops::metrics::Metrics,
    org::retry_after::{ClientCounting, MAX_RATE_OF_ONE_CLIENT, OrgCall, RetryAfterTable},
};
use latchkey_idx::{Error, Request, Response, Transport, retry_after};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// How many clients in a row must lower one count before it counts as shared. Fewer may do so by chance.
const MIN_CLIENTS_IN_A_ROW: u32 = 5;
/// How many endpoints have a count; the org has fewer.
const MAX_ENDPOINTS: usize = 64;

/// Sends unless the org asked to wait, and reads the limits in each response.
#[derive(Debug)]
pub struct QuotaObserver<T> {
    inner: T,
    metrics: Arc<Metrics>,
    seen: Mutex<Seen>,
    /// Whether the org counts all clients as one.
    as_one: AtomicBool,
    retry_after: RetryAfterTable,
    clock: Clock,
}

/// The counts seen so far.
#[derive(Debug, Default)]
struct Seen {
    last: HashMap<String, Count>,
    is_sure: bool,
}

/// The count in the last response of one endpoint.
#[derive(Debug)]
struct Count {
    address: String,
    remaining: u64,
    reset: String,
    in_a_row: u32,
}

impl<T> QuotaObserver<T> {
    /// The transport, observed.
    pub fn new(inner: T, metrics: Arc<Metrics>, clock: Clock) -> Self {
        Self {
            inner,
            metrics,
            seen: Mutex::default(),
            as_one: AtomicBool::new(false),
            retry_after: RetryAfterTable::default(),
            clock,
        }
    }

    /// How the org counts, as far as it is known.
    fn counting(&self) -> ClientCounting {
        if self.as_one.load(Ordering::Relaxed) { ClientCounting::AllAsOne } else { ClientCounting::Each }
    }

    fn observe(&self, call: &OrgCall, response: &Response) {
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let number = |name| text(name).and_then(|value| value.parse::<u64>().ok());
        let (Some(address), Some(limit), Some(remaining)) =
            (call.address.as_deref(), number("x-rate-limit-limit"), number("x-rate-limit-remaining"))
        else {
            return;
        };
        if limit > MAX_RATE_OF_ONE_CLIENT {
            return;
        }
        let reset = text("x-rate-limit-reset").unwrap_or_default();
        if self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .note(&call.path, address, remaining, reset)
        {
            self.as_one.store(true, Ordering::Relaxed);
            self.metrics.happened("counted_as_one");
            tracing::warn!(
                "the org counts all clients as one: make this server's address a trusted proxy there, under \
                 Security > Networks"
            );
        }
    }
}

impl Seen {
    /// Notes a count. True once: when enough clients in a row have each lowered the same count by one.
    fn note(&mut self, path: &str, address: &str, remaining: u64, reset: &str) -> bool {
        if self.is_sure || (self.last.len() >= MAX_ENDPOINTS && !self.last.contains_key(path)) {
            return false;
        }
        let in_a_row = match self.last.get(path) {
            Some(last) if last.reset == reset && last.remaining == remaining + 1 => {
                last.in_a_row + u32::from(last.address != address)
            }
            Some(_) | None => 0,
        };
        let count = Count { address: address.to_owned(), remaining, reset: reset.to_owned(), in_a_row };
        self.last.insert(path.to_owned(), count);
        self.is_sure = in_a_row >= MIN_CLIENTS_IN_A_ROW;
        self.is_sure
    }
}

impl<T: Transport> Transport for QuotaObserver<T> {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        let call = OrgCall::of(&request);
        if let Some(retry_after) = self.retry_after.left(&call, self.counting(), self.clock.instant()) {
            return Err(Error::RateLimited { retry_after });
        }
        let response = self.inner.send(request).await?;
        self.observe(&call, &response);
        if let Some(wait) = retry_after(&response, self.clock.now()) {
            self.retry_after.begin(call, &response, self.counting(), wait, self.clock.instant());
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::{QuotaObserver, Seen};
    use crate::{clock::Clock, ops::metrics::Metrics};
    use http::Request;
    use latchkey_idx::{Body, Transport, json_response};
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    #[test]
    fn sec_86_one_count_for_all_clients_is_noticed_once() {
        let mut seen = Seen::default();
        let noticed: Vec<bool> =
            (0..9).map(|n| seen.note("/interact", &format!("192.0.2.{n}"), 59 - n, "1")).collect();
        assert_eq!(noticed.iter().filter(|noticed| **noticed).count(), 1);
        assert_eq!(noticed.iter().position(|noticed| *noticed), Some(5));
    }

    #[test]
    fn sec_86_a_count_for_each_client_is_not_taken_for_one() {
        let mut seen = Seen::default();
        for round in 0..9 {
            for person in 0..9 {
                assert!(!seen.note("/interact", &format!("192.0.2.{person}"), 59 - round, "1"));
            }
        }
        assert!((0..50).all(|n| !seen.note("/identify", "192.0.2.1", 59 - n, "1")), "one person alone");
        assert!((0..9).all(|n| !seen.note("/token", &format!("192.0.2.{n}"), 50 - n, &n.to_string())));
    }

    #[tokio::test]
    async fn sec_86_an_org_that_counts_all_clients_as_one_shows_in_the_metrics() {
        let left = AtomicU64::new(60);
        let org = move |_: Request<Body>| {
            let left = left.fetch_sub(1, Ordering::Relaxed) - 1;
            let mut response = json_response(200, "{}");
            for (name, value) in [("limit", 60), ("remaining", left), ("reset", 1)] {
                let name = format!("x-rate-limit-{name}").parse::<http::HeaderName>().unwrap();
                response.headers_mut().insert(name, value.into());
            }
            async move { Ok(response) }
        };
        let metrics = Arc::new(Metrics::default());
        let observed = QuotaObserver::new(org, metrics.clone(), Clock::system());
        for person in 0..9 {
            let request = Request::post("https://org.example/oauth2/default/v1/interact");
            let request = request.header("x-forwarded-for", format!("192.0.2.{person}"));
            observed.send(request.body(Body::default()).unwrap()).await.unwrap();
        }
        assert!(metrics.text().contains("latchkey_events_total{event=\"counted_as_one\"} 1"));
    }
}
