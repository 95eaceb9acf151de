//! A concurrency limit on the calls to the org, with a CoDel queue: a slow org must not use up this server as well.

use crate::clock::Clock;
use latchkey_idx::{Error, Request, Response, Transport};
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{AcquireError, Semaphore, SemaphorePermit},
    time::{Instant, timeout},
};

/// The longest that a call waits for a permit; less in tests.
const MAX_WAIT: Duration = Duration::from_millis(if cfg!(test) { 100 } else { 2_000 });

/// CoDel: the queue is overloaded if every call of an interval has waited longer than the target.
const TARGET_DELAY: Duration = Duration::from_millis(250);
const INTERVAL: Duration = Duration::from_millis(500);

/// Sends when there is a permit.
#[derive(Debug)]
pub struct ConcurrencyLimit<T> {
    inner: T,
    permits: Semaphore,
    queue: Arc<Queue>,
}

/// The calls that wait for a permit.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: Mutex<Waiting>,
    clock: Clock,
}

#[derive(Debug, Default)]
struct Waiting {
    calls: usize,
    /// When the queue was last empty, or a call last waited no longer than the target.
    in_time: Option<Instant>,
}

/// A call that waits, until it has a permit or gives up.
struct WaitingCall<'a> {
    queue: &'a Queue,
    since: Instant,
}

impl Queue {
    /// An empty queue.
    pub fn new(clock: Clock) -> Self {
        Self { waiting: Mutex::default(), clock }
    }

    /// Whether the queue is overloaded, so that a call that joins now would wait for too long.
    pub fn is_late(&self) -> bool {
        let (waiting, now) = (self.waiting(), self.clock.instant());
        waiting.calls > 0 && waiting.in_time.is_some_and(|then| now.duration_since(then) > INTERVAL)
    }

    fn join(&self) -> WaitingCall<'_> {
        let (mut waiting, since) = (self.waiting(), self.clock.instant());
        if waiting.calls == 0 {
            waiting.in_time = Some(since);
        }
        waiting.calls += 1;
        WaitingCall { queue: self, since }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for WaitingCall<'_> {
    fn drop(&mut self) {
        let (mut waiting, now) = (self.queue.waiting(), self.queue.clock.instant());
        waiting.calls = waiting.calls.saturating_sub(1);
        if now.duration_since(self.since) <= TARGET_DELAY {
            waiting.in_time = Some(now);
        }
    }
}

impl<T> ConcurrencyLimit<T> {
    /// The transport for so many calls at once; more wait in this queue.
    pub fn new(inner: T, permits: NonZeroUsize, queue: Arc<Queue>) -> Self {
        Self { inner, permits: Semaphore::new(permits.get().min(Semaphore::MAX_PERMITS)), queue }
    }

    /// A permit, first come, first served.
    async fn permit(&self) -> Result<SemaphorePermit<'_>, Error> {
        if let Ok(permit) = self.permits.try_acquire() {
            return Ok(permit);
        }
        let _waiting = self.queue.join();
        let waited = timeout(MAX_WAIT, self.permits.acquire()).await;
        waited.map_err(|_| Error::Busy)?.map_err(|AcquireError { .. }| Error::Busy)
    }
}

impl<T: Transport> Transport for ConcurrencyLimit<T> {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        let _permit = self.permit().await?;
        self.inner.send(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::{ConcurrencyLimit, MAX_WAIT};
    use latchkey_idx::{Body, Error, Request, Transport, json_response};
    use std::{
        num::NonZeroUsize,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };
    use tokio::time::{Instant, sleep};

    fn request() -> Request {
        http::Request::post("https://org.example/idp/idx/identify").body(Body::default()).unwrap()
    }

    /// A slow org that counts the max_at_once calls it had at once.
    fn slow(delay: Duration, max_at_once: &Arc<AtomicUsize>) -> impl Transport + use<> {
        let (now, max_at_once) = (Arc::new(AtomicUsize::new(0)), max_at_once.clone());
        move |_: Request| {
            let (now, max_at_once) = (now.clone(), max_at_once.clone());
            async move {
                max_at_once.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                sleep(delay).await;
                now.fetch_sub(1, Ordering::Relaxed);
                Ok(json_response(200, "{}"))
            }
        }
    }

    #[tokio::test]
    async fn sec_86_of_many_calls_only_so_many_run_at_once_and_all_are_made() {
        let max_at_once = Arc::new(AtomicUsize::new(0));
        let org = slow(Duration::from_millis(1), &max_at_once);
        let limited = Arc::new(ConcurrencyLimit::new(org, NonZeroUsize::new(30).unwrap(), Arc::default()));
        let calls: Vec<_> = (0..500)
            .map(|_| {
                let limited = limited.clone();
                tokio::spawn(async move { limited.send(request()).await })
            })
            .collect();
        for call in calls {
            assert!(call.await.unwrap().is_ok());
        }
        assert_eq!(max_at_once.load(Ordering::Relaxed), 30);
    }

    #[tokio::test]
    async fn rel_35_a_call_that_waits_too_long_for_a_slow_org_fails_and_leaves_the_queue() {
        let max_at_once = Arc::new(AtomicUsize::new(0));
        let org = slow(MAX_WAIT * 3, &max_at_once);
        let limited = Arc::new(ConcurrencyLimit::new(org, NonZeroUsize::MIN, Arc::default()));
        let first = tokio::spawn({
            let limited = limited.clone();
            async move { limited.send(request()).await }
        });
        tokio::task::yield_now().await;
        let began = Instant::now();
        assert_eq!(limited.send(request()).await.err(), Some(Error::Busy));
        assert!(began.elapsed() >= MAX_WAIT);
        assert!(first.await.unwrap().is_ok());
        assert!(limited.send(request()).await.is_ok(), "the permit is free again");
    }
}
