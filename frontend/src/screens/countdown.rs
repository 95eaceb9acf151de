//! Seconds that count down to zero: until a new code can be asked for, and until the org takes calls again.

use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser;
use crate::flow::Flow;
use crate::flow::step::Event;
use crate::parts::button::state;
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use std::time::Duration;

/// How long a code may take to arrive. An org sends no second message to a phone before.
const CODE_DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

/// The seconds until the end of a wait. It ends with its screen.
#[derive(Clone, Copy)]
struct Countdown {
    left: RwSignal<u32>,
    timer: StoredValue<Option<IntervalHandle>>,
}

impl Countdown {
    /// Nothing to wait for.
    fn new() -> Self {
        let countdown = Self { left: RwSignal::new(0), timer: StoredValue::new(None) };
        on_cleanup(move || countdown.stop());
        countdown
    }

    /// Counts from now on, by the clock, since the timers of a hidden page are slow.
    fn start(self, wait: Duration) {
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
    fn left(self) -> u32 {
        self.left.get()
    }

    /// The same, without subscribing.
    fn left_untracked(self) -> u32 {
        self.left.get_untracked()
    }

    fn stop(self) {
        self.timer.update_value(|timer| timer.take().iter().for_each(IntervalHandle::clear));
    }
}

/// Asks for a new code, and then counts the seconds until that one can have arrived. For a phone it counts from the first code on.
pub(crate) fn resend_button(flow: Flow) -> AnyElement {
    let wait = Countdown::new();
    if flow.authenticator().as_deref() == Some("phone_number") {
        wait.start(CODE_DELIVERY_TIMEOUT);
    }
    let resend = move |_| {
        if wait.left_untracked() > 0 || flow.is_busy_untracked() {
            return;
        }
        wait.start(CODE_DELIVERY_TIMEOUT);
        flow.send(Event::Resend);
    };
    let text = flow.text;
    // Screen readers read the state of the button, and not every second.
    let countdown = move || {
        let left = wait.left();
        (left > 0).then(|| {
            view! { <span {..look("link__countdown")} aria-hidden="true">{text.ahead(left, "second")}</span> }
                .into_any_element()
        })
    };
    let counting = Signal::derive(move || wait.left() > 0);
    view! {
        <button
            {..look("link")}
            type="button"
            aria-disabled=state(counting)
            on:click=resend
        >
            {text.phrase(Phrase::Resend)}
            {countdown}
        </button>
    }
    .into_any_element()
}

/// How long to wait, counted down. Screen readers read it once, since the element stays.
pub(crate) fn wait_line(seconds: u32, text: Text) -> AnyElement {
    let wait = Countdown::new();
    wait.start(Duration::from_secs(seconds.into()));
    let words = move || text.phrase_with(Phrase::TooManyFor, &text.ahead(wait.left(), "second"));
    view! { <p>{words}</p> }.into_any_element()
}
