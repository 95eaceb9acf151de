//! What has happened since the start, in numbers: for Prometheus, and about nobody in particular.

use latchkey_contract::ProblemCode;
use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

/// The upper ends of the buckets, in milliseconds.
const BUCKETS: [u64; 10] = [1, 2, 5, 10, 25, 50, 100, 500, 2_000, 12_000];

/// All the numbers.
#[derive(Debug, Default)]
pub struct Metrics {
    at_once: AtomicUsize,
    /// By route and status. Routes are patterns, so there are no more of these than routes times statuses.
    requests: Mutex<BTreeMap<(String, u16), u64>>,
    problems: Mutex<BTreeMap<&'static str, u64>>,
    events: Mutex<BTreeMap<&'static str, u64>>,
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

/// A request while it is under way.
#[derive(Debug)]
pub struct UnderWay<'a>(&'a Metrics);

impl Metrics {
    /// Notes that a request has come; says how many there are now.
    pub fn come(&self) -> (UnderWay<'_>, usize) {
        let now = self.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        (UnderWay(self), now)
    }

    /// Notes an answer.
    pub fn answered(&self, route: &str, status: u16, problem: Option<ProblemCode>, took: Duration) {
        *lock(&self.requests).entry((route.to_owned(), status)).or_default() += 1;
        if let Some(code) = problem {
            *lock(&self.problems).entry(code.name()).or_default() += 1;
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for (end, bucket) in BUCKETS.iter().zip(&self.buckets) {
            if micros <= end * 1000 {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Notes something that happened to a session, and logs it.
    pub fn happened(&self, event: &'static str) {
        *lock(&self.events).entry(event).or_default() += 1;
        tracing::info!(event);
    }

    /// All of it, as Prometheus reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) -> std::fmt::Result {
        writeln!(to, "# TYPE latchkey_requests_total counter")?;
        for ((route, status), count) in lock(&self.requests).iter() {
            writeln!(to, "latchkey_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}")?;
        }
        writeln!(to, "# TYPE latchkey_problems_total counter")?;
        for (code, count) in lock(&self.problems).iter() {
            writeln!(to, "latchkey_problems_total{{code=\"{code}\"}} {count}")?;
        }
        writeln!(to, "# TYPE latchkey_events_total counter")?;
        for (event, count) in lock(&self.events).iter() {
            writeln!(to, "latchkey_events_total{{event=\"{event}\"}} {count}")?;
        }
        writeln!(to, "# TYPE latchkey_requests_under_way gauge")?;
        writeln!(to, "latchkey_requests_under_way {}", self.at_once.load(Ordering::Relaxed))?;
        writeln!(to, "# TYPE latchkey_request_seconds histogram")?;
        for (end, bucket) in BUCKETS.iter().zip(&self.buckets) {
            let (seconds, millis) = (end / 1000, end % 1000);
            let count = bucket.load(Ordering::Relaxed);
            writeln!(to, "latchkey_request_seconds_bucket{{le=\"{seconds}.{millis:03}\"}} {count}")?;
        }
        let (count, micros) = (self.count.load(Ordering::Relaxed), self.micros.load(Ordering::Relaxed));
        writeln!(to, "latchkey_request_seconds_bucket{{le=\"+Inf\"}} {count}")?;
        writeln!(to, "latchkey_request_seconds_sum {}.{:06}", micros / 1_000_000, micros % 1_000_000)?;
        writeln!(to, "latchkey_request_seconds_count {count}")
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, Ordering::Relaxed);
    }
}

fn lock<T>(numbers: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    numbers.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Metrics;
    use latchkey_contract::ProblemCode;
    use std::time::Duration;

    #[test]
    fn what_happened_is_counted() {
        let metrics = Metrics::default();
        let (under_way, now) = metrics.come();
        assert_eq!(now, 1);
        metrics.answered("/api/session", 200, None, Duration::from_millis(3));
        metrics.answered("/api/session", 403, Some(ProblemCode::Csrf), Duration::from_millis(30));
        let text = metrics.text();
        for line in [
            "latchkey_requests_total{route=\"/api/session\",status=\"200\"} 1",
            "latchkey_problems_total{code=\"csrf\"} 1",
            "latchkey_requests_under_way 1",
            "latchkey_request_seconds_bucket{le=\"0.002\"} 0",
            "latchkey_request_seconds_bucket{le=\"0.005\"} 1",
            "latchkey_request_seconds_bucket{le=\"+Inf\"} 2",
            "latchkey_request_seconds_sum 0.033000",
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is not in\n{text}");
        }
        drop(under_way);
        assert!(metrics.text().contains("latchkey_requests_under_way 0"));
    }
}
