//! The clock as an argument: the system's, or one that a test moves.

use std::{fmt, sync::Arc, time::SystemTime};
use tokio::time::Instant;

/// Tells the time. A clone is the same clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// The clock of the operating system.
    pub fn system() -> Self {
        Self::new(SystemTime::now)
    }

    /// A clock of your own, for tests.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The date and the time of day, which may be set back: for what is stored or comes from the org.
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// A moment that only moves forward: for time limits within this process.
    pub fn instant(&self) -> Instant {
        Instant::now()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock(…)")
    }
}
