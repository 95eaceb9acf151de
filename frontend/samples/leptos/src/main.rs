//! An app in Leptos: the sign-in as an element, the account in parts of Latchkey's client, and a component from crates.io.

mod account;
mod latchkey;

use account::Account;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::CustomEvent;

fn main() {
    let main = document().query_selector("main").ok().flatten();
    if let Some(main) = main.and_then(|main| main.dyn_into().ok()) {
        mount_to(main, App).forget();
    }
}

/// The sign-in, or the account. The element stays in the page, and knows when the session ends.
#[component]
fn App() -> impl IntoView {
    let claims = RwSignal::new(None);
    view! {
        <div hidden=move || claims.with(Option::is_some)>
            <latchkey-sign-in
                on:latchkey-signed-in=move |event: CustomEvent| claims.set(Some(latchkey::claims(&event)))
                on:latchkey-signed-out=move |_: CustomEvent| claims.set(None)
            >
                "The sign-in cannot be shown here."
            </latchkey-sign-in>
        </div>
        {move || claims.get().map(|claims| view! { <Account claims/> })}
    }
}
