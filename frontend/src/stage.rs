//! Shows the component for a screen, and moves the focus to what is asked.

use crate::browser;
use crate::flow::Flow;
use crate::flow::screen::Screen;
use crate::screens::ended::ended;
use crate::screens::fill::fill;
use crate::screens::passkey::passkey;
use crate::screens::signed_in::signed_in;
use crate::screens::starting::starting;
use crate::screens::wait::wait;
use leptos::prelude::*;

/// One screen at a time. Each step is built anew, so that nothing typed into one is found in the next.
/// What is said about it appears inside, and is read out: this is the page's one live region.
pub(crate) fn stage(flow: Flow) -> AnyView {
    let built = Memo::new(move |before: Option<&u32>| {
        flow.screen.track();
        flow.text.language.track();
        before.map_or(0, |before| before + 1)
    });
    Effect::new(move |_| {
        flow.beat.track();
        built.track();
        // After the screen is there.
        request_animation_frame(browser::focus_step);
    });
    let show = move |_| {
        let (screen, _) = flow.screen.get_untracked();
        let inside = match screen {
            Screen::Starting => starting(flow),
            Screen::Fill(form) => fill(form, flow),
            Screen::Wait(what) => wait(what, flow),
            Screen::Passkey(ask) => passkey(ask, flow),
            Screen::Ended(end) => ended(end, flow),
            Screen::SignedIn(person) => signed_in(person, flow),
        };
        view! { <section class="stage" aria-live="polite" aria-relevant="additions">{inside}</section> }
    };
    view! { <For each=move || [built.get()] key=|number| *number children=show /> }.into_any()
}
