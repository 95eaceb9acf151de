//! The choice of a language, at the foot of the page.

use super::tongue::TONGUES;
use super::{Line, Text};
use crate::browser;
use crate::browser::tag::{Tag, keep_up, tag};
use leptos::prelude::*;

/// A list of the languages, each in its own words.
pub(crate) fn choice(text: Text) -> Tag {
    let spoken = RwSignal::new(text.tag());
    keep_up(Box::new(move || spoken.set(text.language.with(|_| text.tag()))));
    let option = |(own, name): (&str, &str)| tag("option").set("value", own).set("lang", own).text(name);
    let list = tag("select")
        .class("foot__choice")
        .keeps("aria-label", move || text.language.with(|_| text.line(Line::Language)))
        .children(TONGUES.map(option))
        .holds(spoken)
        .on_input(move |chosen| {
            browser::choose_language(&chosen);
            text.speak();
        });
    tag("footer").class("foot").child(list)
}
