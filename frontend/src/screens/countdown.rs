//! Seconds that count down to zero.

use crate::browser;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use std::time::Duration;

/// The seconds until the end of a wait. It ends with its screen.
#[derive(Clone, Copy)]
pub(super) struct Countdown {
    left: RwSignal<u32>,
    timer: StoredValue<Option<IntervalHandle>>,
}

impl Countdown {
    /// Nothing to wait for.
    pub(super) fn new() -> Self {
        let countdown = Self { left: RwSignal::new(0), timer: StoredValue::new(None) };
        on_cleanup(move || countdown.stop());
        countdown
    }

    /// Counts from now on, by the clock, since the timers of a hidden page are slow.
    pub(super) fn start(self, wait: Duration) {
        let end = browser::now_ms() + wait.as_millis() as f64;
        let count = move || {
            let left = ((end - browser::now_ms()) / 1_000.0).max(0.0).ceil() as u32;
            self.left.set(left);
            if left == 0 {
                self.stop();
            }
        };
        count();
        self.timer.set_value(set_interval_with_handle(count, Duration::from_secs(1)).ok());
    }

    /// The seconds left.
    pub(super) fn left(self) -> u32 {
        self.left.get()
    }

    /// The same, without subscribing.
    pub(super) fn left_untracked(self) -> u32 {
        self.left.get_untracked()
    }

    fn stop(self) {
        self.timer.update_value(|timer| timer.take().iter().for_each(IntervalHandle::clear));
    }
}
