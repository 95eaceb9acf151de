//! A timeout and a concurrency limit for the operations on a store.

use crate::store::Unavailable;
use std::time::Duration;
use tokio::{sync::Semaphore, time::timeout};

/// The longest that any one operation takes, its wait for a connection included.
pub(crate) const OPERATION_TIMEOUT: Duration = Duration::from_secs(1);

/// The limits that each operation on a store goes through.
pub(crate) struct Deadline {
    store: &'static str,
    permits: Semaphore,
    timeout_after: Duration,
}

impl Deadline {
    /// So many operations at once: those that are served and those that wait.
    pub(crate) fn new(store: &'static str, permits: usize) -> Self {
        Self { store, permits: Semaphore::new(permits), timeout_after: OPERATION_TIMEOUT }
    }

    /// Runs the operation, unless too many run, and gives it up after the timeout. It may still happen then, wholly or not
    /// at all.
    pub(crate) async fn run<T>(
        &self,
        operation: impl Future<Output = Result<T, Unavailable>>,
    ) -> Result<T, Unavailable> {
        let Ok(_permit) = self.permits.try_acquire() else {
            return Err(Unavailable(format!("too many operations wait for {} already", self.store)));
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
    async fn rel_51_an_operation_that_takes_too_long_is_given_up() {
        let deadline = deadline(1);
        let error = deadline.run::<()>(pending()).await.unwrap_err();
        assert_eq!(error.0, "the store has not answered in time");
        assert_eq!(deadline.run(ready(Ok(7))).await.unwrap(), 7, "the permit is free again");
    }

    #[tokio::test]
    async fn rel_51_operations_beyond_the_limit_are_refused_at_once() {
        let deadline = deadline(2);
        let (first, second, third) = tokio::join!(
            deadline.run::<()>(pending()),
            deadline.run::<()>(pending()),
            deadline.run::<()>(pending())
        );
        for waited in [first, second] {
            assert_eq!(waited.unwrap_err().0, "the store has not answered in time");
        }
        assert_eq!(third.unwrap_err().0, "too many operations wait for the store already");
    }
}
