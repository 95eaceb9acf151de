//! Counters and timings since the start, in the text format of OpenMetrics. Nothing in them is about a person.

use latchkey_contract::ProblemCode;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::time::Duration;

/// The media type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 12.0];

/// All metrics.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Routes are patterns, so there are no more of these than routes times statuses.
    requests: Family<RequestLabels, Counter>,
    problems: Family<ProblemLabels, Counter>,
    events: Family<EventLabels, Counter>,
    under_way: Gauge,
    seconds: Histogram,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProblemLabels {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EventLabels {
    event: &'static str,
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub struct UnderWay<'a>(&'a Gauge);

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            problems: Family::default(),
            events: Family::default(),
            under_way: Gauge::default(),
            seconds: Histogram::new(BUCKETS),
        };
        let registry = &mut metrics.registry;
        registry.register("latchkey_requests", "Answers, by route and status", metrics.requests.clone());
        registry.register(
            "latchkey_problems",
            "Answers that were a problem, by code",
            metrics.problems.clone(),
        );
        registry.register("latchkey_events", "What happened to sessions", metrics.events.clone());
        registry.register(
            "latchkey_requests_under_way",
            "Requests at this moment",
            metrics.under_way.clone(),
        );
        registry.register("latchkey_request_seconds", "How long answers take", metrics.seconds.clone());
        metrics
    }
}

impl Metrics {
    /// Counts a request as under way. Returns how many there are with it.
    pub fn begin_request(&self) -> (UnderWay<'_>, usize) {
        let before = self.under_way.inc();
        (UnderWay(&self.under_way), usize::try_from(before).unwrap_or(0) + 1)
    }

    /// Counts an answer.
    pub fn answered(&self, route: &str, status: u16, problem: Option<ProblemCode>, took: Duration) {
        self.requests.get_or_create(&RequestLabels { route: route.to_owned(), status }).inc();
        if let Some(code) = problem {
            self.problems.get_or_create(&ProblemLabels { code: code.name() }).inc();
        }
        self.seconds.observe(took.as_secs_f64());
    }

    /// Counts something that happened to a session, and logs it.
    pub fn happened(&self, event: &'static str) {
        self.events.get_or_create(&EventLabels { event }).inc();
        tracing::info!(event);
    }

    /// All metrics as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::Metrics;
    use latchkey_contract::ProblemCode;
    use std::time::Duration;

    #[test]
    fn requests_problems_and_events_are_counted_under_their_names() {
        let metrics = Metrics::default();
        let (under_way, now) = metrics.begin_request();
        assert_eq!(now, 1);
        metrics.answered("/api/session", 200, None, Duration::from_millis(3));
        metrics.answered("/api/session", 403, Some(ProblemCode::Csrf), Duration::from_millis(30));
        metrics.happened("signed_in");
        let text = metrics.text();
        for line in [
            "# TYPE latchkey_requests counter",
            "latchkey_requests_total{route=\"/api/session\",status=\"200\"} 1",
            "latchkey_problems_total{code=\"csrf\"} 1",
            "latchkey_events_total{event=\"signed_in\"} 1",
            "# TYPE latchkey_requests_under_way gauge",
            "latchkey_requests_under_way 1",
            "# TYPE latchkey_request_seconds histogram",
            "latchkey_request_seconds_bucket{le=\"0.002\"} 0",
            "latchkey_request_seconds_bucket{le=\"0.005\"} 1",
            "latchkey_request_seconds_bucket{le=\"+Inf\"} 2",
            "latchkey_request_seconds_count 2",
            "# EOF",
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is not in\n{text}");
        }
        drop(under_way);
        assert!(metrics.text().contains("latchkey_requests_under_way 0"));
    }

    #[test]
    fn a_label_cannot_break_out_of_its_quotes() {
        let metrics = Metrics::default();
        metrics.answered("/a\"} 7\n", 200, None, Duration::ZERO);
        let text = metrics.text();
        assert!(text.contains(r#"{route="/a\"} 7\n",status="200"} 1"#), "{text}");
    }
}
