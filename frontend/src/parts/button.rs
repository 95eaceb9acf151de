//! Buttons.

use super::look::look;
use crate::any_element::{AnyElement, IntoAnyElement};
use leptos::prelude::*;

/// The submit button of a form. While busy it says so and stays focusable, so that the focus is not lost.
#[component]
pub(crate) fn SubmitButton(
    label: String,
    busy: Signal<bool>,
    /// Whether it gets the focus when the screen appears.
    #[prop(optional)]
    is_focused: bool,
) -> AnyElement {
    view! {
        <button
            {..look("button")}
            type="submit"
            data-first=is_focused.then_some("")
            aria-busy=state(busy)
            aria-disabled=state(busy)
        >
            {label}
        </button>
    }
    .into_any_element()
}

/// A button that ignores clicks while its action runs.
#[component]
pub fn ActionButton(label: String, busy: Signal<bool>, #[prop(into)] on_press: Callback<()>) -> AnyElement {
    let press_once = move |_| {
        if !busy.get_untracked() {
            on_press.run(());
        }
    };
    view! {
        <button
            {..look("button")}
            type="button"
            aria-busy=state(busy)
            aria-disabled=state(busy)
            on:click=press_once
        >
            {label}
        </button>
    }
    .into_any_element()
}

/// A secondary button.
#[component]
pub fn QuietButton(label: String, #[prop(into)] on_press: Callback<()>) -> AnyElement {
    plain("button button--quiet", label, on_press)
}

/// A button that looks like a link.
#[component]
pub(crate) fn LinkButton(label: String, #[prop(into)] on_press: Callback<()>) -> AnyElement {
    plain("link", label, on_press)
}

fn plain(class: &'static str, label: String, on_press: Callback<()>) -> AnyElement {
    view! {
        <button {..look(class)} type="button" on:click=move |_| on_press.run(())>
            {label}
        </button>
    }
    .into_any_element()
}

/// The value of an ARIA attribute: `false` is written too.
pub(crate) fn state(is_on: Signal<bool>) -> impl Fn() -> &'static str + Send + Clone {
    move || if is_on.get() { "true" } else { "false" }
}
