//! Shows the screen that the flow is at, and moves the focus to what is asked.

use crate::browser::tag::{Tag, keep_up};
use crate::browser::{self, early, place};
use crate::flow::Flow;
use crate::flow::screen::Screen;
use crate::screens::ended::ended;
use crate::screens::fill::fill;
use crate::screens::passkey::passkey;
use crate::screens::signed_in::signed_in;
use crate::screens::starting::starting;
use crate::screens::wait::wait;
use leptos::prelude::*;
use std::cell::Cell;

/// Plays the flow from now on.
pub(crate) fn stage(flow: Flow) {
    show(flow);
    return_focus(flow);
}

/// One screen at a time. Each step is built anew, so that nothing typed into one is found in the next.
fn show(flow: Flow) {
    let shown = Cell::new(None);
    keep_up(Box::new(move || {
        let lap = flow.lap.get();
        flow.text.language.track();
        let screen = flow.screen();
        let waits = matches!(screen, Screen::Starting) && flow.said.with(|(_, problem)| problem.is_none());
        if waits && early::is_shown() {
            // The form that came with the page is better than nothing, and somebody may be typing into it.
            return;
        }
        let is_form = matches!(screen, Screen::Fill(_));
        // Only the language is another: what was typed stays, a secret too, and the focus stays where it is.
        let is_again = shown.replace(Some(lap)) == Some(lap);
        if is_again {
            early::give_way();
        }
        let hand = early::hand();
        // Nobody is taken away from a field of the page around us.
        let is_elsewhere = is_again && hand.is_none() || !place::has_focus();
        let section = untrack(|| section(screen, flow));
        // What takes the place of the same form was there already, and does not come in.
        let section = if early::is_shown() { section.set("data-still", "") } else { section };
        place::stage().replace(vec![section]);
        if !is_elsewhere && !hand.is_some_and(early::Hand::go_on) {
            browser::focus_step();
        }
        if is_form && early::was_sent() {
            early::send();
        }
    }));
}

/// Whatever is said of an answer, the person goes on where it is needed, also when the screen is still the same.
fn return_focus(flow: Flow) {
    let before = Cell::new((0, 0));
    keep_up(Box::new(move || {
        let (beat, turn) = (flow.beat(), flow.turn());
        let (last_beat, last_turn) = before.get();
        if beat == last_beat {
            return;
        }
        before.set((beat, turn));
        // A poll is nobody's turn: what is still said after it takes the focus from nowhere.
        if turn != last_turn && flow.said.with_untracked(|(notes, _)| !notes.is_empty()) {
            // After what was turned down has been emptied.
            request_animation_frame(browser::focus_step);
        }
    }));
}

fn section(screen: Screen, flow: Flow) -> Tag {
    match screen {
        Screen::Starting => starting(flow),
        Screen::Fill(form) => fill(form, flow),
        Screen::Wait(what) => wait(what, flow),
        Screen::Passkey(ask) => passkey(ask, flow),
        Screen::Ended(end) => ended(&end, flow),
        Screen::SignedIn(person) => signed_in(&person, flow),
    }
}
