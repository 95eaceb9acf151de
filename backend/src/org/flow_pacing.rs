//! Flow pacing: a sliding window on the calls of one flow, since the org counts them and refuses what is too fast.

use crate::{abuse::rate::Rate, clock::Clock};
use latchkey_idx::{Error, FlowId, Request, Response, Transport};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// A call that would wait longer is refused, since a browser waits for it.
const MAX_WAIT: Duration = Duration::from_secs(6);

/// The recent calls of each flow of this process; none where flows have no limit.
#[derive(Debug, Default)]
pub struct FlowPacer(Option<RecentCalls>);

#[derive(Debug)]
struct RecentCalls {
    rate: Rate,
    flows: Mutex<HashMap<FlowId, Recent>>,
    clock: Clock,
}

/// The last calls of one flow.
#[derive(Debug, Default)]
struct Recent {
    calls: VecDeque<Instant>,
    /// The earliest next poll, by what the org asked for.
    next_poll: Option<Instant>,
}

/// Sends when the flow may call.
#[derive(Debug)]
pub struct PacedTransport<T> {
    inner: T,
    pacer: Arc<FlowPacer>,
}

impl FlowPacer {
    /// A pacer for this rate of each flow, if there is one.
    pub fn new(rate: Option<Rate>, clock: Clock) -> Self {
        Self(rate.map(|rate| RecentCalls { rate, flows: Mutex::default(), clock }))
    }

    /// Waits until the flow may call, and counts the call.
    async fn call(&self, flow: FlowId) -> Result<(), Error> {
        let Some(calls) = &self.0 else { return Ok(()) };
        while let Some(wait) = calls.with(flow, |recent, now| recent.call(calls.rate, now)) {
            if wait > MAX_WAIT {
                return Err(Error::RateLimited { retry_after: wait });
            }
            sleep(wait).await;
        }
        Ok(())
    }

    /// Waits until the flow may poll at this interval of the org. False if that takes longer than a browser waits.
    pub async fn poll(&self, flow: FlowId, interval: Duration) -> bool {
        let Some(calls) = &self.0 else { return true };
        let deadline = calls.clock.instant() + MAX_WAIT;
        while let Some(due) = calls.with(flow, |recent, now| recent.poll(interval, now)) {
            if due > deadline {
                return false;
            }
            tokio::time::sleep_until(due).await;
        }
        true
    }

    /// Forgets flows that may call and poll at once.
    pub fn sweep(&self, now: Instant) {
        let Some(calls) = &self.0 else { return };
        let mut flows = calls.flows.lock().unwrap_or_else(PoisonError::into_inner);
        flows.retain(|_, recent| recent.limits(calls.rate, now));
    }
}

impl RecentCalls {
    fn with<R>(&self, flow: FlowId, count: impl FnOnce(&mut Recent, Instant) -> R) -> R {
        let mut flows = self.flows.lock().unwrap_or_else(PoisonError::into_inner);
        count(flows.entry(flow).or_default(), self.clock.instant())
    }
}

impl Recent {
    /// Counts a call; or returns how long it has to wait until the oldest call leaves the window.
    fn call(&mut self, rate: Rate, now: Instant) -> Option<Duration> {
        while self.calls.front().is_some_and(|oldest| *oldest + rate.within() <= now) {
            self.calls.pop_front();
        }
        if self.calls.len() < rate.calls() {
            self.calls.push_back(now);
            return None;
        }
        self.calls.front().map(|oldest| *oldest + rate.within() - now)
    }

    /// Notes a poll; or returns when it is due.
    fn poll(&mut self, interval: Duration, now: Instant) -> Option<Instant> {
        let due = self.next_poll.filter(|due| *due > now);
        if due.is_none() {
            self.next_poll = Some(now + interval);
        }
        due
    }

    fn limits(&self, rate: Rate, now: Instant) -> bool {
        self.next_poll.is_some_and(|due| due > now)
            || self.calls.back().is_some_and(|latest| *latest + rate.within() > now)
    }
}

impl<T> PacedTransport<T> {
    /// The transport with this pacer.
    pub fn new(inner: T, pacer: Arc<FlowPacer>) -> Self {
        Self { inner, pacer }
    }
}

