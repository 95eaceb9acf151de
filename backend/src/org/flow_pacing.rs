//! Flow pacing: a sliding window on the calls of one flow, since the org counts them and refuses what is too fast.

use crate::abuse::rate_limit::Rate;
use latchkey_idx::{Error, FlowId, Request, Response, Transport};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// Longer than this nobody is kept waiting: there is a browser at the other end.
const MAX_WAIT: Duration = Duration::from_secs(6);

/// What the flows of this process have called; nothing where they may call as they like.
#[derive(Debug, Default)]
pub struct FlowPacer(Option<Counted>);

#[derive(Debug)]
struct Counted {
    pace: Rate,
    flows: Mutex<HashMap<FlowId, Recent>>,
}

/// The last calls of one flow.
#[derive(Debug, Default)]
struct Recent {
    calls: VecDeque<Instant>,
    /// Before this moment the org has nothing new to say.
    next_poll: Option<Instant>,
}

/// Sends when the flow is due.
#[derive(Debug)]
pub struct PacedTransport<T> {
    inner: T,
    pacer: Arc<FlowPacer>,
}

impl FlowPacer {
    /// So many calls in so long for each flow, if they are to be counted.
    pub fn new(pace: Option<Rate>) -> Self {
        Self(pace.map(|pace| Counted { pace, flows: Mutex::default() }))
    }

    /// Waits until the flow may call, and counts the call.
    async fn call(&self, flow: FlowId) -> Result<(), Error> {
        let Some(counted) = &self.0 else { return Ok(()) };
        while let Some(wait) = counted.with(flow, |recent| recent.call(counted.pace, Instant::now())) {
            if wait > MAX_WAIT {
                return Err(Error::RateLimited { retry_after: wait });
            }
            sleep(wait).await;
        }
        Ok(())
    }

    /// Waits until the flow may poll, which the org wants no more often than this. Says no when that takes too long for
    /// whoever waits.
    pub async fn poll(&self, flow: FlowId, every: Duration) -> bool {
        let Some(counted) = &self.0 else { return true };
        let patience = Instant::now() + MAX_WAIT;
        while let Some(due) = counted.with(flow, |recent| recent.poll(every, Instant::now())) {
            if due > patience {
                return false;
            }
            tokio::time::sleep_until(due).await;
        }
        true
    }

    /// Forgets flows that may do anything again.
    pub fn sweep(&self, now: Instant) {
        let Some(counted) = &self.0 else { return };
        let mut flows = counted.flows.lock().unwrap_or_else(PoisonError::into_inner);
        flows.retain(|_, recent| recent.is_of_use(counted.pace, now));
    }
}

impl Counted {
    fn with<R>(&self, flow: FlowId, look: impl FnOnce(&mut Recent) -> R) -> R {
        look(self.flows.lock().unwrap_or_else(PoisonError::into_inner).entry(flow).or_default())
    }
}

impl Recent {
    /// Counts a call, or says how long it has to wait: until the oldest of so many is old.
    fn call(&mut self, pace: Rate, now: Instant) -> Option<Duration> {
        while self.calls.front().is_some_and(|oldest| *oldest + pace.within() <= now) {
            self.calls.pop_front();
        }
        if self.calls.len() < pace.calls() {
            self.calls.push_back(now);
            return None;
        }
        self.calls.front().map(|oldest| *oldest + pace.within() - now)
    }

    /// Notes a poll, or says when it is due.
    fn poll(&mut self, every: Duration, now: Instant) -> Option<Instant> {
        let due = self.next_poll.filter(|due| *due > now);
        if due.is_none() {
            self.next_poll = Some(now + every);
        }
        due
    }

    fn is_of_use(&self, pace: Rate, now: Instant) -> bool {
        self.next_poll.is_some_and(|due| due > now)
            || self.calls.back().is_some_and(|latest| *latest + pace.within() > now)
    }
}

impl<T> PacedTransport<T> {
    /// The same transport at this tempo.
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
    use crate::abuse::rate_limit::Rate;
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
    fn sec_86_in_no_five_seconds_a_flow_calls_more_than_eight_times() {
        let pace: Rate = "8/5".parse().unwrap();
        let (began, mut recent, mut calls) = (Instant::now(), Recent::default(), Vec::new());
        let mut now = began;
        for gap in [0, 0, 900, 0, 0, 0, 1_500, 0, 0, 0, 0, 700, 0, 0, 0, 0, 0, 0, 2_000, 0, 0, 0, 0, 0, 0] {
            now += Duration::from_millis(gap);
            while let Some(wait) = recent.call(pace, now) {
                assert!(wait <= MAX_WAIT);
                now += wait;
            }
            calls.push(now - began);
        }
        for nine in calls.windows(9) {
            assert!(nine[8] - nine[0] >= Duration::from_secs(5), "{calls:?}");
        }
        assert_eq!(calls[7], Duration::from_millis(2_400), "who is not too fast does not wait");
    }

    #[test]
    fn sec_86_a_flow_polls_no_more_often_than_the_org_wants() {
        let (began, mut recent, every) = (Instant::now(), Recent::default(), Duration::from_secs(4));
        assert_eq!(recent.poll(every, began), None);
        assert_eq!(recent.poll(every, began + every / 2), Some(began + every));
        assert_eq!(recent.poll(every, began + every), None);
        assert_eq!(recent.poll(every, began + every), Some(began + every * 2));
    }

    #[tokio::test]
    async fn sec_86_one_flow_does_not_wait_for_another_and_who_calls_as_they_like_for_nobody() {
        let (began, pacer) = (Instant::now(), FlowPacer::new("8/5".parse().ok()));
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
        assert!(began.elapsed() < Duration::from_secs(4), "nobody has waited");
    }

    #[tokio::test]
    async fn sec_86_nobody_waits_longer_than_a_browser_does() {
        let pacer = FlowPacer::new("1/60".parse().ok());
        pacer.call(flow("mary")).await.unwrap();
        let Err(Error::RateLimited { retry_after }) = pacer.call(flow("mary")).await else {
            panic!("it has been counted")
        };
        assert_eq!(retry_after.as_secs_f32().round(), 60.0);
        assert!(pacer.poll(flow("mary"), MAX_WAIT * 2).await);
        assert!(!pacer.poll(flow("mary"), MAX_WAIT * 2).await);
    }

    #[tokio::test]
    async fn sec_86_what_belongs_to_a_flow_waits_for_its_flow() {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let paced = {
            let sent = sent.clone();
            let org = move |_: Request| {
                sent.lock().unwrap().push(Instant::now());
                async { Ok(json_response(200, "{}")) }
            };
            PacedTransport::new(org, Arc::new(FlowPacer::new("1/1".parse().ok())))
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
    async fn flows_that_may_call_again_are_forgotten_and_no_others() {
        let (began, pacer) = (Instant::now(), FlowPacer::new("8/5".parse().ok()));
        pacer.call(flow("mary")).await.unwrap();
        pacer.poll(flow("john"), Duration::from_secs(30)).await;
        for (later, known) in [(0, 2), (20, 1), (60, 0)] {
            pacer.sweep(began + Duration::from_secs(later));
            assert_eq!(pacer.0.as_ref().unwrap().flows.lock().unwrap().len(), known, "{later}");
        }
    }
}
