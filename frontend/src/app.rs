//! The root component: the flow, its screens and its polls.

use crate::api;
use crate::browser::address::Address;
use crate::browser::{self, mount};
use crate::flow::Flow;
use crate::flow::step::Event;
use crate::screens::current::CurrentScreen;
use crate::screens::language_menu::LanguageMenu;
use crate::text::Text;
use crate::values;
use latchkey_contract::Values;
use latchkey_contract::route::HOME;
use leptos::mount::mount_to;
use leptos::prelude::*;
use std::cell::Cell;
use std::time::Duration;

/// The screens, to be mounted in their container.
#[component]
pub(crate) fn App() -> impl IntoView {
    let text = Text::new();
    let flow = if mount::is_embedded() { embedded(text) } else { page(text) };
    if let Some(around) = mount::around_screens() {
        mount_to(around, move || view! { <LanguageMenu text/> }).forget();
    }
    text.speak();
    poll(flow);
    mount::on_online(move || flow.send(Event::Online));
    // While the page was in the back-forward cache, the flow may have continued elsewhere, or ended.
    mount::on_return(move || flow.send(Event::Retry));
    view! { <CurrentScreen flow/> }
}

/// In another page, whose address the program must not read or change.
fn embedded(text: Text) -> Flow {
    let flow = Flow::new(text, None, api::ask);
    let Some((path, values)) = opening(false) else { return home(flow) };
    flow.open(path, values);
    mount::on("start", move || {
        if let Some((path, values)) = opening(true) {
            flow.begin(path, values);
        }
    });
    mount::on("cancel", move || flow.send(Event::Cancel));
    // The page, or another tab of it, has signed the person in or out.
    mount::on("session", move || flow.open(HOME.to_owned(), Values::new()));
    mount::on("languagechange", move || text.speak());
    flow
}

/// The path and the values that the element begins with.
fn opening(begins: bool) -> Option<(String, Values)> {
    let url = Address::parse(&mount::opening(begins))?;
    Some((url.path().to_owned(), options(|name| url.search_params().get(name))))
}

fn home(flow: Flow) -> Flow {
    flow.open(HOME.to_owned(), Values::new());
    flow
}

/// In a page of its own, whose address shows the current step.
fn page(text: Text) -> Flow {
    let Some(address) = Address::of_page() else { return home(Flow::new(text, None, api::ask)) };
    let (path, values) = (address.path(), options(|name| address.query(name)));
    let flow = Flow::new(text, Some(address), api::ask);
    flow.open(path.get_untracked(), values);
    // Back, forward and links change the path; a path that the flow itself has set changes nothing.
    Effect::new(move || {
        let path = path.get();
        untrack(|| flow.send(Event::Navigated { path }));
    });
    flow
}

/// The values in the query of an address: the token of an invitation or a reset mail, and the options of a flow.
fn options(query: impl Fn(&str) -> Option<String>) -> Values {
    let known = [
        ("acr_values", "acrValues"),
        ("activation_token", "activationToken"),
        ("idp", "idp"),
        ("login_hint", "loginHint"),
        ("max_age", "maxAge"),
        ("recovery_token", "recoveryToken"),
        ("return_to", "returnTo"),
        ("user_code", "userCode"),
    ];
    let given = |(from, to): (&str, &str)| Some(values::one(to, query(from)?));
    known.into_iter().filter_map(given).fold(Values::new(), values::both)
}

/// Polls while the step has a poll interval and the page is visible.
fn poll(flow: Flow) {
    let is_hidden = RwSignal::new(browser::is_hidden());
    mount::on_visibility_change(move || is_hidden.set(browser::is_hidden()));
    let timer = Cell::new(None::<TimeoutHandle>);
    Effect::new(move || {
        if let Some(running) = timer.take() {
            running.clear();
        }
        if let Some(interval) = flow.poll_interval().filter(|_| !is_hidden.get()) {
            let interval = Duration::from_millis(interval.into());
            timer.set(set_timeout_with_handle(move || flow.send(Event::Poll), interval).ok());
        }
    });
}