impl<T: Transport> Transport for PacedTransport<T> {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        if let Some(flow) = FlowId::of_request(&request) {
            self.pacer.call(flow).await?;
        }
        self.inner.send(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::{FlowPacer, MAX_WAIT, PacedTransport, Recent};
    use crate::{abuse::rate::Rate, clock::Clock};
    use latchkey_idx::{Body, Error, FlowId, Request, Transport, json_response};
    use std::{
        sync::{Arc, Mutex},
        time::Duration,
    };
    use tokio::time::Instant;

    fn flow(name: &str) -> FlowId {
        FlowId::from_state(name)
    }

    #[test]
    fn sec_86_a_flow_calls_at_most_eight_times_in_any_five_seconds() {
        let rate: Rate = "8/5".parse().unwrap();
        let (began, mut recent, mut calls) = (Instant::now(), Recent::default(), Vec::new());
        let mut now = began;
        for gap in [0, 0, 900, 0, 0, 0, 1_500, 0, 0, 0, 0, 700, 0, 0, 0, 0, 0, 0, 2_000, 0, 0, 0, 0, 0, 0] {
            now += Duration::from_millis(gap);
            while let Some(wait) = recent.call(rate, now) {
                assert!(wait <= MAX_WAIT);
                now += wait;
            }
            calls.push(now - began);
        }
        for nine in calls.windows(9) {
            assert!(nine[8] - nine[0] >= Duration::from_secs(5), "{calls:?}");
        }
        assert_eq!(calls[7], Duration::from_millis(2_400), "a call within the rate does not wait");
    }

    #[test]
    fn sec_86_a_flow_polls_at_the_interval_of_the_org() {
        let (began, mut recent, every) = (Instant::now(), Recent::default(), Duration::from_secs(4));
        assert_eq!(recent.poll(every, began), None);
        assert_eq!(recent.poll(every, began + every / 2), Some(began + every));
        assert_eq!(recent.poll(every, began + every), None);
        assert_eq!(recent.poll(every, began + every), Some(began + every * 2));
    }

    #[tokio::test]
    async fn sec_86_flows_do_not_wait_for_each_other_and_without_a_rate_not_at_all() {
        let (began, pacer) = (Instant::now(), FlowPacer::new("8/5".parse().ok(), Clock::system()));
        for person in ["mary", "john", "jane"] {
            for _ in 0..8 {
                pacer.call(flow(person)).await.unwrap();
            }
            assert!(pacer.poll(flow(person), MAX_WAIT).await);
        }
        for _ in 0..99 {
            FlowPacer::default().call(flow("mary")).await.unwrap();
            assert!(FlowPacer::default().poll(flow("mary"), MAX_WAIT).await);
        }
        assert!(began.elapsed() < Duration::from_secs(4), "no call has waited");
    }

    #[tokio::test]
    async fn sec_86_a_call_that_would_wait_longer_than_a_browser_is_refused() {
        let pacer = FlowPacer::new("1/60".parse().ok(), Clock::system());
        pacer.call(flow("mary")).await.unwrap();
        let Err(Error::RateLimited { retry_after }) = pacer.call(flow("mary")).await else {
            panic!("not refused")
        };
        assert_eq!(retry_after.as_secs_f32().round(), 60.0);
        assert!(pacer.poll(flow("mary"), MAX_WAIT * 2).await);
        assert!(!pacer.poll(flow("mary"), MAX_WAIT * 2).await);
    }

    #[tokio::test]
    async fn sec_86_only_calls_of_the_same_flow_wait_for_each_other() {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let paced = {
            let sent = sent.clone();
            let org = move |_: Request| {
                sent.lock().unwrap().push(Instant::now());
                async { Ok(json_response(200, "{}")) }
            };
            PacedTransport::new(org, Arc::new(FlowPacer::new("1/1".parse().ok(), Clock::system())))
        };
        let began = Instant::now();
        for flow in [Some(flow("mary")), None, None, Some(flow("mary"))] {
            let mut request = http::Request::post("https://org.example/").body(Body::default()).unwrap();
            flow.map(|flow| request.extensions_mut().insert(flow));
            paced.send(request).await.unwrap();
        }
        let after: Vec<_> =
            sent.lock().unwrap().iter().map(|at| at.duration_since(began).as_secs()).collect();
        assert!(matches!(after[..], [0, 0, 0, last] if last > 0), "{after:?}");
    }

    #[tokio::test]
    async fn only_flows_that_may_call_again_are_forgotten() {
        let (began, pacer) = (Instant::now(), FlowPacer::new("8/5".parse().ok(), Clock::system()));
        pacer.call(flow("mary")).await.unwrap();
        pacer.poll(flow("john"), Duration::from_secs(30)).await;
        for (later, known) in [(0, 2), (20, 1), (60, 0)] {
            pacer.sweep(began + Duration::from_secs(later));
            assert_eq!(pacer.0.as_ref().unwrap().flows.lock().unwrap().len(), known, "{later}");
        }
    }
}
