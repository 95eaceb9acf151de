//! The list of languages below the form.

use crate::browser::language;
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use leptos::prelude::*;

/// A list of the languages, each under its own name.
#[component]
pub(crate) fn LanguageMenu(text: Text) -> impl IntoView {
    let spoken = Signal::derive(move || text.language.with(|_| text.tag()));
    let label = move || text.language.with(|_| text.phrase(Phrase::Language));
    let languages = language::languages();
    let option = |line: &str| {
        let (tag, name) = line.split_once(' ').unwrap_or((line, line));
        view! { <option value=tag.to_owned() lang=tag.to_owned()>{name.to_owned()}</option> }
    };
    let options: Vec<_> = languages.lines().map(option).collect();
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
