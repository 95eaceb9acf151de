//! What stands under a form: other ways to go, and other providers to go to.

use crate::browser::place::{is_guest, url};
use crate::browser::tag::{Tag, tag};
use crate::flow::Flow;
use crate::flow::route::Entry;
use crate::flow::step::Event;
use crate::flow::way::{Provider, Way};
use crate::parts::button::{link, quiet};
use crate::text::Line;
use crate::values;
use leptos::prelude::*;
use std::time::Duration;

/// Links and quiet buttons, in their order.
pub(crate) fn ways(all: Vec<Way>, flow: Flow) -> Option<Tag> {
    let one = |one: Way| tag("li").child(way(one, flow));
    (!all.is_empty()).then(|| tag("ul").class("ways").children(all.into_iter().map(one)))
}

fn way(way: Way, flow: Flow) -> Tag {
    let words = |line: Line| flow.text.line(line);
    match way {
        // A real link, so that it can be opened elsewhere, copied and bookmarked.
        Way::Enter(entry, line) => enter(entry, "link", &words(line), flow),
        Way::Resend => resend(flow),
        Way::Take(step, line) => {
            link(&words(line), move || flow.send(Event::Submit(values::one("step", step.as_str()))))
        }
        Way::Show(step, line) => link(&words(line), move || flow.send(Event::Show(step.clone()))),
        Way::Cancel => link(&words(Line::Cancel), move || flow.send(Event::Cancel)),
    }
}

/// A way in, at its address. A guest leaves the page where it is.
pub(super) fn enter(entry: Entry, look: &str, words: &str, flow: Flow) -> Tag {
    let link = tag("a").class(look).set("href", &url(entry.path())).text(words);
    if !is_guest() {
        return link;
    }
    link.instead("click", move || flow.send(Event::Went { path: entry.path().to_owned() }))
}

/// Asks for a new code, and not for one more before it can have come.
fn resend(flow: Flow) -> Tag {
    let waiting = RwSignal::new(false);
    let ask = move || {
        if !waiting.get_untracked() && !untrack(|| flow.is_busy()) {
            waiting.set(true);
            // The screen may be gone by then.
            let over = move || {
                let _ = waiting.try_set(false);
            };
            set_timeout(over, ON_ITS_WAY);
            flow.send(Event::Resend);
        }
    };
    link(&flow.text.line(Line::Resend), ask).keeps("aria-disabled", move || waiting.get().to_string())
}

/// How long a code may take.
const ON_ITS_WAY: Duration = Duration::from_secs(30);

/// Goes on without an answer.
pub(crate) fn skip(flow: Flow) -> Tag {
    quiet(&flow.text.line(Line::Skip), move || flow.send(Event::Submit(values::one("skip", true))))
}

/// A button for each provider. The browser itself goes there; the router has no business with it.
pub(crate) fn providers(all: &[Provider], flow: Flow) -> Option<Tag> {
    let one = |provider: &Provider| {
        let words = flow.text.with(Line::ContinueWith, &provider.name);
        let link = tag("a").class("button button--quiet").set("rel", "external");
        link.set("href", &url(&provider.href)).text(&words)
    };
    (!all.is_empty()).then(|| tag("div").class("providers").children(all.iter().map(one)))
}
