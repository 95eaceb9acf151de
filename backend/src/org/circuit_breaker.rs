//! A circuit breaker: after some calls without an answer the next ones fail at once, and one a second is sent as a trial.

use latchkey_idx::{Error, Request, Response, Transport};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// So many calls in a row without an answer are no coincidence.
const FAILURES_TO_OPEN: u32 = 5;
/// For so long nobody else is let through.
const TRIAL_INTERVAL: Duration = Duration::from_secs(1);

/// Sends, unless that is known to be in vain.
#[derive(Debug)]
pub struct CircuitBreaker<T> {
    inner: T,
    org: Mutex<CircuitState>,
}

/// What the last calls say of the org.
#[derive(Debug)]
enum CircuitState {
    /// It answers, but for so many calls in a row.
    Closed(u32),
    /// It is away; the next call that may see whether it is back is this one.
    Open { next: Instant },
}

impl<T> CircuitBreaker<T> {
    /// The same transport, before an org of which nothing is known yet.
    pub fn new(inner: T) -> Self {
        Self { inner, org: Mutex::new(CircuitState::Closed(0)) }
    }

    fn with<R>(&self, look: impl FnOnce(&mut CircuitState) -> R) -> R {
        look(&mut self.org.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl CircuitState {
    /// Whether a call has a chance.
    fn may_be_asked(&mut self, now: Instant) -> bool {
        match self {
            Self::Closed(_) => true,
            Self::Open { next } if now < *next => false,
            Self::Open { next } => {
                *next = now + TRIAL_INTERVAL;
                true
            }
        }
    }

    /// Notes what came of a call. Even a refusal is an answer.
    fn note(&mut self, answered: bool, now: Instant) {
        *self = match self {
            _ if answered => Self::Closed(0),
            Self::Closed(missed) if *missed + 1 < FAILURES_TO_OPEN => Self::Closed(*missed + 1),
            Self::Closed(_) | Self::Open { .. } => Self::Open { next: now + TRIAL_INTERVAL },
        };
    }
}

impl<T: Transport> Transport for CircuitBreaker<T> {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        if !self.with(|org| org.may_be_asked(Instant::now())) {
            return Err(Error::Unreachable("it has not answered for a while".to_owned()));
        }
        let outcome = self.inner.send(request).await;
        let missed = matches!(outcome, Err(Error::Unreachable(_) | Error::Timeout | Error::Broken(_)));
        self.with(|org| org.note(!missed, Instant::now()));
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::{CircuitBreaker, CircuitState, FAILURES_TO_OPEN, TRIAL_INTERVAL};
    use http::Request;
    use latchkey_idx::{Body, Error, Transport, json_response};
    use std::sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    };
    use tokio::time::Instant;

    #[test]
    fn rel_35_a_few_missed_calls_are_no_outage_and_an_answer_forgets_them() {
        let (mut org, now) = (CircuitState::Closed(0), Instant::now());
        for _ in 0..3 {
            for _ in 1..FAILURES_TO_OPEN {
                assert!(org.may_be_asked(now));
                org.note(false, now);
            }
            org.note(true, now);
        }
        assert!(org.may_be_asked(now));
    }

    #[test]
    fn rel_35_of_an_org_that_is_away_one_call_a_second_sees_whether_it_is_back() {
        let (mut org, now) = (CircuitState::Closed(0), Instant::now());
        (0..FAILURES_TO_OPEN).for_each(|_| org.note(false, now));
        assert!(!org.may_be_asked(now));
        let later = now + TRIAL_INTERVAL;
        assert!(org.may_be_asked(later));
        assert!(!org.may_be_asked(later), "one is enough");
        org.note(false, later);
        assert!(!org.may_be_asked(later + TRIAL_INTERVAL / 2));
        assert!(org.may_be_asked(later + TRIAL_INTERVAL));
        org.note(true, later + TRIAL_INTERVAL);
        assert!((0..9).all(|_| org.may_be_asked(later + TRIAL_INTERVAL)));
    }

    #[tokio::test]
    async fn rel_35_nobody_waits_for_an_org_that_is_away() {
        let (calls, is_back) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, asked) = (calls.clone(), is_back.clone());
        let breaker = CircuitBreaker::new(move |_: Request<Body>| {
            counted.fetch_add(1, Ordering::Relaxed);
            let is_back = asked.load(Ordering::Relaxed);
            async move { if is_back { Ok(json_response(500, "{}")) } else { Err(Error::Timeout) } }
        });
        let request = || Request::post("https://org.example/idp/idx/identify").body(Body::default()).unwrap();
        for _ in 0..100 {
            assert!(breaker.send(request()).await.is_err());
        }
        assert_eq!(calls.load(Ordering::Relaxed), FAILURES_TO_OPEN);
        is_back.store(true, Ordering::Relaxed);
        breaker.with(|org| *org = CircuitState::Open { next: Instant::now() });
        assert!(breaker.send(request()).await.is_ok());
        assert!(breaker.send(request()).await.is_ok());
    }
}
