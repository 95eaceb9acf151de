//! The client: a screen for every step, in the browser.

#![expect(unreachable_pub, reason = "`#[component]` makes the builders of its props public")]

mod account;
mod account_part;
mod altcha;
mod any_element;
mod api;
mod app;
mod browser;
mod decimal;
mod flow;
mod form;
mod late;
mod late_part;
mod parts;
mod percent;
mod read_contract;
mod screens;
mod text;
mod values;

// What an app in Leptos can use of the client, as the sample does.
pub use any_element::{AnyElement, IntoAnyElement};
pub use parts::button::{ActionButton, QuietButton};
pub use parts::look::{Look, look};

/// Prepares the program, before it shows anything.
pub fn prepare() {
    // A release traps without a message, because messages would make the download larger.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
}

/// Mounts the sign-in in the page.
pub fn show_sign_in() {
    if let Some(screens) = browser::mount::screens() {
        leptos::mount::mount_to(screens, app::App).forget();
    }
}

/// Mounts the account in an element of another page, as soon as its part is fetched. If it cannot be, calls `failed`.
pub fn show_account(container: web_sys::HtmlElement, host: wasm_bindgen::JsValue, failed: js_sys::Function) {
    account_part::show(container, host, failed);
}
