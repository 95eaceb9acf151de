//! No operation on a store waits long, and not many wait at once.

use super::Unavailable;
use std::time::Duration;
use tokio::{sync::Semaphore, time::timeout};

/// The longest that any one operation takes, its wait for a connection included.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// What each operation on a store goes through.
pub(super) struct Gate {
    store: &'static str,
    places: Semaphore,
    patience: Duration,
}

impl Gate {
    /// Lets so many in at once: those that are served and those that wait for it.
    pub(super) fn new(store: &'static str, places: usize) -> Self {
        Self { store, places: Semaphore::new(places), patience: PATIENCE }
    }

    /// Does the operation, unless too many are in, and gives it up when it takes too long. Given up is not undone: it
    /// may still happen, wholly or not at all.
    pub(super) async fn pass<T>(
        &self,
        operation: impl Future<Output = Result<T, Unavailable>>,
    ) -> Result<T, Unavailable> {
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Unavailable(format!("too much waits for {} already", self.store)));
        };
        match timeout(self.patience, operation).await {
            Ok(done) => done,
            Err(_) => Err(Unavailable(format!("{} has not answered in time", self.store))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use std::{
        future::{pending, ready},
        time::Duration,
    };

    fn gate(places: usize) -> Gate {
        Gate { patience: Duration::from_millis(10), ..Gate::new("the store", places) }
    }

    #[tokio::test]
    async fn rel_51_what_takes_too_long_is_given_up() {
        let gate = gate(1);
        let error = gate.pass::<()>(pending()).await.unwrap_err();
        assert_eq!(error.0, "the store has not answered in time");
        assert_eq!(gate.pass(ready(Ok(7))).await.unwrap(), 7, "the place is free again");
    }

    #[tokio::test]
    async fn rel_51_no_queue_grows_for_ever() {
        let gate = gate(2);
        let (first, second, third) =
            tokio::join!(gate.pass::<()>(pending()), gate.pass::<()>(pending()), gate.pass::<()>(pending()));
        for waited in [first, second] {
            assert_eq!(waited.unwrap_err().0, "the store has not answered in time");
        }
        assert_eq!(third.unwrap_err().0, "too much waits for the store already");
    }
}
