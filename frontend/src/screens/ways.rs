//! What stands under a form: other ways to go, and other providers to go to.

use crate::flow::Flow;
use crate::flow::screen::{Provider, Way};
use crate::flow::step::Event;
use crate::text::Line;
use latchkey_contract::{Value, Values};
use leptos::prelude::*;

/// Links and quiet buttons, in their order.
pub(crate) fn ways(all: Vec<Way>, flow: Flow) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let one = |one: Way| view! { <li class="ways__way">{way(one, flow)}</li> };
    view! { <ul class="ways">{all.into_iter().map(one).collect_view()}</ul> }.into_any()
}

fn way(way: Way, flow: Flow) -> AnyView {
    match way {
        // A real link, so that it can be opened elsewhere, copied and bookmarked.
        Way::Enter(entry, line) => {
            view! { <a class="link" href=entry.path()>{flow.text.line(line)}</a> }.into_any()
        }
        Way::Resend => errand(Line::Resend, Event::Submit(answer("resend", true.into())), flow),
        Way::Take(step, line) => errand(line, Event::Submit(answer("step", step.into())), flow),
        Way::Show(step, line) => errand(line, Event::Show(step), flow),
        Way::Cancel => errand(Line::Cancel, Event::Cancel, flow),
    }
}

fn errand(line: Line, event: Event, flow: Flow) -> AnyView {
    let go = move |_| flow.send(event.clone());
    view! {
        <button type="button" class="link" on:click=go>
            {flow.text.line(line)}
        </button>
    }
    .into_any()
}

fn answer(name: &str, value: Value) -> Values {
    Values::from([(name.to_owned(), value)])
}

/// A button for each provider; below a form they stand apart from it.
pub(crate) fn providers(all: &[Provider], flow: Flow, below: bool) -> AnyView {
    let one = |provider: &Provider| {
        let words = flow.text.with(Line::ContinueWith, &provider.name);
        // The browser itself goes there; the router has no business with it.
        view! { <a class="button button--quiet" rel="external" href=provider.href.clone()>{words}</a> }
    };
    view! {
        {below.then(|| view! { <p class="or">{flow.text.line(Line::Or)}</p> })}
        <div class="providers">{all.iter().map(one).collect_view()}</div>
    }
    .into_any()
}
