//! A circuit breaker: after some calls without an answer the next ones fail at once, and one a second is sent as a trial.

use crate::clock::Clock;
use latchkey_idx::{Error, Request, Response, Transport};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The calls in a row without a response after which the circuit opens.
const FAILURES_TO_OPEN: u32 = 5;
/// The time between two trials.
const TRIAL_INTERVAL: Duration = Duration::from_secs(1);

/// Sends while the circuit is closed, and one trial at a time while it is open.
#[derive(Debug)]
pub struct CircuitBreaker<T> {
    inner: T,
    state: Mutex<CircuitState>,
    clock: Clock,
}

/// The state of the circuit, by the last calls.
#[derive(Debug)]
enum CircuitState {
    /// The org responds; so many of its last calls had no response.
    Closed(u32),
    /// The org does not respond; the next trial is made at this time.
    Open { next: Instant },
}

impl<T> CircuitBreaker<T> {
    /// The transport with a closed circuit.
    pub fn new(inner: T, clock: Clock) -> Self {
        Self { inner, state: Mutex::new(CircuitState::Closed(0)), clock }
    }

    fn with_state<R>(&self, change: impl FnOnce(&mut CircuitState) -> R) -> R {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl CircuitState {
    /// Whether a call may be made; while the circuit is open it is the trial.
    fn may_call(&mut self, now: Instant) -> bool {
        match self {
            Self::Closed(_) => true,
            Self::Open { next } if now < *next => false,
            Self::Open { next } => {
                *next = now + TRIAL_INTERVAL;
                true
            }
        }
    }

    /// Notes whether a call had a response. A refusal is one, too.
    fn note(&mut self, has_response: bool, now: Instant) {
        *self = match self {
            _ if has_response => Self::Closed(0),
            Self::Closed(missed) if *missed + 1 < FAILURES_TO_OPEN => Self::Closed(*missed + 1),
            Self::Closed(_) | Self::Open { .. } => Self::Open { next: now + TRIAL_INTERVAL },
        };
    }
}

impl<T: Transport> Transport for CircuitBreaker<T> {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        if !self.with_state(|state| state.may_call(self.clock.instant())) {
            return Err(Error::Unreachable("it has not responded for a while".to_owned()));
        }
        let outcome = self.inner.send(request).await;
        let missed = matches!(outcome, Err(Error::Unreachable(_) | Error::Timeout | Error::Broken(_)));
        self.with_state(|state| state.note(!missed, self.clock.instant()));
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::{CircuitBreaker, CircuitState, FAILURES_TO_OPEN, TRIAL_INTERVAL};
    use crate::clock::Clock;
    use http::Request;
    use latchkey_idx::{Body, Error, Transport, json_response};
    use std::sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    };
    use tokio::time::Instant;

    #[test]
    fn rel_35_the_circuit_opens_only_after_several_failures_in_a_row() {
        let (mut state, now) = (CircuitState::Closed(0), Instant::now());
        for _ in 0..3 {
            for _ in 1..FAILURES_TO_OPEN {
                assert!(state.may_call(now));
                state.note(false, now);
            }
            state.note(true, now);
        }
        assert!(state.may_call(now));
    }

    #[test]
    fn rel_35_an_open_circuit_lets_one_trial_a_second_through() {
        let (mut state, now) = (CircuitState::Closed(0), Instant::now());
        (0..FAILURES_TO_OPEN).for_each(|_| state.note(false, now));
        assert!(!state.may_call(now));
        let later = now + TRIAL_INTERVAL;
        assert!(state.may_call(later));
        assert!(!state.may_call(later), "one trial at a time");
        state.note(false, later);
        assert!(!state.may_call(later + TRIAL_INTERVAL / 2));
        assert!(state.may_call(later + TRIAL_INTERVAL));
        state.note(true, later + TRIAL_INTERVAL);
        assert!((0..9).all(|_| state.may_call(later + TRIAL_INTERVAL)));
    }

    #[tokio::test]
    async fn rel_35_calls_fail_at_once_while_the_circuit_is_open() {
        let (calls, is_back) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, asked) = (calls.clone(), is_back.clone());
        let org = move |_: Request<Body>| {
            counted.fetch_add(1, Ordering::Relaxed);
            let is_back = asked.load(Ordering::Relaxed);
            async move { if is_back { Ok(json_response(500, "{}")) } else { Err(Error::Timeout) } }
        };
        let breaker = CircuitBreaker::new(org, Clock::system());
        let request = || Request::post("https://org.example/idp/idx/identify").body(Body::default()).unwrap();
        for _ in 0..100 {
            assert!(breaker.send(request()).await.is_err());
        }
        assert_eq!(calls.load(Ordering::Relaxed), FAILURES_TO_OPEN);
        is_back.store(true, Ordering::Relaxed);
        breaker.with_state(|state| *state = CircuitState::Open { next: Instant::now() });
        assert!(breaker.send(request()).await.is_ok());
        assert!(breaker.send(request()).await.is_ok());
    }
}
