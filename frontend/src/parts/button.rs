//! Things to press.

use crate::browser::tag::{Tag, tag};
use leptos::prelude::untrack;

/// The button that sends its form. At work it says so and stays focusable, so that nobody loses their place.
pub(crate) fn submit(words: &str, busy: impl Fn() -> bool + Copy + 'static) -> Tag {
    working(tag("button").class("button").set("type", "submit"), busy).text(words)
}

/// A button that does something, once at a time.
pub(crate) fn press(words: &str, busy: impl Fn() -> bool + Copy + 'static, act: impl Fn() + 'static) -> Tag {
    let once = move || {
        if !untrack(busy) {
            act();
        }
    };
    working(tag("button").class("button").set("type", "button"), busy).text(words).on_click(once)
}

/// A button that stands back.
pub(crate) fn quiet(words: &str, act: impl Fn() + 'static) -> Tag {
    tag("button").class("button button--quiet").set("type", "button").text(words).on_click(act)
}

/// A button that looks like a link.
pub(crate) fn link(words: &str, act: impl Fn() + 'static) -> Tag {
    tag("button").class("link").set("type", "button").text(words).on_click(act)
}

fn working(button: Tag, busy: impl Fn() -> bool + Copy + 'static) -> Tag {
    let busy = move || busy().to_string();
    button.keeps("aria-busy", busy).keeps("aria-disabled", busy)
}
