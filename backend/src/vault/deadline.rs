//! No operation on a store waits long, and not many wait at once.

use super::Unavailable;
use std::time::Duration;
use tokio::{sync::Semaphore, time::timeout};

/// The longest that any one operation takes, its wait for a connection included.
pub(super) const OPERATION_TIMEOUT: Duration = Duration::from_secs(1);

/// What each operation on a store goes through.
pub(super) struct Deadline {
    store: &'static str,
    permits: Semaphore,
    timeout_after: Duration,
}

impl Deadline {
    /// Lets so many in at once: those that are served and those that wait for it.
    pub(super) fn new(store: &'static str, permits: usize) -> Self {
        Self { store, permits: Semaphore::new(permits), timeout_after: OPERATION_TIMEOUT }
    }

    /// Does the operation, unless too many are in, and gives it up when it takes too long. Given up is not undone: it
    /// may still happen, wholly or not at all.
    pub(super) async fn pass<T>(
        &self,
        operation: impl Future<Output = Result<T, Unavailable>>,
    ) -> Result<T, Unavailable> {
        let Ok(_permit) = self.permits.try_acquire() else {
            return Err(Unavailable(format!("too much waits for {} already", self.store)));
        };
        match timeout(self.timeout_after, operation).await {
            Ok(done) => done,
            Err(_) => Err(Unavailable(format!("{} has not answered in time", self.store))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Deadline;
    use std::{
        future::{pending, ready},
        time::Duration,
    };

    fn deadline(permits: usize) -> Deadline {
        Deadline { timeout_after: Duration::from_millis(10), ..Deadline::new("the store", permits) }
    }

    #[tokio::test]
    async fn rel_51_what_takes_too_long_is_given_up() {
        let deadline = deadline(1);
        let error = deadline.pass::<()>(pending()).await.unwrap_err();
        assert_eq!(error.0, "the store has not answered in time");
        assert_eq!(deadline.pass(ready(Ok(7))).await.unwrap(), 7, "the place is free again");
    }

    #[tokio::test]
    async fn rel_51_no_queue_grows_for_ever() {
        let deadline = deadline(2);
        let (first, second, third) = tokio::join!(
            deadline.pass::<()>(pending()),
            deadline.pass::<()>(pending()),
            deadline.pass::<()>(pending())
        );
        for waited in [first, second] {
            assert_eq!(waited.unwrap_err().0, "the store has not answered in time");
        }
        assert_eq!(third.unwrap_err().0, "too much waits for the store already");
    }
}
