//! Lets only so many calls to the org be under way at once: it counts them, and an org that has become slow is not to
//! take along all that people can do here without it.

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

/// So long a call waits for a place. An org that is well has one sooner; tests have no time.
const MAX_WAIT: Duration = Duration::from_millis(if cfg!(test) { 100 } else { 2_000 });

/// If for so long nobody has had to wait less than this, more come than can be served.
const TARGET_DELAY: Duration = Duration::from_millis(250);
const INTERVAL: Duration = Duration::from_millis(500);

/// Sends when there is a place.
#[derive(Debug)]
pub struct ConcurrencyLimit<T> {
    inner: T,
    places: Semaphore,
    queue: Arc<Queue>,
}

/// Those who wait for a place.
#[derive(Debug, Default)]
pub struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    now: usize,
    /// When there was nobody, or the last one who has not had to wait for long got their place.
    in_time: Option<Instant>,
}

/// One of them, until there is a place or they give up.
struct Waits<'a> {
    queue: &'a Queue,
    since: Instant,
}

impl Queue {
    /// Whether whoever joins now would wait for longer than is good.
    pub fn is_late(&self) -> bool {
        let waiting = self.waiting();
        waiting.now > 0 && waiting.in_time.is_some_and(|then| then.elapsed() > INTERVAL)
    }

    fn join(&self) -> Waits<'_> {
        let (mut waiting, since) = (self.waiting(), Instant::now());
        if waiting.now == 0 {
            waiting.in_time = Some(since);
        }
        waiting.now += 1;
        Waits { queue: self, since }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting();
        waiting.now = waiting.now.saturating_sub(1);
        if self.since.elapsed() <= TARGET_DELAY {
            waiting.in_time = Some(Instant::now());
        }
    }
}

impl<T> ConcurrencyLimit<T> {
    /// The same transport, for so many at once; the others join this queue.
    pub fn new(inner: T, places: NonZeroUsize, queue: Arc<Queue>) -> Self {
        Self { inner, places: Semaphore::new(places.get().min(Semaphore::MAX_PERMITS)), queue }
    }

    /// In the order in which they have come.
    async fn place(&self) -> Result<SemaphorePermit<'_>, Error> {
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let _waits = self.queue.join();
        let waited = timeout(MAX_WAIT, self.places.acquire()).await;
        waited.map_err(|_| Error::Busy)?.map_err(|AcquireError { .. }| Error::Busy)
    }
}

impl<T: Transport> Transport for ConcurrencyLimit<T> {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        let _place = self.place().await?;
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

    /// An org that takes its time and knows how many calls it had at once, at most.
    fn slow(takes: Duration, most: &Arc<AtomicUsize>) -> impl Transport + use<> {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), most.clone());
        move |_: Request| {
            let (now, most) = (now.clone(), most.clone());
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                sleep(takes).await;
                now.fetch_sub(1, Ordering::Relaxed);
                Ok(json_response(200, "{}"))
            }
        }
    }

    #[tokio::test]
    async fn sec_86_of_many_calls_only_so_many_are_under_way_and_all_are_made() {
        let most = Arc::new(AtomicUsize::new(0));
        let org = slow(Duration::from_millis(1), &most);
        let bulkhead = Arc::new(ConcurrencyLimit::new(org, NonZeroUsize::new(30).unwrap(), Arc::default()));
        let calls: Vec<_> = (0..500)
            .map(|_| {
                let bulkhead = bulkhead.clone();
                tokio::spawn(async move { bulkhead.send(request()).await })
            })
            .collect();
        for call in calls {
            assert!(call.await.unwrap().is_ok());
        }
        assert_eq!(most.load(Ordering::Relaxed), 30);
    }

    #[tokio::test]
    async fn rel_35_whoever_waits_too_long_for_an_org_that_is_slow_is_told_and_makes_room() {
        let most = Arc::new(AtomicUsize::new(0));
        let org = slow(MAX_WAIT * 3, &most);
        let bulkhead = Arc::new(ConcurrencyLimit::new(org, NonZeroUsize::MIN, Arc::default()));
        let first = tokio::spawn({
            let bulkhead = bulkhead.clone();
            async move { bulkhead.send(request()).await }
        });
        tokio::task::yield_now().await;
        let began = Instant::now();
        assert_eq!(bulkhead.send(request()).await.err(), Some(Error::Busy));
        assert!(began.elapsed() >= MAX_WAIT);
        assert!(first.await.unwrap().is_ok());
        assert!(bulkhead.send(request()).await.is_ok(), "there is a place again");
    }
}
