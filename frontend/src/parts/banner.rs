//! A message above a form.

use super::look::look;
use crate::any_element::{AnyElement, IntoAnyElement};
use leptos::prelude::*;

/// The severity of a message.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
}

/// Lines of a message in a box whose edge shows the severity, and optionally a button.
#[component]
pub(crate) fn Banner(
    tone: Tone,
    lines: Vec<AnyElement>,
    #[prop(optional)] help: Option<AnyElement>,
) -> AnyElement {
    let class = match tone {
        Tone::Plain => "banner",
        Tone::Good => "banner banner--good",
        Tone::Bad => "banner banner--error",
    };
    view! {
        <div {..look(class)}>
            {lines}
            {help}
        </div>
    }
    .into_any_element()
}

/// A line of a message.
pub(crate) fn line(words: String) -> AnyElement {
    view! { <p>{words}</p> }.into_any_element()
}

/// A line that is a link to a page elsewhere.
pub(crate) fn link_line(words: String, href: String) -> AnyElement {
    view! { <p><a {..look("link")} rel="external noreferrer" target="_blank" href=href>{words}</a></p> }
        .into_any_element()
}
