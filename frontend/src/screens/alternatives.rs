//! The links below a form: other actions at the step, and identity providers.

use super::countdown::Countdown;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::mount::{is_embedded, url};
use crate::flow::Flow;
use crate::flow::alternative::{Alternative, Provider};
use crate::flow::route::Entry;
use crate::flow::step::Event;
use crate::parts::button::{LinkButton, QuietButton, state};
use crate::parts::look::look;
use crate::text::Phrase;
use crate::values;
use leptos::ev;
use leptos::prelude::*;
use std::time::Duration;

/// Links and buttons that look like links, in their order.
#[component]
pub(crate) fn Alternatives(all: Vec<Alternative>, flow: Flow) -> Option<AnyElement> {
    let item = |one: Alternative| view! { <li>{alternative(one, flow)}</li> }.into_any_element();
    (!all.is_empty()).then(|| {
        view! { <ul {..look("ways")}>{all.into_iter().map(item).collect::<Vec<_>>()}</ul> }.into_any_element()
    })
}

fn alternative(way: Alternative, flow: Flow) -> AnyElement {
    match way {
        // A real link, so that people can open it in a new tab, copy and bookmark it.
        Alternative::Enter(entry, line) => {
            view! { <EntryLink entry class="link" label=flow.text.phrase(line) flow/> }.into_inner()
        }
        Alternative::Resend => view! { <ResendButton flow/> }.into_inner(),
        Alternative::Take(step, line) => {
            button(line, move || Event::Submit(values::one("step", step.as_str())), flow)
        }
        Alternative::Show(step, line) => button(line, move || Event::Show(step.clone()), flow),
        Alternative::Cancel => button(Phrase::BackToSignIn, || Event::Cancel, flow),
    }
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
            flow.send(Event::Went { path: entry.path().to_owned() });
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

/// Asks for a new code, and then counts the seconds until that one can have arrived.
#[component]
fn ResendButton(flow: Flow) -> AnyElement {
    let wait = Countdown::new();
    let resend = move |_| {
        if wait.left_untracked() > 0 || flow.is_busy_untracked() {
            return;
        }
        wait.start(CODE_DELIVERY_TIMEOUT);
        flow.send(Event::Resend);
    };
    let text = flow.text;
    // Screen readers read the state of the button, and not every second.
    let countdown = move || {
        let left = wait.left();
        (left > 0).then(|| {
            view! { <span {..look("link__countdown")} aria-hidden="true">{text.ahead(left, "second")}</span> }
                .into_any_element()
        })
    };
    let counting = Signal::derive(move || wait.left() > 0);
    view! {
        <button
            {..look("link")}
            type="button"
            aria-disabled=state(counting)
            on:click=resend
        >
            {text.phrase(Phrase::Resend)}
            {countdown}
        </button>
    }
    .into_any_element()
}

/// How long a code may take to arrive.
const CODE_DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

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
