//! The one thing to press, which says when it is at work.

use leptos::prelude::*;

/// What a button says, and whether it is at work.
pub(crate) struct Button {
    pub(crate) words: String,
    pub(crate) busy: Memo<bool>,
}

/// A button that sends its form. At work it stays focusable, so that nobody loses their place.
pub(crate) fn submit(button: Button) -> AnyView {
    let Button { words, busy } = button;
    view! {
        <button type="submit" class="button" aria-disabled=move || busy.get().to_string() aria-busy=move || busy.get().to_string()>
            {words}
        </button>
    }
    .into_any()
}

/// A button that does something.
pub(crate) fn press(button: Button, act: impl Fn() + 'static) -> AnyView {
    let Button { words, busy } = button;
    let act = move |_| {
        if !busy.get_untracked() {
            act();
        }
    };
    view! {
        <button type="button" class="button" aria-disabled=move || busy.get().to_string() aria-busy=move || busy.get().to_string() on:click=act>
            {words}
        </button>
    }
    .into_any()
}
