//! The page: the flow, the stage it plays on, and the clock of its polls.

use crate::browser::tag::keep_up;
use crate::browser::{self, place};
use crate::flow::route::HOME;
use crate::flow::step::Event;
use crate::flow::{Flow, Navigate};
use crate::stage::stage;
use crate::text::{Text, choice};
use crate::values;
use latchkey_contract::Values;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use std::cell::Cell;
use std::time::Duration;

/// A page of our own. It is in `index.html`; screens are put into its `main`.
pub(crate) fn app() -> impl IntoView {
    view! { <Router>{page}</Router> }
}

/// A guest in somebody else's page, whose address is none of our business.
pub(crate) fn guest() {
    flow(None).open(HOME.to_owned(), Values::new());
}

/// Everything inside the router.
fn page() {
    let location = use_location();
    let flow = flow(Some(Box::new(use_navigate())));
    flow.open(location.pathname.get_untracked(), tokens());
    // Back, forward and links end up here; what the flow itself put into the bar changes nothing.
    keep_up(Box::new(move || {
        let path = location.pathname.get();
        untrack(|| flow.send(Event::Went { path }));
    }));
}

/// The flow, with all that shows it.
fn flow(navigate: Option<Navigate>) -> Flow {
    let text = Text::new();
    let flow = Flow::new(text, navigate);
    stage(flow);
    place::below(choice(text));
    text.speak();
    keep_asking(flow);
    flow
}

/// What an invitation or a reset mail put into the address, or a page that wants a stronger sign-in.
fn tokens() -> Values {
    let query = use_query_map().get_untracked();
    let known = [
        ("acr_values", "acrValues"),
        ("activation_token", "activationToken"),
        ("recovery_token", "recoveryToken"),
    ];
    let given = |(from, to): (&str, &str)| Some(values::one(to, query.get(from)?));
    known.into_iter().filter_map(given).fold(Values::new(), values::both)
}

/// Polls while there is something to wait for and somebody who could see it.
fn keep_asking(flow: Flow) {
    let hidden = RwSignal::new(browser::is_hidden());
    place::on_sight(move || hidden.set(browser::is_hidden()));
    let timer = Cell::new(None::<TimeoutHandle>);
    keep_up(Box::new(move || {
        if let Some(running) = timer.take() {
            running.clear();
        }
        if let Some(every) = flow.polls().filter(|_| !hidden.get()) {
            let every = Duration::from_millis(every.into());
            timer.set(set_timeout_with_handle(move || flow.send(Event::Poll), every).ok());
        }
    }));
}
