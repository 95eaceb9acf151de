//! The links below a form: other actions at the step, and identity providers.

use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::mount::{is_embedded, url};
use crate::flow::Flow;
use crate::flow::alternative::{Alternative, Provider};
use crate::flow::step::Event;
use crate::late;
use crate::parts::button::{LinkButton, QuietButton};
use crate::parts::look::look;
use crate::text::Phrase;
use crate::values;
use latchkey_contract::route::Entry;
use leptos::ev;
use leptos::prelude::*;

/// Links and buttons that look like links, in their order.
#[component]
pub(crate) fn Alternatives(all: Vec<Alternative>, flow: Flow) -> Option<AnyElement> {
    let item = |one: Alternative| view! { <li>{alternative(one, flow)}</li> }.into_any_element();
    (!all.is_empty()).then(|| {
        view! { <ul {..look("ways")}>{all.into_iter().map(item).collect::<Vec<_>>()}</ul> }.into_any_element()
    })
}

fn alternative(way: Alternative, flow: Flow) -> Option<AnyElement> {
    Some(match way {
        // A real link, so that people can open it in a new tab, copy and bookmark it.
        Alternative::Enter(entry, line) => {
            view! { <EntryLink entry class="link" label=flow.text.phrase(line) flow/> }.into_inner()
        }
        Alternative::Resend => return late::functions().map(|late| (late.resend)(flow)),
        Alternative::Take(step, line) => {
            button(line, move || Event::Submit(values::one("step", step.as_str())), flow)
        }
        Alternative::Answer(values, line) => button(line, move || Event::Submit(values.clone()), flow),
        Alternative::Show(step, line) => button(line, move || Event::Show(step.clone()), flow),
        Alternative::Cancel => button(Phrase::BackToSignIn, || Event::Cancel, flow),
    })
}

fn button(line: Phrase, event: impl Fn() -> Event + Send + Sync + 'static, flow: Flow) -> AnyElement {
    view! { <LinkButton label=flow.text.phrase(line) on_press=move || flow.send(event())/> }.into_inner()
}

/// A link that begins another flow. In another page the address does not change.
#[component]
pub(super) fn EntryLink(
    entry: Entry,
    class: &'static str,
    label: String,
    /// Whether it gets the focus when the screen appears.
    #[prop(optional)]
    is_focused: bool,
    #[prop(optional_no_strip)] described_by: Option<&'static str>,
    flow: Flow,
) -> AnyElement {
    let follow = move |event: ev::MouseEvent| {
        if is_embedded() {
            event.prevent_default();
            flow.send(Event::Navigated { path: entry.path().to_owned() });
        }
    };
    view! {
        <a
            {..look(class)}
            href=url(entry.path())
            data-first=is_focused.then_some("")
            aria-describedby=described_by
            on:click=follow
        >
            {label}
        </a>
    }
    .into_any_element()
}

/// Skips the step.
#[component]
pub(crate) fn SkipButton(#[prop(default = Phrase::Skip)] label: Phrase, flow: Flow) -> AnyElement {
    let skip = move || flow.send(Event::Submit(values::one("skip", true)));
    view! { <QuietButton label=flow.text.phrase(label) on_press=skip/> }.into_inner()
}

/// A link for each provider. It is external to the router, because it leaves the page.
#[component]
pub(crate) fn Providers(all: Vec<Provider>, flow: Flow) -> Option<AnyElement> {
    let link = |provider: Provider| {
        let label = flow.text.phrase_with(Phrase::ContinueWith, &provider.name);
        // Its own mark, or the first letter of its name.
        let letter = provider.name.chars().find(|letter| !letter.is_ascii_punctuation()).map(String::from);
        view! {
            <a {..look("button button--quiet")} rel="external" href=url(&provider.href)>
                {view! { <span {..look("mark")} data-kind=provider.kind aria-hidden="true">{letter}</span> }
                    .into_any_element()}
                {label}
            </a>
        }
        .into_any_element()
    };
    (!all.is_empty()).then(|| {
        view! { <div {..look("providers")}>{all.into_iter().map(link).collect::<Vec<_>>()}</div> }
            .into_any_element()
    })
}
