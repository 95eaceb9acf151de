//! A message above a form.

use super::look::look;
use crate::any_element::{AnyElement, IntoAnyElement};
use leptos::prelude::*;

/// The severity of a message.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
}

/// A message in a box whose edge shows the severity, and optionally a button.
#[component]
pub(crate) fn Banner(tone: Tone, message: String, #[prop(optional)] help: Option<AnyElement>) -> AnyElement {
    let class = match tone {
        Tone::Plain => "banner",
        Tone::Good => "banner banner--good",
        Tone::Bad => "banner banner--error",
    };
    view! {
        <div {..look(class)}>
            <p>{message}</p>
            {help}
        </div>
    }
    .into_any_element()
}
