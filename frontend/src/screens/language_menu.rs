//! The choice of a language, at the foot of the page.

use crate::browser::language;
use crate::parts::look::look;
use crate::text::{LANGUAGES, Line, Text};
use leptos::prelude::*;

/// A list of the languages, each under its own name.
#[component]
pub(crate) fn LanguageMenu(text: Text) -> impl IntoView {
    let spoken = Signal::derive(move || text.language.with(|_| text.tag()));
    let label = move || text.language.with(|_| text.line(Line::Language));
    let options = LANGUAGES.map(|(tag, name)| view! { <option value=tag lang=tag>{name}</option> }).to_vec();
    let choose = move |tag: String| {
        language::choose(&tag);
        text.speak();
    };
    view! {
        <footer {..look("foot")}>
            <select
                {..look("foot__choice")}
                aria-label=label
                prop:value=spoken
                on:input:target=move |event| choose(event.target().value())
            >
                {options}
            </select>
        </footer>
    }
}
